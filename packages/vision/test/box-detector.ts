import type { BoxDetector, ModelNotes } from '../src/detectors/family.js';
import { recogniseModel } from '../src/detectors/registry.js';
import type { ModelSignature } from '../src/onnx/signature.js';

/** The detector of a model that must be of a family with boxes. */
export function boxDetector(
  signature: ModelSignature,
  notes: ModelNotes = {},
  fileName = 'model.onnx',
): BoxDetector {
  const detector = recogniseModel(signature, notes, fileName);
  if (detector.yields !== 'boxes') throw new Error(`${fileName} has no boxes`);
  return detector;
}
