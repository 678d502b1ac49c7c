import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffPlans } from '../src/editor/diff.js';
import { ringsOf, valueAt, withValue, type Draft, type Point } from '../src/editor/document.js';
import { dragged } from '../src/editor/drag.js';
import { areaM2, cornersOf, isClosed } from '../src/editor/geometry.js';
import {
  addShape,
  insertCorner,
  moveCorner,
  moveShape,
  removeCorner,
  removeShape,
  renameCard,
  renameShape,
  turnLine,
} from '../src/editor/operations.js';
import { snap, snapTargets } from '../src/editor/snap.js';
import { edit, editorState, type EditorAction } from '../src/editor/state.js';
import { redo, step, undo, undoable, UNDO_MAX } from '../src/editor/undo.js';
import { DOOR, HALL, plan, square } from './editor-plan.js';

const coordinate = fc.double({ min: -500, max: 500, noNaN: true });
const place = fc.tuple(coordinate, coordinate);
const corner = fc.record({
  ring: fc.integer({ min: 0, max: 1 }),
  corner: fc.integer({ min: 0, max: 3 }),
});

/** Any editing of the hall, as people do it. */
const editing: fc.Arbitrary<(before: Draft) => Draft> = fc.oneof(
  fc.tuple(corner, place).map(
    ([at, to]) =>
      (before: Draft) =>
        moveCorner(before, { ...HALL, ...at }, to),
  ),
  fc.tuple(corner, place).map(
    ([at, to]) =>
      (before: Draft) =>
        insertCorner(before, { ...HALL, ...at }, to),
  ),
  corner.map((at) => (before: Draft) => removeCorner(before, { ...HALL, ...at })),
  place.map(
    ([dx, dy]) =>
      (before: Draft) =>
        moveShape(before, HALL, dx, dy),
  ),
);

describe('editing a ring', () => {
  it('keeps it closed with three corners at least, whatever is done', () => {
    fc.assert(
      fc.property(fc.array(editing, { maxLength: 15 }), (steps) => {
        const after = steps.reduce((before, change) => change(before), plan());
        const rings = ringsOf(after, HALL);
        expect(rings.length).toBeGreaterThan(0);
        for (const ring of rings) {
          expect(isClosed(ring)).toBe(true);
          expect(cornersOf(ring).length).toBeGreaterThanOrEqual(3);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('moves the first corner and its repetition together', () => {
    const [ring] = ringsOf(moveCorner(plan(), { ...HALL, ring: 0, corner: 0 }, [-1, -2]), HALL);
    expect([ring?.[0], ring?.at(-1)]).toEqual([
      [-1, -2],
      [-1, -2],
    ]);
  });

  it('moves a shape without changing its size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -99, max: 99 }),
        fc.integer({ min: -99, max: 99 }),
        (dx, dy) => {
          const moved = moveShape(plan(), HALL, dx, dy);
          expect(areaM2(ringsOf(moved, HALL))).toBeCloseTo(96);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('drops a hole that would have two corners, never the ring around it', () => {
    let edited = plan();
    for (let i = 0; i < 2; i++) edited = removeCorner(edited, { ...HALL, ring: 1, corner: 0 });
    expect(ringsOf(edited, HALL)).toHaveLength(1);
    for (let i = 0; i < 9; i++) edited = removeCorner(edited, { ...HALL, ring: 0, corner: 0 });
    expect(cornersOf(ringsOf(edited, HALL)[0] ?? [])).toHaveLength(3);
  });

  it('leaves everything that it does not know as it was, and the plan it began with', () => {
    const before = plan();
    const after = moveShape(before, HALL, 1, 1);
    expect(after['notYetKnown']).toBe(before['notYetKnown']);
    expect(after.areas[0]).toMatchObject({ alsoUnknown: true, kind: 'walkway' });
    expect(after.cameras).toBe(before.cameras);
    expect(before).toEqual(plan());
  });
});

describe('editing other things', () => {
  it('gives a new shape an id that nothing has, lines and areas sharing theirs', () => {
    const first = addShape(plan(), 'areas', 'ground', square(0, 0, 3).slice(0, 4));
    const second = addShape(first?.plan ?? plan(), 'lines', 'ground', [
      [0, 0],
      [1, 0],
    ]);
    expect(second?.plan.areas[2]).toMatchObject({ id: 'area-1', kind: 'walkway' });
    expect(second?.plan.lines[1]?.id).toBe('line-1');
    expect(
      addShape(plan(), 'areas', 'ground', [
        [0, 0],
        [1, 0],
      ]),
    ).toBeUndefined();
  });

  it('takes the counter along when its line is renamed, but not while two have the name', () => {
    expect(renameShape(plan(), DOOR, 'west').counters).toEqual([{ id: 'beam', line: 'west' }]);
    const twice = { ...plan(), lines: [...plan().lines, ...plan().lines] };
    expect(renameShape(twice, DOOR, 'west').counters).toEqual([{ id: 'beam', line: 'door' }]);
  });

  it('renames an action card where it is named', () => {
    expect(renameCard(plan(), 0, 'too-full').areas.map((area) => area.actionCard)).toEqual([
      'too-full',
      undefined,
    ]);
  });

  it('turns a line back when it is turned twice', () => {
    expect(turnLine(turnLine(plan(), DOOR), DOOR)).toEqual(plan());
    expect(ringsOf(turnLine(plan(), DOOR), DOOR)[0]?.[0]).toEqual([0, 6]);
  });

  it('writes and takes away a value at a path, sharing what lies beside', () => {
    const before = plan();
    const after = withValue(before, ['areas', 0, 'queueMaxPersons'], 40);
    expect(valueAt(after, ['areas', 0, 'queueMaxPersons'])).toBe(40);
    expect(after.areas[1]).toBe(before.areas[1]);
    expect(withValue(after, ['areas', 0, 'queueMaxPersons'], undefined)).toEqual(before);
    expect(withValue(before, ['areas', 0], undefined).areas).toHaveLength(1);
    expect(valueAt(before, ['nothing', 'there'])).toBeUndefined();
  });
});

describe('undo and redo', () => {
  const values = fc.array(fc.integer(), { maxLength: 30 });

  it('undo(redo(x)) is x, and redo(undo(x)) too', () => {
    fc.assert(
      fc.property(values, fc.nat({ max: 20 }), (list, back) => {
        let history = list.reduce((h, value) => step(h, value), undoable<number>(-1));
        for (let i = 0; i < back; i++) history = undo(history);
        if (history.future.length > 0)
          expect(undo(redo(history))).toEqual({ ...history, about: undefined });
        if (history.past.length > 0)
          expect(redo(undo(history))).toEqual({ ...history, about: undefined });
      }),
      { numRuns: 100 },
    );
  });

  it('brings a plan back exactly, however it was edited', () => {
    fc.assert(
      fc.property(fc.array(editing, { minLength: 1, maxLength: 10 }), (steps) => {
        let state = editorState(plan());
        for (const change of steps) state = edit(state, { type: 'change', change });
        const count = state.plan.past.length;
        for (let i = 0; i < count; i++) state = edit(state, { type: 'undo' });
        expect(state.plan.present).toEqual(plan());
      }),
      { numRuns: 40 },
    );
  });

  it('takes typing in one field as one step', () => {
    let history = undoable('');
    for (const typed of ['H', 'Ha', 'Hall']) history = step(history, typed, 'name');
    history = step(history, 'Hall 2', 'other');
    expect(undo(history).present).toBe('Hall');
    expect(undo(undo(history)).present).toBe('');
  });

  it('keeps a bounded past', () => {
    let history = undoable(0);
    for (let i = 1; i < 2 * UNDO_MAX; i++) history = step(history, i);
    expect(history.past).toHaveLength(UNDO_MAX);
  });
});

describe('snapping', () => {
  const targets = snapTargets(plan(), 'ground', HALL);
  const options = { reachM: 0.5, gridM: 0.5, isOn: true };

  it('catches corners first, then edges, then the grid', () => {
    expect(snap([12.2, 0.3], targets, options)).toEqual({ point: [12, 0], to: 'corner' });
    expect(snap([12.3, 3], targets, options)).toEqual({ point: [12, 3], to: 'edge' });
    expect(snap([30.2, 30.3], targets, options)).toEqual({ point: [30, 30.5], to: 'grid' });
    expect(snap([12.204, 0.3], targets, { ...options, isOn: false })).toEqual({
      point: [12.2, 0.3],
      to: 'none',
    });
  });

  it('does not catch on the shape that is moved', () => {
    expect(targets.corners).not.toContainEqual([10, 10]);
  });

  it('moves a whole shape so that its corner meets another', () => {
    const to: Point = [6.8, 5.2];
    const moved = dragged(plan(), { kind: 'shape', ref: HALL, from: [5, 5] }, to, targets, options);
    expect(ringsOf(moved, HALL)[0]).toContainEqual([12, 0]);
    expect(areaM2(ringsOf(moved, HALL))).toBeCloseTo(96);
  });
});

describe('the editor', () => {
  const play = (...actions: EditorAction[]) => actions.reduce(edit, editorState(plan()));
  const draw = (...points: Point[]): EditorAction[] =>
    points.map((point) => ({ type: 'draw', point }));

  it('draws an area corner by corner and selects it', () => {
    const state = play({ type: 'tool', tool: 'areas' }, ...draw([20, 0], [24, 0], [24, 4]), {
      type: 'finish',
    });
    expect(state.plan.present.areas).toHaveLength(3);
    expect(state).toMatchObject({
      tool: 'select',
      drawing: [],
      selected: { list: 'areas', index: 2 },
    });
  });

  it('makes a line of two ends, and nothing of an area with two corners', () => {
    expect(
      play({ type: 'tool', tool: 'lines' }, ...draw([1, 1], [1, 3])).plan.present.lines,
    ).toHaveLength(2);
    const state = play({ type: 'tool', tool: 'areas' }, ...draw([0, 0], [1, 0]), {
      type: 'finish',
    });
    expect(state.plan.present).toEqual(plan());
  });

  it('forgets what was selected where undoing takes it away', () => {
    const state = play(
      { type: 'add', list: 'areas', corners: square(0, 0, 2).slice(0, 4) },
      { type: 'undo' },
    );
    expect(state.selected).toBeUndefined();
  });

  it('removes the corner that is selected, else the shape', () => {
    const select: EditorAction = { type: 'select', shape: HALL, corner: { ring: 0, corner: 1 } };
    expect(
      cornersOf(ringsOf(play(select, { type: 'remove' }).plan.present, HALL)[0] ?? []),
    ).toHaveLength(3);
    expect(
      play({ type: 'select', shape: HALL }, { type: 'remove' }).plan.present.areas[0]?.id,
    ).toBe('gates');
  });

  it('has nothing to save once it was saved, and goes on from there', () => {
    const change: EditorAction = { type: 'change', change: (before) => removeShape(before, DOOR) };
    const state = play(change, { type: 'saved', version: 4 });
    expect(diffPlans(state.base, state.plan.present)).toEqual([]);
    expect(state.base.version).toBe(4);
  });
});
