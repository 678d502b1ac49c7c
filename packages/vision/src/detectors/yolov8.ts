import { classTable, namedClasses, NO_KIND } from '../kinds.js';
import type { ModelSignature, TensorSignature } from '../onnx/signature.js';
import type { Candidates } from './candidates.js';
import { strongestClass } from './classes.js';
import type { Detector, DetectorFamily, ModelNotes } from './family.js';
import { cellCounts, STRIDES_3 } from './grid.js';
import { chooseInput, float32Output, NO_MEAN, preprocessingOf, UNIT_DEVIATION } from './inputs.js';

const COLUMNS_BEFORE_CLASSES = 4;
/** COCO's classes, or one: the numbers of columns that no other family with rows of cells has. */
const COLUMNS_OF_ITS_OWN = [84, 5];
/** As other families' best thresholds lie; no model of this one has been measured here. */
const THRESHOLD_DEFAULT = 0.45;
const OVERLAP_MAX = 0.5;

/**
 * YOLOv8 and what followed its shape (v9, v11, v12): one output [1, 4 + classes, cells] or, transposed,
 * [1, cells, 4 + classes]: centre x, centre y, width, height in network pixels, and the classes' probabilities; no
 * objectness, no suppression. Source: Ultralytics' `Detect` head as its exporter writes it; the classes' names stand
 * in the metadata then.
 */
export const yolov8: DetectorFamily = {
  name: 'yolov8',
  looksLike:
    'one float32 output [1, 4 + classes, cells of strides 8+16+32] or transposed, one float32 input [1,3,H,W]',

  recognise(signature: ModelSignature, notes: ModelNotes): Detector | undefined {
    const [output, ...others] = signature.outputs;
    if (output === undefined || others.length > 0) return undefined;
    if (output.elementType !== 'float32' || output.dims.length !== 3) return undefined;
    const size = sizeOf(signature.metadata?.['imgsz']) ?? [640, 640];
    const input = chooseInput(signature, notes, { size, multiple: 32 });
    if (input === undefined) return undefined;
    const counts = cellCounts(input.width, input.height, STRIDES_3);
    const cells = counts.reduce((sum, count) => sum + count, 0);
    const shape = shapeOf(output, cells, signature, notes);
    if (shape === undefined) return undefined;
    const { columns, isByColumn } = shape;
    const classes = columns - COLUMNS_BEFORE_CLASSES;
    const table = classTable(signature, notes, classes);
    if (table === undefined) return undefined;

    return {
      yields: 'boxes',
      family: 'yolov8',
      preprocessing: preprocessingOf(input, notes, {
        fit: 'centre',
        pad: 114,
        order: 'rgb',
        mean: NO_MEAN,
        deviation: UNIT_DEVIATION,
      }),
      thresholdDefault: notes.threshold ?? THRESHOLD_DEFAULT,
      overlapMax: notes.overlapMax ?? OVERLAP_MAX,
      boxesMax: notes.boxesMax,
      decode: (outputs, threshold, found) => {
        const dims = isByColumn ? [1, columns, cells] : [1, cells, columns];
        const values = float32Output(outputs, output.name, dims);
        const steps = isByColumn ? { cell: 1, column: cells } : { cell: columns, column: 1 };
        decodeCells(values, cells, classes, steps, table, threshold, found);
      },
    };
  },
};

/** How the output lies in memory; undefined where it may be another family's. */
function shapeOf(
  { dims }: TensorSignature,
  cells: number,
  signature: ModelSignature,
  notes: ModelNotes,
): { columns: number; isByColumn: boolean } | undefined {
  const [, second, third] = dims;
  const fits = (columns: unknown, count: unknown): columns is number =>
    typeof columns === 'number' &&
    columns > COLUMNS_BEFORE_CLASSES &&
    (count === cells || typeof count === 'string');
  if (fits(second, third)) return { columns: second, isByColumn: true };
  if (!fits(third, second)) return undefined;
  // Rows of cells are also YOLOX's shape, with one column more.
  const isOwn =
    COLUMNS_OF_ITS_OWN.includes(third) ||
    namedClasses(signature, notes) === third - COLUMNS_BEFORE_CLASSES ||
    notes.family === 'yolov8';
  return isOwn ? { columns: third, isByColumn: false } : undefined;
}

/** Ultralytics writes `[height, width]` or one number for both. */
function sizeOf(imgsz: string | undefined): readonly [number, number] | undefined {
  const numbers = imgsz?.match(/\d+/g)?.map(Number);
  const [height, width = height] = numbers ?? [];
  return height === undefined || width === undefined ? undefined : [width, height];
}

function decodeCells(
  values: Float32Array,
  cells: number,
  classes: number,
  steps: { cell: number; column: number },
  table: Uint8Array,
  threshold: number,
  found: Candidates,
): void {
  const best = { number: 0, probability: 0 };
  for (let cell = 0; cell < cells; cell++) {
    const at = cell * steps.cell;
    const scores = at + COLUMNS_BEFORE_CLASSES * steps.column;
    strongestClass(values, scores, classes, steps.column, best);
    const kind = table[best.number] ?? NO_KIND;
    if (!(best.probability >= threshold) || kind === NO_KIND) continue;
    const x = values[at] ?? 0;
    const y = values[at + steps.column] ?? 0;
    const halfWidth = (values[at + 2 * steps.column] ?? 0) / 2;
    const halfHeight = (values[at + 3 * steps.column] ?? 0) / 2;
    found.add(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, best.probability, kind);
  }
}
