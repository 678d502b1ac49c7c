import { classTable, COCO_KINDS, kindTable, NO_KIND } from '../kinds.js';
import type { ModelSignature } from '../onnx/signature.js';
import type { Detector, DetectorFamily, ModelNotes } from './family.js';
import {
  chooseInput,
  float32Output,
  IMAGENET_DEVIATION,
  IMAGENET_MEAN,
  int64Output,
  preprocessingOf,
  reversed,
} from './inputs.js';

/** Measured with a nano RTMDet at 320×320; 0.46 is its best at 640×480. */
const THRESHOLD_DEFAULT = 0.4;
/** What MMDeploy's exporter writes into the graph unless told otherwise (`keep_top_k`). */
const BOXES_MAX_DEFAULT = 100;

/**
 * Boxes with the suppression of overlaps inside, as MMDeploy exports them (RTMDet and others): `dets` float32
 * [1, n, 5] = x1 y1 x2 y2 score in network pixels, `labels` int64 [1, n]. hitonami's own network adds `feet` float32
 * [1, n, 2], where each stands, also hidden or below the picture. The normalisation defaults to RTMDet's: another
 * network behind the same outputs says its own in its notes.
 */
export const endToEnd: DetectorFamily = {
  name: 'end-to-end',
  looksLike: 'outputs dets float32 [1,n,5] and labels int64 [1,n], one float32 input [1,3,H,W]',

  recognise(signature: ModelSignature, notes: ModelNotes): Detector | undefined {
    const dets = signature.outputs.find(({ name }) => name === 'dets');
    const labels = signature.outputs.find(({ name }) => name === 'labels');
    if (dets?.elementType !== 'float32' || labels?.elementType !== 'int64') {
      return undefined;
    }
    const givesFeet = signature.outputs.some(({ name }) => name === 'feet');
    const input = chooseInput(signature, notes, { size: [320, 320], multiple: 32 });
    if (input === undefined) return undefined;
    // The labels are not counted in any shape: COCO's, unless something says otherwise.
    const table = classTable(signature, notes) ?? kindTable(COCO_KINDS, 0);

    return {
      yields: 'boxes',
      family: 'end-to-end',
      preprocessing: preprocessingOf(input, notes, {
        fit: 'top-left',
        pad: 114,
        order: 'bgr',
        mean: reversed(IMAGENET_MEAN),
        deviation: reversed(IMAGENET_DEVIATION),
      }),
      thresholdDefault: notes.threshold ?? THRESHOLD_DEFAULT,
      overlapMax: undefined,
      givesFeet,
      boxesMax: notes.boxesMax ?? BOXES_MAX_DEFAULT,
      decode: (outputs, threshold, found) => {
        const boxes = float32Output(outputs, 'dets', [1, undefined, 5]);
        const classes = int64Output(outputs, 'labels', [1, boxes.length / 5]);
        const feet = givesFeet ? float32Output(outputs, 'feet', [1, classes.length, 2]) : undefined;
        for (let i = 0; i < classes.length; i++) {
          const at = i * 5;
          const score = boxes[at + 4] ?? 0;
          const kind = table[Number(classes[i])] ?? NO_KIND;
          if (!(score >= threshold) || kind === NO_KIND) continue;
          found.add(
            boxes[at] ?? 0,
            boxes[at + 1] ?? 0,
            boxes[at + 2] ?? 0,
            boxes[at + 3] ?? 0,
            score,
            kind,
            feet?.[i * 2],
            feet?.[i * 2 + 1],
          );
        }
      },
    };
  },
};
