import { HitonamiError } from '@hitonami/model';
import { describeTensor, type ModelSignature } from '../onnx/signature.js';
import { density } from './density.js';
import { detr, detrScores } from './detr.js';
import { nanodet, picodet } from './distances.js';
import { endToEndRows } from './end-to-end-rows.js';
import { endToEnd } from './end-to-end.js';
import type { Detector, DetectorFamily, ModelNotes } from './family.js';
import { fastestdet } from './fastestdet.js';
import { ssd } from './ssd.js';
import { yolov8 } from './yolov8.js';
import { yolox } from './yolox.js';

/** Every family. A new one is added here and nowhere else. */
export const FAMILIES: readonly DetectorFamily[] = [
  endToEnd,
  endToEndRows,
  yolox,
  yolov8,
  detrScores,
  detr,
  picodet,
  nanodet,
  fastestdet,
  ssd,
  density,
];

/**
 * The detector for a model. Throws `MODEL`, naming what was seen and what is known, where no family fits or more than
 * one does.
 */
export function recogniseModel(
  signature: ModelSignature,
  notes: ModelNotes,
  fileName: string,
): Detector {
  const asked = notes.family;
  const detectors = FAMILIES.filter(({ name }) => asked === undefined || name === asked)
    .map((family) => family.recognise(signature, notes))
    .filter((detector) => detector !== undefined);
  const [detector, ...others] = detectors;
  if (detector !== undefined && others.length === 0) return detector;

  const seen =
    `inputs ${signature.inputs.map(describeTensor).join(', ') || 'none'}` +
    `; outputs ${signature.outputs.map(describeTensor).join(', ') || 'none'}`;
  if (detector !== undefined) {
    const fitting = detectors.map(({ family }) => family).join(' and ');
    throw new HitonamiError(
      'MODEL',
      `${fileName} could be of more than one detector family, ${fitting}: say which with "family" in its notes. It has ${seen}.`,
    );
  }
  const known = FAMILIES.map(({ name, looksLike }) => `${name} (${looksLike})`).join('; ');
  throw new HitonamiError(
    'MODEL',
    `${fileName} is of no detector family known here` +
      (asked === undefined ? '' : `, nor of "${asked}", which its notes name`) +
      `: ${seen}. Known: ${known}. A model of one of these whose classes are neither COCO's nor one needs "kinds" in its notes.`,
  );
}
