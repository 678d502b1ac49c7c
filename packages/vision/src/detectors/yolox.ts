import { classTable, namedClasses, NO_KIND } from '../kinds.js';
import type { ModelSignature } from '../onnx/signature.js';
import type { Candidates } from './candidates.js';
import { strongestClass } from './classes.js';
import type { Detector, DetectorFamily, ModelNotes } from './family.js';
import { cellsOf, STRIDES_3 } from './grid.js';
import { chooseInput, float32Output, NO_MEAN, preprocessingOf } from './inputs.js';

const COLUMNS_BEFORE_CLASSES = 5;

/** Measured on a fixed pedestrian camera with the nano models: best F1 of the COCO and of the one-class network. */
const THRESHOLD_COCO = 0.56;
const THRESHOLD_ONE_CLASS = 0.62;
const OVERLAP_MAX = 0.5;

/**
 * YOLOX with raw grids: one output [1, cells, 5 + classes], cells = those of the strides 8, 16 and 32, row by row.
 * In network pixels: centre = (t + cell) · stride, size = exp(t) · stride; score = objectness · class, both already
 * between 0 and 1. Source: Ge et al., "YOLOX: Exceeding YOLO Series in 2021", and its `demo_postprocess`.
 */
export const yolox: DetectorFamily = {
  name: 'yolox',
  looksLike:
    'one float32 output [1, cells of strides 8+16+32, 5 + classes], one float32 input [1,3,H,W]',

  recognise(signature: ModelSignature, notes: ModelNotes): Detector | undefined {
    const [output, ...others] = signature.outputs;
    if (output === undefined || others.length > 0) return undefined;
    if (output.elementType !== 'float32' || output.dims.length !== 3) return undefined;
    const input = chooseInput(signature, notes, { size: [416, 416], multiple: 32 });
    if (input === undefined) return undefined;
    const { width, height } = input;

    const [, cells, columns] = output.dims;
    const grid = cellsOf(width, height, STRIDES_3);
    if (typeof columns !== 'number' || columns <= COLUMNS_BEFORE_CLASSES) return undefined;
    const isOpen = typeof cells === 'string';
    if (!isOpen && cells !== grid.length / 3) return undefined;
    // An open number of cells could be any family's: then the notes must name this one. With one class it is as likely
    // this one as rows of six, and whoever brings it is asked.
    const isOneClass = columns === COLUMNS_BEFORE_CLASSES + 1;
    const isNamed = notes.family === 'yolox';
    if (isOpen && !isNamed && (!isOneClass || namedClasses(signature, notes) !== undefined)) {
      return undefined;
    }

    const classes = columns - COLUMNS_BEFORE_CLASSES;
    const table = classTable(signature, notes, classes);
    if (table === undefined) return undefined;

    return {
      yields: 'boxes',
      family: 'yolox',
      preprocessing: preprocessingOf(input, notes, {
        fit: 'top-left',
        pad: 114,
        order: 'bgr',
        mean: NO_MEAN,
        deviation: [1, 1, 1],
      }),
      thresholdDefault: notes.threshold ?? (classes === 1 ? THRESHOLD_ONE_CLASS : THRESHOLD_COCO),
      overlapMax: notes.overlapMax ?? OVERLAP_MAX,
      boxesMax: notes.boxesMax,
      decode: (outputs, threshold, found) => {
        const rows = float32Output(outputs, output.name, [1, grid.length / 3, columns]);
        decodeGrid(rows, columns, grid, table, threshold, found);
      },
    };
  },
};

function decodeGrid(
  rows: Float32Array,
  columns: number,
  grid: Float32Array,
  table: Uint8Array,
  threshold: number,
  found: Candidates,
): void {
  const classes = columns - COLUMNS_BEFORE_CLASSES;
  const cells = grid.length / 3;
  const best = { number: 0, probability: 0 };
  for (let cell = 0; cell < cells; cell++) {
    const row = cell * columns;
    const objectness = rows[row + 4] ?? 0;
    // A class adds at most a factor of 1: nearly all cells end here, after one read.
    if (!(objectness >= threshold)) continue;
    strongestClass(rows, row + COLUMNS_BEFORE_CLASSES, classes, 1, best);
    const score = objectness * best.probability;
    const kind = table[best.number] ?? NO_KIND;
    if (!(score >= threshold) || kind === NO_KIND) continue;

    const stride = grid[cell * 3 + 2] ?? 0;
    const x = ((rows[row] ?? 0) + (grid[cell * 3] ?? 0)) * stride;
    const y = ((rows[row + 1] ?? 0) + (grid[cell * 3 + 1] ?? 0)) * stride;
    const halfWidth = (Math.exp(rows[row + 2] ?? 0) * stride) / 2;
    const halfHeight = (Math.exp(rows[row + 3] ?? 0) * stride) / 2;
    found.add(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, score, kind);
  }
}
