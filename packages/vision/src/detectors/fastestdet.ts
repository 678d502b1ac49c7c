import { classTable, NO_KIND } from '../kinds.js';
import type { ModelSignature } from '../onnx/signature.js';
import { strongestClass } from './classes.js';
import type { Detector, DetectorFamily, ModelNotes } from './family.js';
import { chooseInput, float32Output, NO_MEAN, preprocessingOf, UNIT_DEVIATION } from './inputs.js';

const COLUMNS_BEFORE_CLASSES = 5;
const STRIDE = 16;
/** Measured on a fixed pedestrian camera. */
const THRESHOLD_DEFAULT = 0.66;
const OVERLAP_MAX = 0.5;
/** score = objectness^0.6 · class^0.4. */
const OBJECTNESS_POWER = 0.6;
const CLASS_POWER = 0.4;

/**
 * FastestDet: one map [1, 5 + classes, H/16, W/16]: objectness, then x, y, width and height, then the classes. With
 * the grid's `columns` and `rows`, the centre is (cell + tanh t) ÷ grid and the size sigmoid t, as shares of the
 * picture. Source: github.com/dog-qiuqiu/FastestDet, `utils/tool.py`.
 */
export const fastestdet: DetectorFamily = {
  name: 'fastestdet',
  looksLike: 'one float32 output [1, 5 + classes, H/16, W/16], one float32 input [1,3,H,W]',

  recognise(signature: ModelSignature, notes: ModelNotes): Detector | undefined {
    const [output, ...others] = signature.outputs;
    if (output === undefined || others.length > 0) return undefined;
    if (output.elementType !== 'float32' || output.dims.length !== 4) return undefined;
    const input = chooseInput(signature, notes, { size: [352, 352], multiple: STRIDE * 2 });
    if (input === undefined) return undefined;
    const { width, height } = input;
    const [, planes, rows, columns] = output.dims;
    const isGrid = rows === height / STRIDE && columns === width / STRIDE;
    if (typeof planes !== 'number' || planes <= COLUMNS_BEFORE_CLASSES || !isGrid) return undefined;
    const classes = planes - COLUMNS_BEFORE_CLASSES;
    const table = classTable(signature, notes, classes);
    if (table === undefined) return undefined;

    return {
      yields: 'boxes',
      family: 'fastestdet',
      preprocessing: preprocessingOf(input, notes, {
        fit: 'stretch',
        pad: 114,
        order: 'bgr',
        mean: NO_MEAN,
        deviation: UNIT_DEVIATION,
      }),
      thresholdDefault: notes.threshold ?? THRESHOLD_DEFAULT,
      overlapMax: notes.overlapMax ?? OVERLAP_MAX,
      boxesMax: notes.boxesMax,
      decode: (outputs, threshold, found) => {
        const values = float32Output(outputs, output.name, [1, planes, rows, columns]);
        const cells = rows * columns;
        const best = { number: 0, probability: 0 };
        for (let cell = 0; cell < cells; cell++) {
          const objectness = values[cell] ?? 0;
          const certain = objectness ** OBJECTNESS_POWER;
          if (!(certain >= threshold)) continue;
          strongestClass(values, cell + COLUMNS_BEFORE_CLASSES * cells, classes, cells, best);
          const score = certain * best.probability ** CLASS_POWER;
          const kind = table[best.number] ?? NO_KIND;
          if (!(score >= threshold) || kind === NO_KIND) continue;
          const x = (((cell % columns) + Math.tanh(values[cell + cells] ?? 0)) / columns) * width;
          const y =
            ((Math.floor(cell / columns) + Math.tanh(values[cell + 2 * cells] ?? 0)) / rows) *
            height;
          const halfWidth = (sigmoid(values[cell + 3 * cells] ?? 0) * width) / 2;
          const halfHeight = (sigmoid(values[cell + 4 * cells] ?? 0) * height) / 2;
          found.add(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, score, kind);
        }
      },
    };
  },
};

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
