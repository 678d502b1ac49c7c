import { describe, expect, it } from 'vitest';
import { around, isInside, labelPoint, labelRoom, placeFloors } from '../src/live/layout.js';
import { fitted, moved, zoomed } from '../src/live/scene/view.js';
import { examplePlan } from './example-plan.js';

const plan = examplePlan(['one', 'two']);
const upper = {
  ...plan,
  floors: [...plan.floors, { id: 'upper', name: { ja: '上', en: 'Upper' } }],
};
const twoFloors = {
  ...upper,
  areas: [
    ...plan.areas,
    ...plan.areas.map((area) => ({ ...area, id: `${area.id}-up`, floor: 'upper' })),
  ],
};

describe('the floors in one picture', () => {
  it('do not overlap, the upper one above', () => {
    const [ground, above] = placeFloors(twoFloors);
    expect(above?.box.bottom).toBeGreaterThan(ground?.box.top ?? Infinity);
  });

  it('are shown one alone where one is asked for; a floor without a shape is left out', () => {
    expect(placeFloors(twoFloors, 'upper').map(({ floor }) => floor)).toEqual(['upper']);
    expect(placeFloors(upper).map(({ floor }) => floor)).toEqual(['ground']);
  });
});

describe('the label of an area', () => {
  const hook = [
    [
      [0, 0],
      [20, 0],
      [20, 20],
      [16, 20],
      [16, 4],
      [0, 4],
    ],
  ] as const;

  it('stands inside, also where the middle of the area is not', () => {
    const [x, y] = labelPoint(hook);
    expect(isInside(hook, x, y)).toBe(true);
  });

  it('has the room that the area leaves it', () => {
    const [w, h] = labelRoom(
      [
        [
          [0, 0],
          [30, 0],
          [30, 10],
          [0, 10],
        ],
      ],
      [15, 5],
    );
    expect(w).toBeGreaterThan(26);
    expect(w).toBeLessThanOrEqual(30);
    expect(h).toBeGreaterThan(7);
    expect(h).toBeLessThanOrEqual(10);
  });
});

describe('the view', () => {
  const box = around(placeFloors(plan));
  const fit = fitted(box, 800, 600);
  const toPx = (view: typeof fit, x: number, y: number) => [
    view.x + x * view.scale,
    view.y - y * view.scale,
  ];

  it('fits the whole plan', () => {
    const [left = -1, bottom = 601] = toPx(fit, box.left, box.bottom);
    const [right = 801, top = -1] = toPx(fit, box.right, box.top);
    expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
    expect(right).toBeLessThanOrEqual(800);
    expect(bottom).toBeLessThanOrEqual(600);
  });

  it('zooms about the pointer, within bounds', () => {
    const closer = zoomed(fit, 2, 300, 200, fit);
    const metres = [(300 - fit.x) / fit.scale, (fit.y - 200) / fit.scale];
    const [x, y] = toPx(closer, metres[0] ?? 0, metres[1] ?? 0);
    expect([x, y]).toEqual([expect.closeTo(300), expect.closeTo(200)]);
    expect(zoomed(fit, 1e9, 0, 0, fit).scale).toBe(400);
    expect(zoomed(fit, 1e-9, 0, 0, fit).scale).toBe(fit.scale / 2);
  });

  it('never loses the plan, however far one pulls', () => {
    const far = moved(fit, 1e6, -1e6, { box, width: 800, height: 600 });
    const [left = Infinity] = toPx(far, box.left, box.bottom);
    const [, bottom = -Infinity] = toPx(far, box.left, box.bottom);
    expect(left).toBeLessThan(800);
    expect(bottom).toBeGreaterThan(0);
  });
});
