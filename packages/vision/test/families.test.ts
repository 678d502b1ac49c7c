import { describe, expect, it } from 'vitest';
import { Candidates } from '../src/detectors/candidates.js';
import { reportDensity } from '../src/detectors/density-report.js';
import type { ModelNotes, OutputTensor } from '../src/detectors/family.js';
import { recogniseModel } from '../src/detectors/registry.js';
import type { ModelSignature, TensorSignature } from '../src/onnx/signature.js';
import { placePicture } from '../src/picture/placement.js';
import { boxDetector } from './box-detector.js';

type Dims = readonly (number | string)[];

function tensor(name: string, dims: Dims, elementType = 'float32'): TensorSignature {
  return { name, elementType, dims };
}

function model(
  inputs: readonly TensorSignature[],
  outputs: readonly TensorSignature[],
  metadata: Record<string, string> = {},
): ModelSignature {
  return { inputs, outputs, opset: 17, metadata };
}

const colour = (side: number): TensorSignature => tensor('images', [1, 3, side, side]);

function floats(dims: readonly number[], set: Record<number, number> = {}): OutputTensor {
  const data = new Float32Array(dims.reduce((a, b) => a * b, 1));
  for (const [at, value] of Object.entries(set)) data[Number(at)] = value;
  return { dims, data };
}

/** Kind, score and box of all that is found, boxes in whole pixels. */
function decoded(
  signature: ModelSignature,
  outputs: Record<string, OutputTensor>,
  notes: ModelNotes = {},
  threshold = 0.5,
): number[][] {
  const found = new Candidates(16);
  boxDetector(signature, notes).decode(outputs, threshold, found);
  return Array.from({ length: found.count }, (_, i) => [
    found.kinds[i] ?? NaN,
    Math.round((found.scores[i] ?? 0) * 100) / 100,
    ...Array.from(found.boxes.subarray(i * 4, i * 4 + 4), Math.round),
  ]);
}

describe('YOLOv8 and its like', () => {
  // 64×64: 8·8 + 4·4 + 2·2 cells.
  const byColumn = model([colour(64)], [tensor('output0', [1, 84, 84])]);

  it('gives a column for each cell: centre, size and the classes', () => {
    const at = (column: number): number => column * 84 + 10;
    const data = floats([1, 84, 84], {
      [at(0)]: 20,
      [at(1)]: 30,
      [at(2)]: 10,
      [at(3)]: 40,
      [at(4)]: 0.9,
      [at(6)]: 0.3,
    });
    expect(decoded(byColumn, { output0: data })).toEqual([[0, 0.9, 15, 10, 25, 50]]);
    expect(boxDetector(byColumn).preprocessing).toMatchObject({ order: 'rgb', fit: 'centre' });
  });

  it('is also read transposed, and where the number of cells is left open', () => {
    const transposed = model([colour(96)], [tensor('output0', [1, 189, 84])]);
    const data = floats([1, 189, 84], { 0: 20, 1: 30, 2: 10, 3: 40, 5: 0.8 });
    expect(decoded(transposed, { output0: data })).toEqual([[1, 0.8, 15, 10, 25, 50]]);
    const open = model(
      [tensor('images', ['batch', 3, 'height', 'width'])],
      [tensor('output0', ['batch', 84, 'anchors'])],
      { imgsz: '[320, 416]' },
    );
    expect(boxDetector(open).preprocessing).toMatchObject({ width: 416, height: 320 });
  });

  it('takes its classes from what the exporter wrote beside the graph', () => {
    const names = "{0: 'helmet', 1: 'person'}";
    const two = model([colour(64)], [tensor('output0', [1, 6, 84])], { names });
    const data = floats([1, 6, 84], { 0: 20, 84: 30, 168: 10, 252: 40, [5 * 84]: 0.9, 337: 0.9 });
    expect(decoded(two, { output0: data })).toEqual([[0, 0.9, 15, 10, 25, 50]]);
    const unknown = model([colour(64)], [tensor('output0', [1, 6, 84])]);
    expect(() => boxDetector(unknown)).toThrow(/of no detector family.*"kinds"/);
    const helmets = model([colour(64)], [tensor('o', [1, 5, 84])], { names: "{0: 'helmet'}" });
    expect(() => boxDetector(helmets)).toThrow(/none of the model's classes/);
  });
});

describe('boxes with the suppression inside, in rows of six', () => {
  it('are read as corners, score and class', () => {
    const rows = model([colour(640)], [tensor('output0', [1, 300, 6])]);
    const data = floats([1, 300, 6], { 0: 1, 1: 2, 2: 30, 3: 40, 4: 0.7, 5: 0, 10: 0.4, 11: 3 });
    expect(decoded(rows, { output0: data })).toEqual([[0, 0.7, 1, 2, 30, 40]]);
  });

  it('could also be YOLOX with one class where their number is left open: the notes, or the exporter’s, must say', () => {
    const dims = [1, 'n', 6];
    const open = model([colour(416)], [tensor('output', dims)]);
    expect(() => boxDetector(open)).toThrow(
      /more than one detector family, end-to-end-rows and yolox: say which.*output float32\[1,n,6\]/,
    );
    expect(boxDetector(open, { family: 'yolox' }).family).toBe('yolox');
    const exported = model([colour(416)], [tensor('output', dims)], { names: "{0: 'person'}" });
    expect(boxDetector(exported).family).toBe('end-to-end-rows');
    const cells = model([colour(416)], [tensor('output', [1, 3549, 6])]);
    expect(boxDetector(cells).family).toBe('yolox');
  });
});

describe('transformers', () => {
  const inputs = [colour(640), tensor('orig_target_sizes', [1, 2], 'int64')];
  const outputs = [
    tensor('labels', [1, 300], 'int64'),
    tensor('boxes', [1, 300, 4]),
    tensor('scores', [1, 300]),
  ];

  it('are told their own size, and give boxes in its pixels', () => {
    const signature = model(inputs, outputs);
    expect(boxDetector(signature).preprocessing.constants).toEqual([
      { name: 'orig_target_sizes', dims: [1, 2], values: [640, 640] },
    ]);
    const labels = new BigInt64Array(300);
    labels[1] = 2n;
    const found = decoded(signature, {
      labels: { dims: [1, 300], data: labels },
      boxes: floats([1, 300, 4], { 0: 5, 1: 6, 2: 70, 3: 80, 4: 1, 5: 2, 6: 3, 7: 4 }),
      scores: floats([1, 300], { 0: 0.9, 1: 0.6, 2: 0.4 }),
    });
    expect(found).toEqual([
      [0, 0.9, 5, 6, 70, 80],
      [2, 0.6, 1, 2, 3, 4],
    ]);
  });

  it('with logits: a sigmoid for each class, or a softmax with one class for nothing', () => {
    const head = (classes: number): ModelSignature =>
      model([colour(640)], [tensor('logits', [1, 2, classes]), tensor('pred_boxes', [1, 2, 4])]);
    const boxes = floats([1, 2, 4], { 0: 0.5, 1: 0.5, 2: 0.25, 3: 0.5 });
    const sigmoid = floats([1, 2, 80], { 0: Math.log(4), 80: -9 });
    for (let i = 1; i < 160; i++) if (i !== 80) set(sigmoid, i, -9);
    expect(decoded(head(80), { logits: sigmoid, pred_boxes: boxes })).toEqual([
      [0, 0.8, 240, 160, 400, 480],
    ]);
    // COCO's numbers start at 1; the last class means nothing is there.
    const softmax = floats([1, 2, 92]);
    for (let i = 0; i < 184; i++) set(softmax, i, -20);
    set(softmax, 1, Math.log(3));
    set(softmax, 91, 0);
    set(softmax, 183, 5);
    expect(decoded(head(92), { logits: softmax, pred_boxes: boxes })).toEqual([
      [0, 0.75, 240, 160, 400, 480],
    ]);
    expect(boxDetector(head(92)).preprocessing.mean[0]).toBeCloseTo(123.675, 6);
  });
});

function set({ data }: OutputTensor, at: number, value: number): void {
  (data as Float32Array)[at] = value;
}

describe('distances as distributions', () => {
  const maps = (counts: readonly number[], columns: number, name: string): TensorSignature[] =>
    counts.map((count, i) => tensor(`${name}${String(i)}`, [1, count, columns]));
  // 64×64.
  const three = [64, 16, 4];
  const four = [...three, 1];

  it.each([
    { family: 'picodet', counts: four, order: 'rgb', fit: 'stretch', centre: 4 },
    { family: 'nanodet', counts: three, order: 'bgr', fit: 'centre', centre: 3.5 },
  ])('$family: told by its levels; sides in strides', ({ family, counts, order, fit, centre }) => {
    const outputs = [...maps(counts, 80, 'cls'), ...maps(counts, 32, 'dis')];
    const signature = model([colour(64)], outputs);
    const detector = boxDetector(signature);
    expect(detector).toMatchObject({ family, preprocessing: { order, fit } });
    const data = Object.fromEntries(
      outputs.map(({ name, dims }) => [name, floats(dims as readonly number[])]),
    );
    // Cell x 2, y 1 of stride 8; the sides 1, 2, 3 and 3.5 strides: the last shared by two bins.
    const cell = 1 * 8 + 2;
    data['cls0'] = floats([1, 64, 80], { [cell * 80]: 0.9 });
    const sides: Record<number, number> = {};
    for (const [side, bins] of [[1], [2], [3], [3, 4]].entries()) {
      for (const bin of bins) sides[(cell * 4 + side) * 8 + bin] = 50;
    }
    data['dis0'] = floats([1, 64, 32], sides);
    const found = new Candidates(4);
    detector.decode(data, 0.5, found);
    const [x, y] = [16 + centre, 8 + centre];
    expect([...found.boxes.subarray(0, 4)]).toEqual([x - 8, y - 16, x + 24, y + 28]);
  });
});

describe('FastestDet', () => {
  it('gives shares of the picture on one grid, and a score of objectness and class', () => {
    const signature = model([colour(352)], [tensor('758', [1, 85, 22, 22])]);
    const cells = 22 * 22;
    const cell = 3 * 22 + 2;
    const data = floats([1, 85, 22, 22], { [cell]: 1, [cell + 5 * cells]: 0.5 });
    // The middle is at the cell's corner where t = 0, the size half of everything.
    expect(decoded(signature, { 758: data })).toEqual([
      [0, Math.round(0.5 ** 0.4 * 100) / 100, 32 - 88, 48 - 88, 32 + 88, 48 + 88],
    ]);
  });
});

describe('SSD of TensorFlow', () => {
  it('takes bytes, and gives shares of the picture, y first, with COCO’s own numbers', () => {
    const signature = model(
      [tensor('input_tensor', [1, 'h', 'w', 3], 'uint8')],
      [
        tensor('detection_boxes', [1, 100, 4]),
        tensor('detection_classes', [1, 100]),
        tensor('detection_scores', [1, 100]),
        tensor('num_detections', [1]),
      ],
    );
    expect(boxDetector(signature).preprocessing).toMatchObject({
      element: 'uint8',
      layout: 'pixels',
      width: 300,
      order: 'rgb',
    });
    const found = decoded(signature, {
      detection_boxes: floats([1, 100, 4], { 0: 0.1, 1: 0.2, 2: 0.3, 3: 0.4, 6: 1, 7: 1 }),
      detection_classes: floats([1, 100], { 0: 1, 1: 3, 2: 1 }),
      detection_scores: floats([1, 100], { 0: 0.9, 1: 0.8, 2: 0.9 }),
      num_detections: floats([1], { 0: 2 }),
    });
    expect(found).toEqual([
      [0, 0.9, 60, 30, 120, 90],
      [2, 0.8, 0, 0, 300, 300],
    ]);
  });
});

describe('density maps', () => {
  const signature = model(
    [tensor('image', ['N', 1, 'H', 'W'])],
    [tensor('density', ['N', 1, 'h4', 'w4'])],
  );

  it('count without finding: the sum in the region, and as many points where it is densest', () => {
    const detector = recogniseModel(signature, { inputSize: [64, 64] }, 'mcnn.onnx');
    if (detector.yields !== 'density') throw new Error('no density');
    expect(detector.preprocessing.order).toBe('grey');
    // A person spread over two cells, one in a cell, and a third of one in the padding below.
    const map = detector.read({
      density: floats([1, 1, 16, 16], { 33: 0.5, 34: 0.5, 75: 1, 8: 0.2, 242: 0.3 }),
    });
    const placement = placePicture(128, 96, detector.preprocessing);
    const all = reportDensity(map, detector.preprocessing, placement, undefined, 300);
    expect(all).toMatchObject({ count: 0, width: 128, height: 96 });
    expect(all.people).toBeCloseTo(2.2, 5);
    // Cell 11, 4 is of 8 pixels: its middle is (92, 36); the pair's lies between 1 and 2, on row 2.
    expect([...(all.points ?? [])].map(Math.round)).toEqual([92, 36, 16, 20]);
    const left = [
      [0, 0],
      [64, 0],
      [64, 96],
      [0, 96],
    ] as const;
    const half = reportDensity(map, detector.preprocessing, placement, left, 300);
    expect(half.people).toBeCloseTo(1, 5);
    expect(half.points).toHaveLength(2);
  });

  it('says so when a map does not go with its input', () => {
    const detector = recogniseModel(signature, {}, 'mcnn.onnx');
    if (detector.yields !== 'density') throw new Error('no density');
    expect(() => detector.read({ density: floats([1, 1, 3, 3]) })).toThrow(/no map of 640×480/);
  });
});

describe('what no family is', () => {
  it.each([
    [
      'an input of the wrong rank',
      model([tensor('x', [3, 416, 416])], [tensor('o', [1, 84, 3549])]),
    ],
    ['two inputs', model([colour(416), tensor('mask', [1, 416])], [tensor('o', [1, 3549, 85])])],
    ['an output that nobody knows', model([colour(416)], [tensor('embedding', [1, 512])])],
    ['no output', model([colour(416)], [])],
    [
      'halves of floats',
      model([tensor('x', [1, 3, 64, 64], 'float16')], [tensor('o', [1, 84, 84])]),
    ],
    ['a batch of four', model([tensor('x', [4, 3, 64, 64])], [tensor('o', [4, 84, 84])])],
  ])('%s: refused, with what was seen and what is known', (_, signature) => {
    expect(() => recogniseModel(signature, {}, 'm.onnx')).toThrow(
      /m\.onnx is of no detector family known here: inputs .*; outputs .*Known: end-to-end .*density/,
    );
  });

  it('believes notes that name a family, and no colours that the input does not have', () => {
    const grey = model([tensor('x', [1, 1, 64, 64])], [tensor('o', [1, 1, 16, 16])]);
    expect(() => recogniseModel(grey, { order: 'bgr' }, 'm.onnx')).toThrow(
      /1 channel a pixel, which does not go with the colour order bgr/,
    );
  });
});
