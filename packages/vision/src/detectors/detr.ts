import { classTable, COCO_KINDS, kindTable, NO_KIND } from '../kinds.js';
import type { ModelSignature, TensorSignature } from '../onnx/signature.js';
import type { Detector, DetectorFamily, ModelNotes } from './family.js';
import {
  chooseInput,
  float32Output,
  IMAGENET_DEVIATION,
  IMAGENET_MEAN,
  type InputHabits,
  int64Output,
  NO_MEAN,
  preprocessingOf,
  UNIT_DEVIATION,
} from './inputs.js';

const SIZES_INPUT = 'orig_target_sizes';
const THRESHOLD_DEFAULT = 0.5;
const SIZE_DEFAULT = [640, 640] as const;
/** What the exporters call the two outputs; RF-DETR says `labels` and `dets`. */
const LOGITS = ['logits', 'pred_logits', 'labels'];
const BOXES = ['pred_boxes', 'boxes', 'dets'];

const UNIT_HABITS: InputHabits = {
  fit: 'stretch',
  pad: 114,
  order: 'rgb',
  mean: NO_MEAN,
  deviation: UNIT_DEVIATION,
};
const IMAGENET_HABITS: InputHabits = {
  ...UNIT_HABITS,
  mean: IMAGENET_MEAN,
  deviation: IMAGENET_DEVIATION,
};

/**
 * Transformers that give each object once, without suppression, with their scores and boxes worked out: inputs
 * `images` and `orig_target_sizes` int64 [1,2] = width height, outputs `labels`, `boxes` (x1 y1 x2 y2 in pixels of
 * that size) and `scores`. Source: the deploy exports of RT-DETR, D-FINE and DEIM. The size is made the network's own,
 * as a constant in the graph. DEIMv2 networks behind a DINOv3 want ImageNet's mean and deviation: their notes say so.
 */
export const detrScores: DetectorFamily = {
  name: 'detr-scores',
  looksLike: `inputs images float32 [1,3,H,W] and ${SIZES_INPUT} int64 [1,2], outputs labels, boxes and scores`,

  recognise(signature: ModelSignature, notes: ModelNotes): Detector | undefined {
    const sizes = signature.inputs.find(({ name }) => name === SIZES_INPUT);
    const named = (name: string): TensorSignature | undefined =>
      signature.outputs.find((output) => output.name === name);
    const isComplete =
      sizes?.elementType === 'int64' &&
      named('labels')?.elementType === 'int64' &&
      named('boxes')?.elementType === 'float32' &&
      named('scores')?.elementType === 'float32';
    if (!isComplete) return undefined;
    const input = chooseInput(signature, notes, {
      size: SIZE_DEFAULT,
      multiple: 32,
      besides: [SIZES_INPUT],
    });
    if (input === undefined) return undefined;
    const table = classTable(signature, notes) ?? kindTable(COCO_KINDS, 0);
    return {
      yields: 'boxes',
      family: 'detr-scores',
      preprocessing: {
        ...preprocessingOf(input, notes, UNIT_HABITS),
        constants: [{ name: SIZES_INPUT, dims: [1, 2], values: [input.width, input.height] }],
      },
      thresholdDefault: notes.threshold ?? THRESHOLD_DEFAULT,
      overlapMax: notes.overlapMax,
      boxesMax: notes.boxesMax,
      decode: (outputs, threshold, found) => {
        const scores = float32Output(outputs, 'scores', [1, undefined]);
        const labels = int64Output(outputs, 'labels', [1, scores.length]);
        const boxes = float32Output(outputs, 'boxes', [1, scores.length, 4]);
        scores.forEach((score, i) => {
          const kind = table[Number(labels[i])] ?? NO_KIND;
          if (!(score >= threshold) || kind === NO_KIND) return;
          const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.subarray(i * 4, i * 4 + 4);
          found.add(x1, y1, x2, y2, score, kind);
        });
      },
    };
  },
};

/**
 * The same networks as their heads leave them: `logits` [1, n, classes] and `pred_boxes` [1, n, 4] = centre x, centre
 * y, width, height as shares of the picture. DETR itself has one class more, for "nothing", and a softmax (COCO: 92);
 * those that followed have a sigmoid for each class. Sources: Carion et al., "End-to-End Object Detection with
 * Transformers"; the exports of Hugging Face's Optimum and of RF-DETR.
 */
export const detr: DetectorFamily = {
  name: 'detr',
  looksLike:
    'outputs logits float32 [1,n,classes] and pred_boxes float32 [1,n,4], one float32 input [1,3,H,W]',

  recognise(signature: ModelSignature, notes: ModelNotes): Detector | undefined {
    const logits = signature.outputs.find((output) => isTable(output, LOGITS));
    const boxes = signature.outputs.find((output) => isTable(output, BOXES));
    const columns = logits?.dims[2];
    if (logits === undefined || boxes?.dims[2] !== 4 || typeof columns !== 'number') {
      return undefined;
    }
    const input = chooseInput(signature, notes, { size: SIZE_DEFAULT, multiple: 1 });
    if (input === undefined) return undefined;
    const isSoftmax = (notes.scores ?? habitualScores(columns, notes)) === 'softmax';
    const classes = isSoftmax ? columns - 1 : columns;
    const table = classTable(signature, notes, classes);
    if (table === undefined) return undefined;
    const { width, height } = input;
    // RT-DETR and D-FINE count 80 classes and take 0 to 1; those with COCO's numbers take ImageNet's.
    const habits = columns === 80 ? UNIT_HABITS : IMAGENET_HABITS;
    return {
      yields: 'boxes',
      family: 'detr',
      preprocessing: preprocessingOf(input, notes, habits),
      thresholdDefault: notes.threshold ?? THRESHOLD_DEFAULT,
      overlapMax: notes.overlapMax,
      boxesMax: notes.boxesMax,
      decode: (outputs, threshold, found) => {
        const values = float32Output(outputs, logits.name, [1, undefined, columns]);
        const queries = values.length / columns;
        const places = float32Output(outputs, boxes.name, [1, queries, 4]);
        for (let i = 0; i < queries; i++) {
          const row = values.subarray(i * columns, (i + 1) * columns);
          const best = strongest(row, classes);
          const score = isSoftmax ? softmaxAt(row, best) : sigmoid(row[best] ?? 0);
          const kind = table[best] ?? NO_KIND;
          if (!(score >= threshold) || kind === NO_KIND) continue;
          const [x = 0, y = 0, w = 0, h = 0] = places.subarray(i * 4, i * 4 + 4);
          const [x1, y1] = [(x - w / 2) * width, (y - h / 2) * height];
          found.add(x1, y1, x1 + w * width, y1 + h * height, score, kind);
        }
      },
    };
  },
};

function isTable({ name, elementType, dims }: TensorSignature, names: readonly string[]): boolean {
  return names.includes(name) && elementType === 'float32' && dims.length === 3;
}

/** One class more than is known means a class for nothing. */
function habitualScores(columns: number, { kinds }: ModelNotes): 'sigmoid' | 'softmax' {
  const isOneMore = kinds ? kinds.length === columns - 1 : [2, 81, 92].includes(columns);
  return isOneMore ? 'softmax' : 'sigmoid';
}

function strongest(row: Float32Array, classes: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++) if ((row[c] ?? 0) > (row[best] ?? 0)) best = c;
  return best;
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

function softmaxAt(row: Float32Array, at: number): number {
  let sum = 0;
  for (const value of row) sum += Math.exp(value - (row[at] ?? 0));
  return 1 / sum;
}
