import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffPlans, isEqual } from '../src/editor/diff.js';
import { withValue } from '../src/editor/document.js';
import { issuesByShape, placeOf, subjectOf } from '../src/editor/issues.js';
import { moveShape, removeShape } from '../src/editor/operations.js';
import { DOOR, plan } from './editor-plan.js';

describe('what changed', () => {
  it('is told thing by thing', () => {
    const before = plan();
    let after = withValue(before, ['areas', 0, 'name', 'en'], 'Great hall');
    after = removeShape(moveShape(after, { list: 'cameras', index: 0 }, 1, 0), DOOR);
    after = withValue(after, ['dangerBands'], { stable: 1 });
    expect(diffPlans(before, { ...after, version: 9 })).toEqual([
      {
        list: 'plan',
        id: '',
        kind: 'changed',
        changes: [{ path: 'dangerBands', before: undefined, after: { stable: 1 } }],
      },
      {
        list: 'areas',
        id: 'hall',
        kind: 'changed',
        changes: [{ path: 'name.en', before: 'Hall', after: 'Great hall' }],
      },
      { list: 'lines', id: 'door', kind: 'removed', changes: [] },
      {
        list: 'cameras',
        id: 'cam',
        kind: 'changed',
        changes: [expect.objectContaining({ path: 'coverage.coordinates' })],
      },
    ]);
  });

  it('is nothing for a plan and itself, whatever the order of its keys', () => {
    const turned = Object.fromEntries(Object.entries(plan()).reverse());
    expect(diffPlans(plan(), turned)).toEqual([]);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(isEqual(value, structuredClone(value))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

describe('what is wrong', () => {
  const issue = (key: string) => ({ key, problem: 'p', mend: 'm' });

  it('is shown at its shape', () => {
    expect(placeOf(issue('areas[1].polygon.coordinates[0]'))).toMatchObject({
      shape: { list: 'areas', index: 1 },
      within: 'polygon.coordinates[0]',
    });
    expect(placeOf(issue('lines[0]')).shape).toEqual(DOOR);
    expect(placeOf(issue('dangerBands')).shape).toBeUndefined();
    expect(placeOf(issue('counters[0].line')).shape).toBeUndefined();
  });

  it('is told by the name of the thing', () => {
    expect(subjectOf(plan(), issue('areas[1].polygon'))).toBe('gates');
    expect(subjectOf(plan(), issue('areas[9].polygon'))).toBe('areas[9].polygon');
    expect([
      ...issuesByShape([issue('areas[0].id'), issue('areas[0].name'), issue('timeZone')]).keys(),
    ]).toEqual(['areas:0', '']);
  });
});
