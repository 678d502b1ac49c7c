import { describe, expect, it } from 'vitest';
import { label, planText, rectangle, testGovernance } from '../../../test/support/plans.js';
import { readPlan } from '../src/index.js';

const dataset = {
  id: 'crowding',
  title: label,
  description: label,
  subject: 'areas',
  stepS: 3_600,
  period: 'month',
  startsOn: '2026-01-01',
  purpose: 'statistics',
  audience: 'open',
  licence: 'CC-BY-4.0',
};

function issuesOf(changes: object, purposeChanges: object = {}): string[] {
  return issuesOfAll([changes], purposeChanges);
}

function issuesOfAll(all: readonly object[], purposeChanges: object = {}): string[] {
  const governance = testGovernance();
  const statistics = {
    ...governance.purposes[0],
    id: 'statistics',
    items: ['measures', 'flow-legs'],
    retention: { measuresDays: 7, rollupDays: 365, flowLegsDays: 3 },
    recipients: ['public', 'buyers'],
    ...purposeChanges,
  };
  const { issues } = readPlan(
    planText({
      areas: ['hall', 'deck'].map((id, i) => ({
        ...{ id, floor: 'f1', name: label, kind: 'walkway' },
        polygon: rectangle(i * 5, 0, i * 5 + 5, 10),
      })),
      governance: {
        ...governance,
        recipients: [
          ...governance.recipients,
          { id: 'public', name: label, role: 'public' },
          { id: 'buyers', name: label, role: 'buyers' },
        ],
        purposes: [...governance.purposes, statistics],
      },
      datasets: all.map((changes, i) => ({ ...dataset, id: `d${i}`, ...changes })),
    }),
  );
  return issues.map(({ key, problem }) => `${key}: ${problem}`);
}

describe('a dataset of the plan', () => {
  it('is an open one of areas by the hour and month', () => {
    expect(issuesOf({})).toEqual([]);
  });

  it('is for buyers, at a price, under a contract', () => {
    const price = label;
    expect(issuesOf({ ...{ audience: 'buyers', licence: 'contract', price }, stepS: 900 })).toEqual(
      [],
    );
  });

  it.each([
    [{ places: ['nowhere'] }, "datasets[0].places[0]: 'nowhere' is not in this plan"],
    [{ places: ['middle'] }, "datasets[0].places[0]: 'middle' is not in this plan"],
    [{ purpose: 'else' }, "datasets[0].purpose: 'else' is not in this plan"],
    [
      { purpose: 'safety' },
      "datasets[0].purpose: 'safety' gives nothing to a recipient with the role 'public'",
    ],
    [{ licence: 'contract' }, "datasets[0].licence: 'contract' is not a licence for everybody"],
    [{ price: label }, 'datasets[0].price: open data has a price'],
    [
      { subject: 'movements' },
      'datasets[0].period: movements are counted from movements, which are kept for days',
    ],
    [
      { subject: 'sequences', stepS: 900, period: 'day' },
      'datasets[0].audience: sequences of areas are never open data',
    ],
    [
      { noise: { mechanism: 'laplace', epsilon: 1 } },
      'datasets[0].noise: how much one person changes areas has no bound',
    ],
  ])('%j is refused', (changes, issue) => {
    expect(issuesOf(changes)).toContain(issue);
  });

  it('is refused where its purpose does not use what it is computed from', () => {
    const purpose = { items: ['measures'], retention: { measuresDays: 7, rollupDays: 365 } };
    expect(issuesOf({ subject: 'lines', period: 'day' }, purpose)).toEqual([
      "datasets[0].purpose: 'statistics' does not use flow-legs, which lines are computed from",
    ]);
  });
});

describe('a month of steps between those of two other datasets', () => {
  const [quarters, hours, days] = [{ stepS: 900 }, { stepS: 3_600 }, { stepS: 86_400 }];
  const day = { period: 'day' };

  it('comes out when they are out already, and is refused', () => {
    expect(issuesOfAll([{ ...quarters, ...day }, hours, { ...days, ...day }])).toEqual([
      "datasets[1].period: 'd1' comes out after 'd2', and its steps lie between those of 'd0' and 'd2'",
    ]);
  });

  it('comes out in time where it is a day, where the longest are a month, and where it is about other places', () => {
    expect(issuesOfAll([quarters, { ...hours, ...day }, { ...days, ...day }])).toEqual([]);
    expect(issuesOfAll([{ ...quarters, ...day }, hours, days])).toEqual([]);
    const [hall, deck] = [{ places: ['hall'] }, { places: ['deck'] }];
    expect(
      issuesOfAll([
        { ...quarters, ...day },
        { ...hours, ...hall },
        { ...days, ...day, ...deck },
      ]),
    ).toEqual([]);
  });
});

describe('what is told with noise', () => {
  const noise = { mechanism: 'laplace', epsilon: 1 };
  const lines = { subject: 'lines', period: 'day' };
  const movements = { subject: 'movements', period: 'day' };
  const sequences = {
    ...{ subject: 'sequences', stepS: 900, period: 'day', audience: 'buyers', licence: 'contract' },
  };
  const both = (noisy: object, exact: object) =>
    issuesOfAll([{ ...noisy, noise }, exact]).filter((issue) => issue.includes('with noise'));
  const refused = ["datasets[0].noise: 'd0' tells with noise what 'd1' tells exactly"];

  it.each([
    ['the same line', lines, lines],
    ['a line that movements lead to', lines, movements],
    ['movements to a line', movements, lines],
    ['two places of movements', movements, { ...movements, stepS: 900 }],
    ['two areas of sequences', movements, sequences],
  ])('is refused beside an exact dataset of %s', (_, noisy, exact) => {
    expect(both(noisy, exact)).toEqual(refused);
  });

  it.each([
    [
      'other places',
      { ...movements, places: ['hall', 'gate'] },
      { ...movements, places: ['hall'] },
    ],
    ['areas, which follow from no movements', lines, {}],
    ['lines that it has not', { ...movements, places: ['hall', 'deck'] }, lines],
    ['noise too', lines, { ...movements, noise }],
  ])('may stand beside %s', (_, noisy, exact) => {
    expect(both(noisy, exact)).toEqual([]);
  });
});
