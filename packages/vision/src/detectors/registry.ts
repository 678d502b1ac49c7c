import { HitonamiError } from '@hitonami/model';
import { describeTensor, type ModelSignature } from '../onnx/signature.js';
import { endToEnd } from './end-to-end.js';
import type { Detector, DetectorFamily, ModelNotes } from './family.js';
import { yolox } from './yolox.js';

/** Every family, the more particular first. A new one is added here and nowhere else. */
export const FAMILIES: readonly DetectorFamily[] = [endToEnd, yolox];

/** The detector for a model; throws `MODEL`, naming what was seen and what is known, where there is none. */
export function recogniseModel(
  signature: ModelSignature,
  notes: ModelNotes,
  fileName: string,
): Detector {
  const asked = notes.family;
  const families = FAMILIES.filter(({ name }) => asked === undefined || name === asked);
  for (const family of families) {
    const detector = family.recognise(signature, notes);
    if (detector !== undefined) return detector;
  }
  const known = FAMILIES.map(({ name, looksLike }) => `${name} (${looksLike})`).join('; ');
  throw new HitonamiError(
    'MODEL',
    `${fileName} is of no detector family known here` +
      (asked === undefined ? '' : `, nor of "${asked}", which its notes name`) +
      `: inputs ${signature.inputs.map(describeTensor).join(', ') || 'none'}` +
      `; outputs ${signature.outputs.map(describeTensor).join(', ') || 'none'}` +
      `. Known: ${known}.`,
  );
}
