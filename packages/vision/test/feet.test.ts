import { describe, expect, it } from 'vitest';
import { Candidates } from '../src/detectors/candidates.js';
import { report } from '../src/detectors/report.js';
import type { ModelSignature } from '../src/onnx/signature.js';
import { placePicture } from '../src/picture/placement.js';
import { boxDetector } from './box-detector.js';

const DETS = { name: 'dets', elementType: 'float32', dims: [1, 3, 5] } as const;
const LABELS = { name: 'labels', elementType: 'int64', dims: [1, 3] } as const;
const FEET = { name: 'feet', elementType: 'float32', dims: [1, 3, 2] } as const;

function signature(outputs: ModelSignature['outputs']): ModelSignature {
  const input = { name: 'picture', elementType: 'uint8', dims: [1, 320, 480, 3] };
  return { inputs: [input], outputs, opset: 17 };
}

const outputs = {
  dets: {
    dims: [1, 3, 5],
    data: Float32Array.from([
      ...[100, 100, 140, 200, 0.9],
      ...[200, 200, 240, 320, 0.8],
      ...[300, 10, 320, 60, 0.1],
    ]),
  },
  labels: { dims: [1, 3], data: new BigInt64Array(3) },
  // The second one's feet are below the picture.
  feet: { dims: [1, 3, 2], data: Float32Array.from([118, 196, 222, 360, 310, 58]) },
};

describe('a model that gives foot points', () => {
  const detector = boxDetector(signature([DETS, LABELS, FEET]), {
    order: 'rgb',
    kinds: ['person'],
  });

  it('is of the end-to-end family, and takes bytes as they are', () => {
    expect(detector).toMatchObject({ family: 'end-to-end', givesFeet: true });
    expect(detector.preprocessing).toMatchObject({ layout: 'pixels', element: 'uint8' });
  });

  it('tells where each stands, in the picture’s pixels, and does not cut that at the border', () => {
    const found = new Candidates(8);
    detector.decode(outputs, 0.4, found);
    const placement = placePicture(960, 640, detector.preprocessing);
    const { boxes, feet } = report(found, detector, placement, undefined, 300);
    expect([...boxes]).toEqual([200, 200, 280, 400, 400, 400, 480, 640]);
    expect([...(feet ?? [])]).toEqual([236, 392, 444, 720]);
  });

  it('counts by that point whoever stands in the region, at the border whoever stands beyond it', () => {
    const found = new Candidates(8);
    detector.decode(outputs, 0.05, found);
    const placement = placePicture(960, 640, detector.preprocessing);
    const lower = [
      [0, 500],
      [960, 500],
      [960, 640],
      [0, 640],
    ] as const;
    const { count, feet } = report(found, detector, placement, lower, 300);
    expect(count).toBe(1);
    expect([...(feet ?? [])]).toEqual([444, 720]);
  });

  it('has no foot points where the model has none', () => {
    const without = boxDetector(signature([DETS, LABELS]), { order: 'rgb', kinds: ['person'] });
    const found = new Candidates(8);
    without.decode({ dets: outputs.dets, labels: outputs.labels }, 0.4, found);
    const placement = placePicture(960, 640, without.preprocessing);
    expect(report(found, without, placement, undefined, 300)).not.toHaveProperty('feet');
  });
});
