import { describe, expect, it } from 'vitest';
import { FloorProjection, placeOfCamera } from '@hitonami/model';
import { markMoved } from '../src/editor/CameraMarks.js';
import {
  firstCalibration,
  fitted,
  pointsOf,
  residualsOf,
  rmsM,
} from '../src/editor/calibration.js';
import { asDraft, type Draft, type DraftCalibration } from '../src/editor/document.js';
import { addFloor, removeFloor, renameFloor, shapesOn } from '../src/editor/floors.js';
import { edit, editorState } from '../src/editor/state.js';
import { examplePlan } from './example-plan.js';

/** A camera over a floor of 20 m: `test/plans/tud-stadtmitte.site.json`. */
const CALIBRATION: DraftCalibration = {
  imageWidth: 640,
  imageHeight: 480,
  homography: [
    -0.0050801424958974465, 0.09889610753235328, -38.57150638156266, 0.013731971749239475,
    0.060858692475973274, -30.50113767009212, -0.00020861557584817824, -0.008503290941203296, 1,
  ],
};
const CORNERS = [
  [1, 3],
  [15, 3],
  [14, 11],
  [2, 10],
  [1, 3],
] as const;
const withPoints = (): DraftCalibration => ({
  ...CALIBRATION,
  points: pointsOf(CALIBRATION, [CORNERS]),
});

const draft = (): Draft =>
  asDraft({
    ...examplePlan(['hall', 'steps']),
    cameras: [
      {
        id: 'c1',
        floor: 'ground',
        coverage: { type: 'Polygon', coordinates: [CORNERS] },
        calibration: withPoints(),
      },
    ],
  });

describe('calibration points in the editor', () => {
  it('can be made from a matrix, and agree with it to the centimetre', () => {
    const calibration = withPoints();
    expect(calibration.points?.length).toBeGreaterThanOrEqual(4);
    expect(rmsM(residualsOf(calibration))).toBeLessThan(0.01);
    for (const { u, v } of calibration.points ?? []) {
      expect(u).toBeGreaterThanOrEqual(0);
      expect(u).toBeLessThanOrEqual(640);
      expect(v).toBeLessThanOrEqual(480);
    }
  });

  it('show what the matrix is off while one is typed, and nothing any more once it is fitted', () => {
    const { points = [], ...rest } = withPoints();
    const moved = { ...rest, points: points.map((p) => ({ ...p, x: p.x + 0.4, y: p.y - 0.3 })) };
    for (const each of residualsOf(moved)) expect(each?.floorM).toBeCloseTo(0.5, 1);
    const { homography } = fitted(moved);
    expect(rmsM(residualsOf({ ...moved, homography: homography ?? rest.homography }))).toBeLessThan(
      0.05,
    );
  });

  it('that fix no matrix say why, and none is thrown away by what is half typed', () => {
    const line = [1, 2, 3, 4].map((n) => ({ u: n * 50, v: 100, x: n, y: 5 }));
    expect(fitted({ ...CALIBRATION, points: line }).reason).toContain('on one line');
    const zeros = { ...CALIBRATION, homography: [0, 0, 0, 0, 0, 0, 0, 0, 0] as const };
    expect(residualsOf({ ...zeros, points: line })).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(rmsM([undefined])).toBeUndefined();
  });

  it('begin for a camera without a calibration as a picture that sees its coverage from the south', () => {
    const first = firstCalibration(CORNERS);
    const see = FloorProjection.from(first ?? CALIBRATION);
    const [near, far] = [see.toImage(8, 3), see.toImage(8, 11)];
    expect(near?.v).toBeGreaterThan(far?.v ?? Infinity);
    expect(rmsM(residualsOf(first ?? CALIBRATION))).toBeLessThan(0.01);
  });
});

describe('where a camera hangs', () => {
  it('is stated once it is moved on the plan, at the height that was known', () => {
    const before = draft();
    const derived = placeOfCamera(before.cameras[0] ?? {});
    const moved = markMoved(before, { camera: 0, kind: 'place' }, [1, 2]);
    expect(moved.cameras[0]?.position).toMatchObject({ x: 1, y: 2 });
    expect(moved.cameras[0]?.position?.heightM).toBeCloseTo(derived?.heightM ?? 3, 1);
    expect(before.cameras[0]?.position).toBeUndefined();
  });

  it('and a calibration point goes where it is dragged, with its pixel as it was', () => {
    const before = draft();
    const point = before.cameras[0]?.calibration?.points?.[1];
    const moved = markMoved(before, { camera: 0, kind: 'point', point: 1 }, [4, 5]);
    expect(moved.cameras[0]?.calibration?.points?.[1]).toEqual({ ...point, x: 4, y: 5 });
    expect(markMoved(before, { camera: 0, kind: 'point', point: 99 }, [4, 5])).toBe(before);
  });
});

describe('floors', () => {
  it('are added, renamed with all that is on them, and removed when nothing is', () => {
    const plan = draft();
    const first = plan.floors[0]?.id ?? '';
    const { plan: two, floor } = addFloor(plan);
    expect(two.floors.map(({ id }) => id)).toEqual([...plan.floors.map(({ id }) => id), floor]);
    expect(shapesOn(two, floor)).toBe(0);
    const renamed = renameFloor(two, 0, 'street');
    expect(shapesOn(renamed, 'street')).toBe(shapesOn(plan, first));
    expect(shapesOn(renamed, first)).toBe(0);
    expect(removeFloor(renamed, 0)).toBe(renamed);
    expect(removeFloor(renamed, renamed.floors.length - 1).floors).toHaveLength(plan.floors.length);
  });

  it('that have the same id while one is typed keep apart what is on them', () => {
    const plan = draft();
    const first = plan.floors[0]?.id ?? '';
    const { plan: two } = addFloor(plan);
    const last = two.floors.length - 1;
    const doubled = renameFloor(two, last, first);
    expect(shapesOn(renameFloor(doubled, last, 'roof'), first)).toBe(shapesOn(plan, first));
  });

  it('the last one stays, and the one that is shown is one that there is', () => {
    const empty: Draft = { ...draft(), areas: [], lines: [], cameras: [] };
    const one = { ...empty, floors: empty.floors.slice(0, 1) };
    expect(removeFloor(one, 0)).toBe(one);
    const { plan: two, floor } = addFloor(one);
    const shown = edit(editorState(two), { type: 'floor', floor });
    const after = edit(shown, { type: 'change', change: (plan) => removeFloor(plan, 1) });
    expect(after.floor).toBe(one.floors[0]?.id);
    expect(edit(after, { type: 'undo' }).plan.present.floors).toHaveLength(2);
  });
});
