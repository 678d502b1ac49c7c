import { classTable, COCO_KINDS, COCO_KINDS_91, kindTable, NO_KIND } from '../kinds.js';
import type { ModelSignature, TensorSignature } from '../onnx/signature.js';
import type { Detector, DetectorFamily, ModelNotes } from './family.js';
import { chooseInput, float32Output, preprocessingOf } from './inputs.js';

const THRESHOLD_DEFAULT = 0.5;

/** What the outputs are called: by TensorFlow's detection API, and after a way through TensorFlow Lite. */
const API_NAMES = {
  boxes: 'detection_boxes',
  classes: 'detection_classes',
  scores: 'detection_scores',
  count: 'num_detections',
} as const;
const LITE_NAMES = {
  boxes: 'TFLite_Detection_PostProcess',
  classes: 'TFLite_Detection_PostProcess:1',
  scores: 'TFLite_Detection_PostProcess:2',
  count: 'TFLite_Detection_PostProcess:3',
} as const;

/**
 * SSD of TensorFlow's detection API: uint8 [1, H, W, 3] (or its float32 with bytes scaled to −1…1), and four outputs:
 * boxes [1, n, 4] = y1 x1 y2 x2 as shares of the picture, classes [1, n], scores [1, n] and how many of them count
 * [1]. The suppression is inside. Classes carry COCO's own numbers from 1; those that came through TensorFlow Lite
 * are numbered from 0. Source: `exporter_lib_v2` of the detection API.
 */
export const ssd: DetectorFamily = {
  name: 'ssd',
  looksLike:
    'outputs detection_boxes [1,n,4], detection_classes, detection_scores [1,n] and num_detections [1], all float32; one uint8 input [1,H,W,3]',

  recognise(signature: ModelSignature, notes: ModelNotes): Detector | undefined {
    const api = outputsNamed(signature, API_NAMES);
    const lite = api ?? outputsNamed(signature, LITE_NAMES);
    const outputs = api ?? lite;
    if (outputs === undefined) return undefined;
    const input = chooseInput(signature, notes, { size: [300, 300], multiple: 1 });
    if (input === undefined) return undefined;
    const table =
      classTable(signature, notes) ??
      kindTable(api === undefined ? [...COCO_KINDS] : COCO_KINDS_91, 0);
    return {
      yields: 'boxes',
      family: 'ssd',
      preprocessing: preprocessingOf(input, notes, {
        fit: 'stretch',
        pad: 114,
        order: 'rgb',
        mean: [127.5, 127.5, 127.5],
        deviation: [127.5, 127.5, 127.5],
      }),
      thresholdDefault: notes.threshold ?? THRESHOLD_DEFAULT,
      overlapMax: notes.overlapMax,
      boxesMax: notes.boxesMax ?? fixedRows(signature, outputs.boxes),
      decode: (tensors, threshold, found) => {
        const boxes = float32Output(tensors, outputs.boxes, [1, undefined, 4]);
        const rows = boxes.length / 4;
        const classes = float32Output(tensors, outputs.classes, [1, rows]);
        const scores = float32Output(tensors, outputs.scores, [1, rows]);
        const [count = 0] = float32Output(tensors, outputs.count, [1]);
        const { width, height } = input;
        for (let i = 0; i < Math.min(rows, count); i++) {
          const score = scores[i] ?? 0;
          const kind = table[classes[i] ?? NO_KIND] ?? NO_KIND;
          if (!(score >= threshold) || kind === NO_KIND) continue;
          const [y1 = 0, x1 = 0, y2 = 0, x2 = 0] = boxes.subarray(i * 4, i * 4 + 4);
          found.add(x1 * width, y1 * height, x2 * width, y2 * height, score, kind);
        }
      },
    };
  },
};

type OutputNames = Record<keyof typeof API_NAMES, string>;

/** The names that the four outputs really have: TensorFlow appends `:0`. Undefined where one is missing. */
function outputsNamed(signature: ModelSignature, names: OutputNames): OutputNames | undefined {
  const find = (name: string): string | undefined =>
    signature.outputs.find(
      (output) =>
        output.elementType === 'float32' && (output.name === name || output.name === `${name}:0`),
    )?.name;
  const [boxes, classes] = [find(names.boxes), find(names.classes)];
  const [scores, count] = [find(names.scores), find(names.count)];
  if (boxes === undefined || classes === undefined) return undefined;
  return scores === undefined || count === undefined
    ? undefined
    : { boxes, classes, scores, count };
}

function fixedRows({ outputs }: ModelSignature, name: string): number | undefined {
  const rows = outputs.find((output: TensorSignature) => output.name === name)?.dims[1];
  return typeof rows === 'number' ? rows : undefined;
}
