import fc from 'fast-check';
import { lensOf } from '@hitonami/simulator';
import { describe, expect, it } from 'vitest';
import { Darkroom, type Exposure, type Figure, SENSOR, View } from '../src/index.js';
import { hall, LIGHT, material, paint, pose, sheet, somebody } from './support/scenes.js';

const PICTURE = { imageWidth: 320, imageHeight: 240, lens: lensOf(320, 240, 68) };

function viewOf(changes = {}, scene = hall()): View {
  const view = new View(pose({ ...PICTURE, ...changes }));
  view.setScene(scene);
  return view;
}

/** The smallest box about all pixels that people cover. */
function drawnBox({ people, width }: Exposure): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let pixel = 0; pixel < people.through.length; pixel++) {
    if ((people.through[pixel] ?? 1) > 0.5) continue;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x + 1);
    box[3] = Math.max(box[3], y + 1);
  }
  return box;
}

const truthOf = (view: View, figures: readonly Figure[], person: number) =>
  view.draw(figures, 0).truth.find((truth) => truth.person === person);

describe('truth about a person', () => {
  it('boxes are tight about what is drawn, through any lens', () => {
    const views = [
      viewOf(),
      viewOf({ rollDeg: 8, tiltDeg: 40 }),
      viewOf({ lens: lensOf(320, 240, 95, { k1: -0.3, k2: 0.08 }) }),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...views),
        fc.double({ min: -1.5, max: 1.5, noNaN: true }),
        fc.double({ min: 5, max: 7.4, noNaN: true }),
        (view, x, y) => {
          const exposure = view.draw([somebody(1, x, y)], 0);
          const [truth] = exposure.truth;
          const drawn = drawnBox(exposure);
          // The picture's upper border may cut the top of a head.
          expect(truth?.visible).toBeGreaterThan(0.9);
          const [x1, y1, x2, y2] = truth?.box ?? [NaN, NaN, NaN, NaN];
          const inside = [x1, Math.max(0, y1), x2, Math.min(240, y2)];
          for (const [i, side] of drawn.entries()) {
            expect(Math.abs(side - (inside[i] ?? NaN))).toBeLessThanOrEqual(1.1);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is not cut at the border of the picture, and says how much lies inside', () => {
    const view = viewOf();
    const whole = truthOf(view, [somebody(1, 0, 7)], 1);
    // Stands with about half the body beyond the left border.
    const edge = view.camera.project([0, 7, 0.85]);
    const scale = 7 / (edge?.depthM ?? NaN);
    const x = -((160 * 7) / (view.camera.pose.lens.fx * scale));
    const half = truthOf(view, [somebody(1, x, 7)], 1);
    expect(half?.box[0]).toBeLessThan(0);
    expect(half?.box[2]).toBeGreaterThan(0);
    expect(half?.visible).toBeGreaterThan(0.25);
    expect(half?.visible).toBeLessThan(0.75);
    const size = (box: readonly number[] = []): number => (box[2] ?? NaN) - (box[0] ?? NaN);
    expect(size(half?.box)).toBeGreaterThan(0.85 * size(whole?.box));
  });

  it('leaves out who is behind the camera or beside the picture', () => {
    expect(viewOf().draw([somebody(1, 0, -4), somebody(2, 30, 4)], 0).truth).toEqual([]);
  });

  it('the head is at the top of the body, the foot where the person stands', () => {
    const view = viewOf();
    const truth = truthOf(view, [somebody(1, 1, 8)], 1);
    const foot = view.camera.project([1, 8, 0]);
    expect(truth?.foot).toEqual([foot?.u, foot?.v]);
    expect(truth?.head[1]).toBeCloseTo(truth?.box[1] ?? NaN, 3);
    expect(truth?.head[3]).toBeLessThan(
      (truth?.box[1] ?? NaN) + 0.25 * ((truth?.box[3] ?? NaN) - (truth?.box[1] ?? NaN)),
    );
  });

  it('counts the pixels of the person alone for the box, not what is pushed', () => {
    const view = viewOf();
    const alone = somebody(1, 0, 7);
    const cart = sheet([0.3, 6.5, 0], [1, 0, 0], [0, 0, 1], material(paint(0, 0, 255)));
    const pushing: Figure = { ...alone, meshes: [...alone.meshes, cart], bodyMeshes: 1 };
    expect(truthOf(view, [pushing], 1)?.box).toEqual(truthOf(view, [alone], 1)?.box);
  });
});

describe('who hides whom', () => {
  it('the nearer hides the farther, whatever the order they are given in', () => {
    const view = viewOf();
    const near = somebody(1, 0, 6);
    const far = somebody(2, 0.1, 7);
    for (const figures of [
      [near, far],
      [far, near],
    ]) {
      expect(truthOf(view, figures, 1)?.visible).toBeGreaterThan(0.97);
      const hidden = truthOf(view, figures, 2)?.visible ?? NaN;
      expect(hidden).toBeGreaterThan(0.05);
      expect(hidden).toBeLessThan(0.6);
    }
  });

  it('a wall hides who stands behind it, and a train that comes does', () => {
    const view = viewOf();
    const person = somebody(1, 0, 9);
    expect(truthOf(view, [person], 1)?.visible).toBeGreaterThan(0.97);
    view.setMoving([sheet([-3, 7, 0], [6, 0, 0], [0, 0, 3], material(paint(80, 80, 90)))]);
    expect(truthOf(view, [person], 1)?.visible).toBe(0);
    view.setMoving([]);
    expect(truthOf(view, [person], 1)?.visible).toBeGreaterThan(0.97);
  });

  it('the visible shares of a crowd add up to the pixels it covers', () => {
    const view = viewOf({ heightM: 4, tiltDeg: 38 });
    const crowd = Array.from({ length: 24 }, (_, i) =>
      somebody(i, -1.5 + 0.5 * (i % 6), 4.6 + 0.5 * Math.floor(i / 6)),
    );
    const alone = crowd.map((figure) => {
      const { people } = view.draw([figure], 0);
      return people.through.reduce((sum, open) => sum + 1 - open, 0);
    });
    const together = view.draw(crowd, 0);
    const covered = together.people.through.reduce((sum, open) => sum + 1 - open, 0);
    const seen = together.truth.reduce(
      (sum, { person, visible }) => sum + visible * (alone[person] ?? NaN),
      0,
    );
    expect(seen / covered).toBeCloseTo(1, 1);
  });
});

describe('light', () => {
  it('a person throws a shadow away from the sun, and darkens the floor about the feet', () => {
    const view = viewOf({}, { ...hall(), light: { ...LIGHT, lamps: [] } });
    const { people, width } = view.draw([somebody(1, 0, 7)], 0);
    const keptAt = (x: number, y: number): number => {
      const seen = view.camera.project([x, y, 0]);
      return people.lightKept[Math.floor(seen?.v ?? 0) * width + Math.floor(seen?.u ?? 0)] ?? NaN;
    };
    // The sun stands south-east (x 0.4, y −0.5): the shadow falls to the north-west.
    expect(keptAt(-0.6, 7.75)).toBeLessThan(0.85);
    expect(keptAt(0.9, 6)).toBe(1);
    expect(keptAt(0.26, 6.85)).toBeLessThan(1);
  });

  it('a scene has no hole: every pixel under the horizon shows the floor, near and far', () => {
    const dark = { ...LIGHT, sky: [0, 0, 0], ground: [1, 1, 1] } as const;
    const floor = sheet([-300, -300, 0], [600, 0, 0], [0, 600, 0], material(paint(255, 255, 255)));
    for (const lens of [lensOf(320, 240, 68), lensOf(320, 240, 100, { k1: -0.3, k2: 0.08 })]) {
      const view = viewOf({ lens, tiltDeg: 70, heightM: 2.6 }, { meshes: [floor], light: dark });
      const { behind } = view.draw([], 0);
      expect(behind.every((light) => light > 0.3)).toBe(true);
    }
  });
});

describe('the picture', () => {
  const sensor = { ...SENSOR, readNoise: 3 };
  const picture = (seed: number, figures: readonly Figure[]): Buffer => {
    const darkroom = new Darkroom(sensor, 320, 240);
    return Buffer.from(darkroom.develop(viewOf().draw(figures, 1 / 60), seed));
  };
  const walking = somebody(1, 0, 6, { velocity: [1.4, 0, 0] });

  it('the same seed gives the same bytes, another seed other noise', () => {
    const first = picture(1, [walking]);
    expect(picture(1, [walking]).equals(first)).toBe(true);
    expect(picture(2, [walking]).equals(first)).toBe(false);
  });

  it('does not depend on what was drawn before', () => {
    const view = viewOf();
    const darkroom = new Darkroom(sensor, 320, 240);
    for (const x of [-1, 0.5, 1]) darkroom.develop(view.draw([somebody(1, x, 5)], 0), 7);
    const after = Buffer.from(darkroom.develop(view.draw([walking], 1 / 60), 1));
    expect(after.equals(picture(1, [walking]))).toBe(true);
  });

  it('who moves is drawn out along the way, who stands is not', () => {
    const view = viewOf();
    const spread = (velocity: readonly [number, number, number]): number =>
      view
        .draw([somebody(1, 0, 6, { velocity })], 1 / 8)
        .people.through.filter((open) => open > 0.02 && open < 0.98).length;
    expect(spread([3, 0, 0])).toBeGreaterThan(2 * spread([0, 0, 0]));
  });

  it('noise has the strength asked for, and grows with the light', () => {
    const flat = (level: number): number => {
      const light = { ...LIGHT, sun: [0, 0, 0], sky: [level, level, level], lamps: [] } as const;
      const view = viewOf({}, { meshes: [], light });
      const quiet = { ...SENSOR, vignetting: 0, readNoise: 2, shotNoise: 4 };
      const bytes = new Darkroom(quiet, 320, 240).develop(view.draw([], 0), 3);
      const mean = bytes.reduce((sum, value) => sum + value, 0) / bytes.length;
      return Math.sqrt(bytes.reduce((sum, value) => sum + (value - mean) ** 2, 0) / bytes.length);
    };
    expect(flat(0.01)).toBeGreaterThan(1.8);
    expect(flat(0.01)).toBeLessThan(3.2);
    expect(flat(0.5)).toBeGreaterThan(flat(0.01) + 1);
  });
});
