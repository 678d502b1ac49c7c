import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Candidates, overlapOf, suppress } from '../src/detectors/candidates.js';
import type { BoxDetector } from '../src/detectors/family.js';
import { recogniseModel } from '../src/detectors/registry.js';
import { isInside, report } from '../src/detectors/report.js';
import type { ModelSignature } from '../src/onnx/signature.js';
import { paint, placePicture } from '../src/picture/placement.js';
import { boxDetector } from './box-detector.js';

type Row = readonly [x1: number, y1: number, x2: number, y2: number, score: number, kind: number];

function candidates(rows: readonly Row[], capacity = 64): Candidates {
  const found = new Candidates(capacity);
  for (const row of rows) found.add(...row);
  return found;
}

function yoloxSignature(width: number, height: number, columns: number): ModelSignature {
  const cells = [8, 16, 32].reduce((sum, stride) => sum + (width / stride) * (height / stride), 0);
  return {
    inputs: [{ name: 'images', elementType: 'float32', dims: [1, 3, height, width] }],
    outputs: [{ name: 'output', elementType: 'float32', dims: [1, cells, columns] }],
    opset: 11,
  };
}

const END_TO_END: ModelSignature = {
  inputs: [{ name: 'input', elementType: 'float32', dims: ['batch', 3, 'height', 'width'] }],
  outputs: [
    { name: 'dets', elementType: 'float32', dims: ['batch', 'n', 'five'] },
    { name: 'labels', elementType: 'int64', dims: ['batch', 'n'] },
  ],
  opset: 11,
};

describe('a model’s family', () => {
  it('is told from its inputs and outputs', () => {
    const grid = recogniseModel(yoloxSignature(416, 320, 85), {}, 'a.onnx');
    expect(grid).toMatchObject({ family: 'yolox', thresholdDefault: 0.56 });
    expect(grid.preprocessing).toMatchObject({
      width: 416,
      height: 320,
      order: 'bgr',
      fit: 'top-left',
    });
    expect(recogniseModel(yoloxSignature(640, 480, 6), {}, 'b.onnx').thresholdDefault).toBe(0.62);
    const boxes = recogniseModel(END_TO_END, {}, 'c.onnx');
    expect(boxes).toMatchObject({ family: 'end-to-end', thresholdDefault: 0.4 });
    expect(boxes.preprocessing).toMatchObject({ width: 320, height: 320 });
  });

  it('takes from the notes what the model leaves open, and nothing that it fixes', () => {
    const wide = recogniseModel(END_TO_END, { inputSize: [640, 480], order: 'rgb' }, 'c.onnx');
    expect(wide.preprocessing).toMatchObject({ width: 640, height: 480, order: 'rgb' });
    const other = { inputSize: [640, 480] } as const;
    expect(() => recogniseModel(yoloxSignature(416, 320, 85), other, 'a.onnx')).toThrow(
      /640×480 does not suit/,
    );
    const odd = { inputSize: [333, 320] } as const;
    expect(() => recogniseModel(END_TO_END, odd, 'c.onnx')).toThrow(/multiples of 32/);
  });

  it('is unknown where nothing fits: what was seen and what is known are named', () => {
    const strange = {
      inputs: [{ name: 'image', elementType: 'float32', dims: ['N', 3, 'H', 'W'] }],
      outputs: [{ name: 'mask', elementType: 'float32', dims: ['N', 21, 'H', 'W'] }],
      opset: 11,
    };
    const start = (): unknown => recogniseModel(strange, {}, 'segments.onnx');
    expect(start).toThrow(
      /segments\.onnx.*image float32\[N,3,H,W\].*mask float32\[N,21,H,W\].*end-to-end.*yolox/,
    );
    expect(() => recogniseModel(END_TO_END, { family: 'mask-rcnn' }, 'c.onnx')).toThrow(
      /"mask-rcnn"/,
    );
    // 17 classes of nobody knows what are not guessed at; notes that name them are believed.
    const seventeen = yoloxSignature(416, 416, 22);
    expect(() => recogniseModel(seventeen, {}, 'd.onnx')).toThrow(/no detector family/);
    expect(recogniseModel(seventeen, { kinds: ['person', 'wheelchair'] }, 'd.onnx').family).toBe(
      'yolox',
    );
  });
});

describe('decoding', () => {
  it('reads YOLOX’s grids: place, size, score and kind; other classes and weak cells are dropped', () => {
    const detector = boxDetector(yoloxSignature(64, 64, 85));
    const data = new Float32Array(84 * 85);
    const set = (
      cell: number,
      values: number[],
      classNumber: number,
      probability: number,
    ): void => {
      data.set(values, cell * 85);
      data[cell * 85 + 5 + classNumber] = probability;
    };
    set(10, [0.5, 0.25, 0, Math.log(2), 0.9], 0, 0.8); // stride 8, x 2, y 1: a person
    set(70, [0, 0, 0, 0, 1], 2, 0.7); // stride 16, cell 6: x 2, y 1: a car
    set(83, [0, 0, 0, 0, 1], 7, 0.6); // stride 32, last cell: a truck
    set(20, [0, 0, 0, 0, 1], 16, 1); // a dog
    set(30, [0, 0, 0, 0, 0.9], 0, 0.5); // 0.45: too weak
    set(40, [NaN, 0, 0, 0, 1], 0, 1); // nowhere
    const found = new Candidates(16);
    detector.decode({ output: { dims: [1, 84, 85], data } }, 0.5, found);
    expect([...found.kinds.subarray(0, found.count)]).toEqual([0, 2, 4]);
    expect([...found.boxes.subarray(0, 4)]).toEqual([16, 2, 24, 18]);
    expect([...found.boxes.subarray(4, 8)]).toEqual([24, 8, 40, 24]);
    expect([...found.boxes.subarray(8, 12)]).toEqual([16, 16, 48, 48]);
    expect(found.scores[0]).toBeCloseTo(0.72, 6);
  });

  it('reads boxes with the suppression inside, however many there are', () => {
    const detector = boxDetector(END_TO_END);
    const data = Float32Array.of(
      1,
      2,
      3,
      4,
      0.9,
      5,
      6,
      7,
      8,
      0.8,
      0,
      0,
      1,
      1,
      0.3,
      0,
      0,
      1,
      1,
      0.9,
    );
    const labels = BigInt64Array.of(0n, 5n, 0n, 40n);
    const found = new Candidates(16);
    detector.decode(
      { dets: { dims: [1, 4, 5], data }, labels: { dims: [1, 4], data: labels } },
      0.5,
      found,
    );
    expect([...found.boxes.subarray(0, found.count * 4)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect([...found.kinds.subarray(0, 2)]).toEqual([0, 3]);
    found.clear();
    const none = { dims: [1, 0, 5], data: new Float32Array(0) };
    detector.decode(
      { dets: none, labels: { dims: [1, 0], data: new BigInt64Array(0) } },
      0.5,
      found,
    );
    expect(found.count).toBe(0);
  });

  it('says so when an output is not what the model declared', () => {
    const detector = boxDetector(yoloxSignature(64, 64, 6));
    const wrong = { dims: [1, 80, 6], data: new Float32Array(480) };
    const decode = (outputs: Parameters<BoxDetector['decode']>[0]) => () => {
      detector.decode(outputs, 0.5, new Candidates(4));
    };
    expect(decode({ output: wrong })).toThrow(/came as \[1,80,6\], not as \[1,84,6\]/);
    expect(decode({})).toThrow(/came as \[nothing\]/);
    expect(decode({ output: { dims: [1, 84, 6], data: new Int32Array(504) } })).toThrow(
      /32-bit floats/,
    );
  });
});

describe('candidates and overlaps', () => {
  it('keeps the strongest of one kind where boxes overlap by more than half, and every kind of its own', () => {
    const found = candidates([
      [0, 0, 10, 10, 0.7, 0],
      [1, 0, 11, 10, 0.9, 0],
      [1, 0, 11, 10, 0.8, 2],
      [5, 0, 15, 10, 0.6, 0],
    ]);
    expect(suppress(found, 0.5, 10)).toEqual([1, 2, 3]);
    expect(suppress(found, undefined, 10)).toEqual([1, 2, 0, 3]);
    expect(suppress(found, 0.5, 2)).toEqual([1, 2]);
  });

  it('leaves no two of one kind that overlap, and drops none without a reason', () => {
    const row = fc.tuple(
      fc.integer({ min: 0, max: 50 }),
      fc.integer({ min: 0, max: 50 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 30 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 1 }),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
        const found = candidates(rows.map(([x, y, w, h, s, k]): Row => [x, y, x + w, y + h, s, k]));
        const kept = suppress(found, 0.5, 100);
        const { boxes, kinds, scores } = found;
        const covers = (a: number, b: number): boolean =>
          kinds[a] === kinds[b] && overlapOf(boxes, a, b) > 0.5;
        for (const a of kept) for (const b of kept) expect(a !== b && covers(a, b)).toBe(false);
        for (let i = 0; i < found.count; i++) {
          if (kept.includes(i)) continue;
          expect(kept.some((k) => covers(k, i) && (scores[k] ?? 0) >= (scores[i] ?? 0))).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is bounded: once full, the weakest makes room', () => {
    const found = candidates(
      [
        [0, 0, 1, 1, 0.5, 0],
        [0, 0, 1, 1, 0.3, 0],
        [0, 0, 1, 1, 0.2, 0],
        [0, 0, 1, 1, 0.9, 0],
      ],
      2,
    );
    expect([...found.scores]).toEqual([0.5, Math.fround(0.9)]);
    expect([found.count, found.offered]).toEqual([2, 4]);
  });
});

describe('what is reported', () => {
  const detector = boxDetector(yoloxSignature(320, 320, 85));

  it('is in the picture’s pixels, cut at its border', () => {
    const placement = placePicture(640, 480, detector.preprocessing);
    expect(placement).toMatchObject({ left: 0, top: 0, width: 320, height: 240 });
    const found = candidates([
      [10, 20, 30, 60, 0.9, 0],
      [300, 200, 340, 260, 0.8, 0],
      [10, 250, 30, 300, 0.7, 0],
    ]);
    const { boxes, count } = report(found, detector, placement, undefined, 300);
    expect(count).toBe(2);
    expect([...boxes]).toEqual([20, 40, 60, 120, 600, 400, 640, 480]);
  });

  it('counts a person by the foot point, on the lower border too', () => {
    const placement = placePicture(320, 320, detector.preprocessing);
    const region = [
      [0, 160],
      [320, 160],
      [320, 320],
      [0, 320],
    ] as const;
    const found = candidates([
      [10, 20, 30, 150, 0.9, 0],
      [50, 20, 70, 170, 0.8, 0],
      [90, 200, 110, 330, 0.7, 0],
    ]);
    const { boxes, count } = report(found, detector, placement, region, 300);
    expect([count, boxes[0], boxes[4]]).toEqual([2, 50, 90]);
    expect(isInside(region, 5, 161)).toBe(true);
    expect(isInside(region, 5, 159)).toBe(false);
  });

  it('is saturated where people overlap so far that the next one would be dropped, or where no more fit', () => {
    const placement = placePicture(320, 320, detector.preprocessing);
    const crowd = (count: number, step: number): Candidates =>
      candidates(
        Array.from({ length: count }, (_, i): Row => [i * step, 0, i * step + 10, 30, 0.9, 0]),
      );
    const saturation = (found: Candidates, most = 300): number =>
      report(found, detector, placement, undefined, most).saturation;
    expect(saturation(candidates([]))).toBe(0);
    expect(saturation(crowd(20, 12))).toBeCloseTo(20 / 300, 6);
    // Boxes of 10 px, 4 px apart, overlap by 6 / 14.
    expect(saturation(crowd(20, 4))).toBeCloseTo(6 / 14 / 0.5, 2);
    // Two people side by side are no crowd.
    expect(saturation(crowd(2, 4))).toBeCloseTo((2 * 6) / 14 / 0.5 / 10, 2);
    expect(saturation(crowd(20, 12), 20)).toBe(1);
  });
});

describe('placing a picture', () => {
  it('writes every byte of the canvas: picture and padding, in any fit, grey or coloured', () => {
    const anyCase = fc.record({
      pictureWidth: fc.integer({ min: 1, max: 60 }),
      pictureHeight: fc.integer({ min: 1, max: 60 }),
      fit: fc.constantFrom('top-left' as const, 'centre' as const, 'stretch' as const),
      channels: fc.constantFrom(1 as const, 3 as const),
    });
    fc.assert(
      fc.property(anyCase, ({ pictureWidth, pictureHeight, fit, channels }) => {
        const target = { width: 32, height: 24, fit, pad: 114 };
        const placement = placePicture(pictureWidth, pictureHeight, target);
        const { left, top, width, height } = placement;
        const canvas = new Uint8Array(32 * 24 * 3).fill(1);
        paint(
          new Uint8Array(width * height * channels).fill(200),
          channels,
          placement,
          canvas,
          target,
        );
        for (let y = 0; y < 24; y++) {
          for (let x = 0; x < 32; x++) {
            const isPicture = x >= left && x < left + width && y >= top && y < top + height;
            const pixel = [...canvas.subarray((y * 32 + x) * 3, (y * 32 + x) * 3 + 3)];
            expect(pixel).toEqual(Array(3).fill(isPicture ? 200 : 114));
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});
