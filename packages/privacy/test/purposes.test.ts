import fc from 'fast-check';
import { DATA_ITEMS, purposeStartMs, type SitePlan } from '@hitonami/model';
import { describe, expect, it } from 'vitest';
import { label, rectangle, testGovernance, testPlan } from '../../../test/support/plans.js';
import {
  changesOf,
  mayRead,
  refusedChange,
  type Ask,
  type PlanVersionInForce,
} from '../src/index.js';

const DAY_MS = 86_400_000;
const base = testGovernance();
const [safety, planning, research] = base.purposes;
const CITY = { id: 'city', name: { ja: '市', en: 'City' }, role: 'processor', contract: 'A-1' };
const recipients = [...base.recipients, CITY];
const at = (text: string): number => Date.parse(text);
/** Of Tokyo, nine hours ahead. */
const midnight = (day: string): number => at(`${day}T00:00:00+09:00`);
const NOW = midnight('2026-11-22');

/** A plan whose safety purpose is otherwise. */
function plan(
  change: Record<string, unknown> = {},
  governance: Record<string, unknown> = {},
  rest: Record<string, unknown> = {},
): SitePlan {
  const purposes = [{ ...safety, ...change }, planning, research];
  return testPlan({ governance: { ...base, recipients, purposes, ...governance }, ...rest });
}
const only = (one: SitePlan): PlanVersionInForce[] => [{ plan: one, fromMs: 0 }];
const ask = (change: Partial<Ask> = {}): Ask => ({
  purpose: 'safety',
  item: 'measures',
  places: ['hall'],
  recipient: 'operator',
  fromMs: NOW - DAY_MS,
  toMs: NOW,
  nowMs: NOW,
  ...change,
});
const refusal = (versions: PlanVersionInForce[], change: Partial<Ask> = {}) => {
  const answer = mayRead(versions, ask(change));
  if (answer.isGranted) throw new Error('granted');
  return answer;
};

describe('a read is granted where its purpose', () => {
  it('covers the item, the places and the recipient', () => {
    expect(mayRead(only(plan()), ask())).toMatchObject({
      isGranted: true,
      purpose: { id: 'safety' },
    });
  });

  it('is in the plan; else it is refused with the ones that there are', () => {
    expect(refusal(only(plan()), { purpose: 'marketing' })).toMatchObject({
      reason: 'purpose',
      because: {
        en: "'marketing' is no purpose of the plan in force; for counts and densities name safety",
        ja: '「marketing」は、いま有効な計画の目的ではありません。人数・混雑度の集計値には safety を指定してください',
      },
    });
    expect(refusal([]).because.en).toBe(
      "'safety' is no purpose of the plan in force; there is no plan",
    );
  });

  it('uses the item: counts for safety are no stored positions for safety', () => {
    const { reason, because } = refusal(only(plan()), { item: 'positions' });
    expect(reason).toBe('item');
    expect(because.en).toBe(
      "the purpose 'safety' does not use stored positions; for stored positions name research",
    );
  });

  it('gives to the one who asks: a city has nothing of what is for the operator', () => {
    const { reason, because } = refusal(only(plan()), { recipient: 'city' });
    expect(reason).toBe('recipient');
    expect(because.ja).toContain('提供先に「市」は含まれません');
    expect(
      mayRead(only(plan({ recipients: ['operator', 'city'] })), ask({ recipient: 'city' })),
    ).toMatchObject({ isGranted: true });
  });

  it('is about the place, and about the whole site where the whole is asked for', () => {
    const narrow = only(plan({ places: ['middle'] }));
    expect(refusal(narrow).because.en).toMatch(/is about middle alone, and not about hall/);
    expect(refusal(narrow, { places: undefined }).because.en).toMatch(/not about the whole site/);
    expect(mayRead(narrow, ask({ places: ['middle'] })).isGranted).toBe(true);
  });

  it('keeps it for so long, and the rows of the base window for as long as those', () => {
    const kept = only(plan());
    const week = { fromMs: NOW - 7 * DAY_MS, isBaseWindow: true };
    expect(mayRead(kept, ask(week)).isGranted).toBe(true);
    const older = refusal(kept, { ...week, fromMs: NOW - 8 * DAY_MS });
    expect(older).toMatchObject({ reason: 'too-old', readableFromMs: NOW - 7 * DAY_MS });
    expect(older.because.en).toMatch(/for 7 days, and this is older; ask from 2026-11-15 00:00 on/);
    expect(mayRead(kept, ask({ fromMs: NOW - 80 * DAY_MS })).isGranted).toBe(true);
    expect(
      refusal(kept, { purpose: 'research', item: 'positions', fromMs: NOW - 2 * DAY_MS }).reason,
    ).toBe('too-old');
  });

  it('had begun when it was captured', () => {
    const late = only(plan({ noticePublishedOn: '2026-11-14' }));
    const { reason, because, readableFromMs } = refusal(late, { fromMs: NOW - 2 * DAY_MS });
    expect([reason, readableFromMs]).toEqual(['not-begun', midnight('2026-11-21')]);
    expect(because.en).toMatch(/begins on 2026-11-21, when its notice has stood for 7 days/);
    expect(because.ja).toMatch(/7日が過ぎる2026-11-21に始まります/);
    expect(mayRead(late, ask({ fromMs: midnight('2026-11-21') })).isGranted).toBe(true);
  });
});

describe('a purpose is not added to what is collected already', () => {
  const changedMs = midnight('2026-11-20');
  const versions = (before: SitePlan, after: SitePlan): PlanVersionInForce[] => [
    { plan: after, fromMs: changedMs },
    { plan: before, fromMs: 0 },
  ];
  const wide = { recipients: ['operator', 'city'], noticePublishedOn: '2026-11-13' };

  it('nor a recipient: the city reads from the day on which it became one', () => {
    const both = versions(plan(), plan(wide, {}, { version: 2 }));
    const { reason, because, readableFromMs } = refusal(both, {
      recipient: 'city',
      fromMs: changedMs - DAY_MS,
    });
    expect([reason, readableFromMs]).toEqual(['not-begun', changedMs]);
    expect(because.en).toMatch(
      /version 1 of the plan was in force, in which 'safety' did not cover it; .* ask from 2026-11-20 00:00 on/,
    );
    expect(mayRead(both, ask({ recipient: 'city', fromMs: changedMs })).isGranted).toBe(true);
    // The operator was told of all along.
    expect(mayRead(both, ask({ fromMs: changedMs })).isGranted).toBe(true);
  });

  it('nor by saying otherwise what it is for', () => {
    const other = { ...wide, recipients: ['operator'], description: { ja: '広告', en: 'Adverts' } };
    const both = versions(plan(), plan(other, {}, { version: 2 }));
    expect(refusal(both, { fromMs: changedMs - DAY_MS }).readableFromMs).toBe(changedMs);
    expect(mayRead(both, ask({ fromMs: changedMs })).isGranted).toBe(true);
  });

  it('nor read after it was given up', () => {
    const without = plan(
      {},
      { purposes: [planning, research] },
      { version: 2, cameras: [], lines: [] },
    );
    expect(refusal(versions(plan(), without), { fromMs: 0, toMs: DAY_MS }).reason).toBe('purpose');
  });

  it('whatever is asked: granted means that every version then in force covers it', () => {
    const days = fc.integer({ min: 0, max: 40 });
    const version = fc.record({
      fromDay: days,
      noticeDay: days,
      items: fc.subarray([...DATA_ITEMS.slice(0, 1), 'measures'], { minLength: 1 }),
      recipients: fc.subarray(['operator', 'city'], { minLength: 1 }),
      places: fc.option(fc.subarray(['hall', 'middle'], { minLength: 1 }), { nil: undefined }),
    });
    const startMs = midnight('2026-10-01');
    // Two made from plain objects: what is tested is not how a plan is read.
    const template = plan();
    const made = ({ items, recipients: to, places, noticeDay, fromDay }: Version, i: number) => {
      const noticePublishedOn = new Date(startMs + noticeDay * DAY_MS + 9 * 3_600_000)
        .toISOString()
        .slice(0, 10);
      const purpose = {
        ...template.governance.purposes[0],
        ...{ items, recipients: to, places, noticePublishedOn },
      };
      const governance = { ...template.governance, purposes: [purpose] };
      const one = { ...template, version: i + 1, governance } as SitePlan;
      return { plan: one, fromMs: startMs + fromDay * DAY_MS };
    };
    type Version = {
      fromDay: number;
      noticeDay: number;
      items: string[];
      recipients: string[];
      places: string[] | undefined;
    };
    fc.assert(
      fc.property(
        fc.array(version, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('operator', 'city'),
        fc.constantFrom<('hall' | 'middle')[]>(['hall'], ['hall', 'middle']),
        days,
        fc.integer({ min: 1, max: 20 }),
        (given, recipient, places, fromDay, length) => {
          const versions = given.map(made);
          const fromMs = startMs + fromDay * DAY_MS;
          const toMs = fromMs + length * DAY_MS;
          const nowMs = startMs + 60 * DAY_MS;
          const asked = ask({ recipient, places, fromMs, toMs, nowMs });
          const answer = mayRead(versions, asked);
          // The long way round: every quarter of a day by itself.
          const ordered = versions.toSorted((a, b) => a.fromMs - b.fromMs);
          const covers = (ms: number, isNow: boolean): boolean => {
            const then =
              ordered.findLast((one) => one.fromMs <= ms) ?? (isNow ? ordered[0] : undefined);
            if (then === undefined) return true;
            const [purpose] = then.plan.governance.purposes;
            if (purpose === undefined) return false;
            return (
              purpose.items.includes('measures') &&
              purpose.recipients.includes(recipient) &&
              places.every((place) => purpose.places?.includes(place) ?? true) &&
              (isNow || ms >= purposeStartMs(then.plan, purpose))
            );
          };
          const quarters = Array.from({ length: length * 4 }, (_, i) => fromMs + (i * DAY_MS) / 4);
          const expected = covers(nowMs, true) && quarters.every((ms) => covers(ms, false));
          expect(answer.isGranted).toBe(expected);
          // What a refusal says about a later beginning holds, or says again from when.
          if (!answer.isGranted && answer.readableFromMs !== undefined)
            expect(answer.readableFromMs).toBeGreaterThan(fromMs);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a change of purposes', () => {
  const v2 = { version: 2 };
  const wider = (change: Record<string, unknown>, governance = {}, rest = {}) =>
    plan(change, governance, { ...v2, ...rest });

  it('that is none needs no notice', () => {
    const renamed = wider({}, {}, { name: { ja: '別', en: 'Other' } });
    expect(changesOf(plan(), renamed, NOW)).toEqual({
      changes: [],
      earliestMs: undefined,
      withoutNotice: [],
    });
    expect(refusedChange(plan(), renamed, NOW, NOW)).toBeUndefined();
  });

  it('that narrows needs none either: fewer recipients, places and days', () => {
    const before = plan({ recipients: ['operator', 'city'] });
    const after = wider(
      { places: ['hall'], retention: { measuresDays: 3, rollupDays: 100 } },
      {},
      { retention: { measuresDays: 3, rollupDays: 100 } },
    );
    const { changes } = changesOf(before, after, NOW);
    expect(changes.map(({ what, effect }) => `${what} ${effect}`)).toEqual([
      'places narrowed',
      'recipients narrowed',
      'retention narrowed',
      'retention narrowed',
      'retention narrowed',
      'retention narrowed',
    ]);
    expect(refusedChange(before, after, NOW, NOW)).toBeUndefined();
  });

  it('of recipients is refused without a new notice, with the day that one of today would give', () => {
    const after = wider({ recipients: ['operator', 'city'] });
    expect(refusedChange(plan(), after, NOW + 90 * DAY_MS, NOW)).toEqual({
      earliestDay: '2026-11-29',
      because: {
        en: "'Test' gives data to City: this needs a new notice. Put it up, set noticePublishedOn of safety to that day and inForceFrom to when it has stood: 2026-11-29 at the earliest, were it put up today",
        ja: '「試験」の提供先に市を加えました。これには新しい告知が必要です。掲示した日を safety の noticePublishedOn に、告知期間が過ぎる日を inForceFrom に書いてください。今日掲示した場合、最も早くて 2026-11-29 です',
      },
    });
  });

  it('is refused before its notice has stood, with the day, and allowed on that day', () => {
    const after = wider({ recipients: ['operator', 'city'], noticePublishedOn: '2026-11-20' });
    const start = midnight('2026-11-27');
    expect(refusedChange(plan(), after, start - 1, NOW)).toMatchObject({
      earliestDay: '2026-11-27',
      because: { en: expect.stringMatching(/the notice has to stand first.*2026-11-27 or later$/) },
    });
    expect(refusedChange(plan(), after, start, NOW)).toBeUndefined();
  });

  const day = { noticePublishedOn: '2026-11-20' };
  /** Beside the one of the hall, a camera that sees none of the places. */
  const camera = (purposes: string[]) => ({
    cameras: [
      { id: 'c1', floor: 'f1', coverage: rectangle(0, 0, 10, 10) },
      {
        id: 'c2',
        floor: 'f1',
        coverage: rectangle(20, 0, 30, 10),
        governance: { ...testPlan().cameras[0]?.governance, purposes },
      },
    ],
  });
  it.each<[string, SitePlan, SitePlan, string]>([
    [
      'a new purpose',
      plan({}, { purposes: [safety, research] }, { retention: { flowLegsDays: 1 } }),
      wider({}),
      'planning: purpose widened',
    ],
    ['an item', plan({ items: ['measures'] }), wider({}), 'safety: items widened'],
    [
      'a place',
      plan({ places: ['hall'] }),
      wider({ places: ['hall', 'middle'] }),
      'safety: places widened',
    ],
    ['the whole site', plan({ places: ['hall'] }), wider({}), 'safety: places widened'],
    [
      'what it is for',
      plan(),
      wider({ description: { ja: '別', en: 'Other' } }),
      'safety: words changed',
    ],
    [
      'a recipient that is another body now',
      plan({ recipients: ['city'] }),
      wider(
        { recipients: ['city'] },
        { recipients: [...base.recipients, { ...CITY, name: label }] },
      ),
      'safety: recipients changed',
    ],
    [
      'how long a purpose keeps',
      plan({ retention: { measuresDays: 7, rollupDays: 1_826 } }),
      wider({}),
      'safety: retention widened',
    ],
    [
      'how long the site keeps',
      plan({}, {}, { retention: { flowLegsDays: 2 } }),
      wider({}),
      'planning: retention widened',
    ],
    ['finer times', plan({}, { legTimeStepS: 900 }), wider({}), 'planning: detail widened'],
    ['smaller groups', plan(), wider({}, { smallestGroup: 5 }), 'safety: detail widened'],
    [
      'a camera that serves another purpose',
      plan({}, {}, camera(['safety'])),
      wider({}, {}, camera(['safety', 'research'])),
      'research: cameras widened',
    ],
    [
      'a notice moved back',
      plan(day),
      wider({ noticePublishedOn: '2026-11-19' }),
      'safety: notice changed',
    ],
  ])('is one where it is about %s', (_what, before, after, expected) => {
    const { changes, withoutNotice } = changesOf(before, after, NOW);
    expect(changes.map(({ purpose, what, effect }) => `${purpose}: ${what} ${effect}`)).toContain(
      expected,
    );
    for (const { words } of changes)
      expect(words).toEqual({
        en: expect.any(String),
        ja: expect.stringMatching(/\p{Script=Han}/u),
      });
    if (!expected.startsWith('planning: purpose')) expect(withoutNotice).toHaveLength(1);
    const soon = NOW + 30_000;
    // A new purpose has its notice since 1970; everything else lacks one.
    if (withoutNotice.length > 0) expect(refusedChange(before, after, soon, NOW)).toBeDefined();
  });

  it('does not come sooner by asking for fewer days of notice', () => {
    const before = plan({}, { noticeDays: 30 });
    const after = wider({ recipients: ['operator', 'city'], ...day }, { noticeDays: 7 });
    expect(refusedChange(before, after, midnight('2026-12-19'), NOW)?.earliestDay).toBe(
      '2026-12-20',
    );
    expect(refusedChange(before, after, midnight('2026-12-20'), NOW)).toBeUndefined();
  });

  it('is allowed exactly from the day on that is computed, whatever the notice', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 7, max: 60 }),
        fc.integer({ min: -30, max: 120 }),
        (noticeDay, noticeDays, forceDay) => {
          const noticePublishedOn = new Date(at('2026-10-01T00:00Z') + noticeDay * DAY_MS)
            .toISOString()
            .slice(0, 10);
          const before = PLAIN;
          const purposes = before.governance.purposes.map((purpose) =>
            purpose.id === 'safety'
              ? { ...purpose, recipients: ['operator', 'city'], noticePublishedOn }
              : purpose,
          );
          const after = { ...before, governance: { ...before.governance, noticeDays, purposes } };
          const inForceMs = midnight('2026-11-01') + forceDay * DAY_MS;
          const { earliestMs } = changesOf(before, after, NOW);
          const safetyAfter = after.governance.purposes[0];
          if (safetyAfter === undefined) throw new Error('no purpose');
          expect(earliestMs).toBe(purposeStartMs(after, safetyAfter));
          expect(refusedChange(before, after, inForceMs, NOW) === undefined).toBe(
            inForceMs >= purposeStartMs(after, safetyAfter),
          );
        },
      ),
      { numRuns: 100 },
    );
  });
});
const PLAIN = plan();
