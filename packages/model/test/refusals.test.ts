import { describe, expect, it } from 'vitest';
import {
  cameraGovernance,
  planText,
  rectangle,
  testGovernance,
} from '../../../test/support/plans.js';
import {
  DATA_ITEMS,
  formatIssue,
  readPlan,
  REFUSED_BY_NAME,
  refusedByName,
  whyRefused,
} from '../src/index.js';

const issuesOf = (changes: Record<string, unknown>): string[] =>
  readPlan(planText(changes)).issues.map(formatIssue);
const withItem = (item: string): string[] => {
  const base = testGovernance();
  const [safety, ...rest] = base.purposes;
  const purposes = [{ ...safety, items: ['live', 'measures', item] }, ...rest];
  return issuesOf({ governance: { ...base, purposes } });
};
const withCamera = (changes: object): string[] =>
  issuesOf({ cameras: [{ id: 'c1', floor: 'f1', coverage: rectangle(0, 0, 10, 10), ...changes }] });

describe('a plan that asks for what is refused by name is told why, in both languages:', () => {
  it('features of faces or gaits', () => {
    const [said, ...more] = withItem('face');
    expect(more).toEqual([]);
    expect(said).toMatch(
      /^governance\.purposes\[0\]\.items\[2\]: 'face' is refused: no feature of a face, a gait or a body is ever computed: .*顔・歩き方/,
    );
    expect(withItem('gait')[0]).toMatch(/'gait' is refused/);
    expect(withCamera({ faceFeatures: true })[0]).toMatch(
      /^cameras\[0\]: 'faceFeatures' is refused/,
    );
  });

  it('age, gender and whatever else is guessed from looks', () => {
    for (const item of ['age', 'gender', 'demographics', '性別'])
      expect(withItem(item)[0]).toMatch(/is refused: nobody’s age, gender or origin.*年齢・性別/);
    expect(withCamera({ detection: { outputs: 'age' } })[0]).toMatch(/detection: 'age' is refused/);
  });

  it('a search for a person', () => {
    for (const item of ['person-search', 'watchlist', 're-id'])
      expect(withItem(item)[0]).toMatch(/is refused: nobody can be searched for.*特定の人を探す/);
  });

  it('recognising staff', () => {
    expect(withItem('staff-recognition')[0]).toMatch(/is refused: staff are not told apart.*職員/);
    const base = testGovernance();
    const [safety, ...rest] = base.purposes;
    const purposes = [{ ...safety, id: 'staff-tracking' }, ...rest];
    expect(issuesOf({ governance: { ...base, purposes } })).toEqual([
      expect.stringMatching(/^governance\.purposes\[0\]\.id: 'staff-tracking' is refused: staff/),
    ]);
  });

  it('cameras that somebody wears', () => {
    const governance = { ...cameraGovernance, ground: 'wearable' };
    expect(withCamera({ governance })[0]).toMatch(
      /^cameras\[0\]\.governance\.ground: 'wearable' is refused: a camera that somebody wears.*身に着け/,
    );
    expect(withCamera({ kind: 'body-worn' })[0]).toMatch(/^cameras\[0\]: 'body-worn' is refused/);
  });

  it('recorded footage for a new purpose', () => {
    expect(withItem('recorded-footage')[0]).toMatch(
      /is refused: footage that was recorded before.*録画/,
    );
    expect(withCamera({ source: 'recorded-video' })[0]).toMatch(/'recorded-video' is refused/);
  });
});

describe('what is refused by name', () => {
  it('has its reason in both languages', () => {
    for (const name of REFUSED_BY_NAME) {
      const { ja, en } = whyRefused(name);
      expect(en).toMatch(/^[a-z].{60,}[^.]$/);
      expect(ja).toMatch(/\p{Script=Han}.*からです$/u);
      // Its own name asks for it.
      expect(refusedByName(name)).toBe(name);
    }
  });

  it('is nothing that a plan may well say, or misspell', () => {
    const words = [
      'staffBrifedOn',
      'alsoRecordBy',
      'coverage',
      'average',
      'page',
      'stage',
      'trace',
    ];
    for (const word of [...DATA_ITEMS, ...words, 'surface-1', 'safety', 'interface', 'persons'])
      expect([word, refusedByName(word)]).toEqual([word, undefined]);
  });
});
