import { classTable, NO_KIND } from '../kinds.js';
import type { ModelSignature, TensorSignature } from '../onnx/signature.js';
import type { Candidates } from './candidates.js';
import { strongestClass } from './classes.js';
import type { Detector, DetectorFamily, ModelNotes, OutputTensor } from './family.js';
import { STRIDES_3, STRIDES_4 } from './grid.js';
import {
  chooseInput,
  float32Output,
  IMAGENET_DEVIATION,
  IMAGENET_MEAN,
  type InputHabits,
  preprocessingOf,
  reversed,
} from './inputs.js';

const SIDES = 4;
/** Measured on a fixed pedestrian camera with both families' small networks. */
const THRESHOLD_DEFAULT = 0.48;
const OVERLAP_MAX = 0.5;

/** How the two families differ. */
interface Variant {
  readonly name: string;
  readonly strides: readonly number[];
  readonly habits: InputHabits;
  /** Where a cell's centre lies from its corner, network pixels. */
  centre(stride: number): number;
}

/** One level of the pyramid: its two maps, and where its cells are. */
interface Level {
  readonly classes: string;
  readonly distances: string;
  readonly stride: number;
  readonly columns: number;
  readonly rows: number;
}

/**
 * PicoDet: class maps and distance maps of four levels (strides 8 to 64). Source: Yu et al., "PP-PicoDet", as
 * PaddleDetection exports it without its post-processing.
 */
export const picodet = distanceFamily({
  name: 'picodet',
  strides: STRIDES_4,
  habits: {
    fit: 'stretch',
    pad: 114,
    order: 'rgb',
    mean: IMAGENET_MEAN,
    deviation: IMAGENET_DEVIATION,
  },
  centre: (stride) => stride / 2,
});

/** NanoDet (m, of 2020): the same with three levels (strides 8 to 32). Source: its `GFLHead` as its exporter writes it. */
export const nanodet = distanceFamily({
  name: 'nanodet',
  strides: STRIDES_3,
  habits: {
    fit: 'centre',
    pad: 0,
    order: 'bgr',
    mean: reversed(IMAGENET_MEAN),
    deviation: reversed(IMAGENET_DEVIATION),
  },
  centre: (stride) => (stride - 1) / 2,
});

/**
 * Detectors that give, for each cell, the probability of every class and how far each side of the box is from the
 * cell's centre, as a distribution over whole strides: the distance is its expectation after a softmax.
 * Source: Li et al., "Generalized Focal Loss".
 */
function distanceFamily(variant: Variant): DetectorFamily {
  const { name, strides } = variant;
  const many = String(strides.length);
  return {
    name,
    looksLike: `${many} class maps float32 [1, cells, classes] and ${many} distance maps float32 [1, cells, 4 × bins] of the strides ${strides.join(', ')}, one float32 input [1,3,H,W]`,

    recognise(signature: ModelSignature, notes: ModelNotes): Detector | undefined {
      if (signature.outputs.length !== strides.length * 2) return undefined;
      const input = chooseInput(signature, notes, { size: [416, 416], multiple: 32 });
      if (input === undefined) return undefined;
      const maps = mapsOf(signature, notes, input, strides);
      if (maps === undefined) return undefined;
      const { levels, classes, bins, table } = maps;
      return {
        yields: 'boxes',
        family: name,
        preprocessing: preprocessingOf(input, notes, variant.habits),
        thresholdDefault: notes.threshold ?? THRESHOLD_DEFAULT,
        overlapMax: notes.overlapMax ?? OVERLAP_MAX,
        boxesMax: notes.boxesMax,
        decode: (outputs, threshold, found) => {
          for (const level of levels) {
            const centre = variant.centre(level.stride);
            decodeLevel(outputs, level, { centre, classes, bins, table, threshold, found });
          }
        },
      };
    },
  };
}

interface Maps {
  readonly levels: readonly Level[];
  readonly classes: number;
  readonly bins: number;
  readonly table: Uint8Array;
}

/** Pairs the maps of each level by their number of cells. */
function mapsOf(
  signature: ModelSignature,
  notes: ModelNotes,
  { width, height }: { width: number; height: number },
  strides: readonly number[],
): Maps | undefined {
  const pairs: { first: TensorSignature; second: TensorSignature; stride: number }[] = [];
  for (const stride of strides) {
    const cells = Math.ceil(width / stride) * Math.ceil(height / stride);
    const [first, second, ...others] = signature.outputs.filter(
      ({ elementType, dims }) =>
        elementType === 'float32' && dims.length === 3 && dims[1] === cells,
    );
    if (first === undefined || second === undefined || others.length > 0) return undefined;
    pairs.push({ first, second, stride });
  }
  // Class maps usually come first; where they do not, it is their number of classes that tells.
  for (const isSwapped of [false, true]) {
    const levels = pairs.map(({ first, second, stride }) => ({
      classes: isSwapped ? second : first,
      distances: isSwapped ? first : second,
      stride,
    }));
    const classes = sameColumns(levels.map((level) => level.classes));
    const sides = sameColumns(levels.map((level) => level.distances));
    if (classes === undefined || sides === undefined || sides % SIDES !== 0) continue;
    const table = classTable(signature, notes, classes);
    if (table === undefined || sides < SIDES * 2) continue;
    return {
      classes,
      bins: sides / SIDES,
      table,
      levels: levels.map(({ classes: map, distances, stride }) => ({
        classes: map.name,
        distances: distances.name,
        stride,
        columns: Math.ceil(width / stride),
        rows: Math.ceil(height / stride),
      })),
    };
  }
  return undefined;
}

function sameColumns(maps: readonly TensorSignature[]): number | undefined {
  const columns = maps[0]?.dims[2];
  const isSame = maps.every(({ dims }) => dims[2] === columns);
  return isSame && typeof columns === 'number' ? columns : undefined;
}

interface Decoding {
  readonly centre: number;
  readonly classes: number;
  readonly bins: number;
  readonly table: Uint8Array;
  readonly threshold: number;
  readonly found: Candidates;
}

function decodeLevel(
  outputs: Readonly<Record<string, OutputTensor>>,
  { classes: map, distances: sides, stride, columns, rows }: Level,
  { centre, classes, bins, table, threshold, found }: Decoding,
): void {
  const scores = float32Output(outputs, map, [1, columns * rows, classes]);
  const distances = float32Output(outputs, sides, [1, columns * rows, SIDES * bins]);
  const best = { number: 0, probability: 0 };
  for (let cell = 0; cell < columns * rows; cell++) {
    strongestClass(scores, cell * classes, classes, 1, best);
    const kind = table[best.number] ?? NO_KIND;
    if (!(best.probability >= threshold) || kind === NO_KIND) continue;
    const x = (cell % columns) * stride + centre;
    const y = Math.floor(cell / columns) * stride + centre;
    const side = (i: number): number =>
      expectation(distances, (cell * SIDES + i) * bins, bins) * stride;
    found.add(x - side(0), y - side(1), x + side(2), y + side(3), best.probability, kind);
  }
}

/** Of the number of a bin, under the softmax of `bins` logits from `at` on. */
function expectation(logits: Float32Array, at: number, bins: number): number {
  let highest = -Infinity;
  for (let i = 0; i < bins; i++) highest = Math.max(highest, logits[at + i] ?? 0);
  let sum = 0;
  let weighted = 0;
  for (let i = 0; i < bins; i++) {
    const weight = Math.exp((logits[at + i] ?? 0) - highest);
    sum += weight;
    weighted += weight * i;
  }
  return weighted / sum;
}
