import { classTable, COCO_KINDS, kindTable, NO_KIND } from '../kinds.js';
import type { ModelSignature } from '../onnx/signature.js';
import type { Detector, DetectorFamily, ModelNotes } from './family.js';
import { cellCounts, STRIDES_3 } from './grid.js';
import { chooseInput, float32Output, NO_MEAN, preprocessingOf, UNIT_DEVIATION } from './inputs.js';

const COLUMNS = 6;
/** More rows than this are cells of a grid and no list of what was found. */
const ROWS_MAX = 1000;
const THRESHOLD_DEFAULT = 0.45;

/**
 * Boxes with the suppression of overlaps inside, as Ultralytics exports them (`nms=True`, and YOLOv10 and YOLO26 by
 * themselves): one float32 output [1, n, 6] = x1 y1 x2 y2 score class in network pixels. Rows that stand for nothing
 * have a score of 0.
 */
export const endToEndRows: DetectorFamily = {
  name: 'end-to-end-rows',
  looksLike:
    'one float32 output [1,n,6] = x1 y1 x2 y2 score class, n at most 1000, one float32 input [1,3,H,W]',

  recognise(signature: ModelSignature, notes: ModelNotes): Detector | undefined {
    const [output, ...others] = signature.outputs;
    if (output === undefined || others.length > 0) return undefined;
    if (output.elementType !== 'float32' || output.dims.length !== 3) return undefined;
    const [, rows, columns] = output.dims;
    if (columns !== COLUMNS || (typeof rows === 'number' && rows > ROWS_MAX)) return undefined;
    const input = chooseInput(signature, notes, { size: [640, 640], multiple: 32 });
    if (input === undefined) return undefined;
    const cells = cellCounts(input.width, input.height, STRIDES_3).reduce((sum, n) => sum + n, 0);
    // As many rows as YOLOX with one class would have.
    if (rows === cells && notes.family !== 'end-to-end-rows') return undefined;
    const table = classTable(signature, notes) ?? kindTable(COCO_KINDS, 0);

    return {
      yields: 'boxes',
      family: 'end-to-end-rows',
      preprocessing: preprocessingOf(input, notes, {
        fit: 'centre',
        pad: 114,
        order: 'rgb',
        mean: NO_MEAN,
        deviation: UNIT_DEVIATION,
      }),
      thresholdDefault: notes.threshold ?? THRESHOLD_DEFAULT,
      overlapMax: notes.overlapMax,
      boxesMax: notes.boxesMax ?? (typeof rows === 'number' ? rows : undefined),
      decode: (outputs, threshold, found) => {
        const values = float32Output(outputs, output.name, [1, undefined, COLUMNS]);
        for (let at = 0; at < values.length; at += COLUMNS) {
          const score = values[at + 4] ?? 0;
          const kind = table[values[at + 5] ?? NO_KIND] ?? NO_KIND;
          if (!(score >= threshold) || kind === NO_KIND) continue;
          const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = values.subarray(at, at + 4);
          found.add(x1, y1, x2, y2, score, kind);
        }
      },
    };
  },
};
