import { describe, expect, it } from 'vitest';
import {
  cameraGovernance,
  label,
  planText,
  rectangle,
  testGovernance,
  testPlan,
} from '../../../test/support/plans.js';
import { cameraStart, formatIssue, isInside, purposeStartMs, readPlan } from '../src/index.js';

const base = testGovernance();
const [safety, planning] = base.purposes;
const issuesOf = (changes: Record<string, unknown>): string[] =>
  readPlan(planText(changes)).issues.map(formatIssue);
const camera = (governance: object | undefined): Record<string, unknown> => ({
  cameras: [{ id: 'c1', floor: 'f1', coverage: rectangle(0, 0, 10, 10), governance }],
});
/** A camera that serves no purpose yet, so that what is wrong is the purposes' own. */
const governed = (
  changes: Record<string, unknown>,
  cameras: Record<string, unknown> = camera(undefined),
): string[] => issuesOf({ governance: { ...base, ...changes }, ...cameras });

describe('a plan says why it measures, and', () => {
  it('without purposes, or without a contact that somebody can ask, it is refused', () => {
    expect(issuesOf({ governance: undefined })[0]).toMatch(/^governance: /);
    expect(governed({ purposes: [] })[0]).toMatch(/^governance\.purposes: /);
    const missing = { name: label };
    expect(issuesOf({ operator: missing })[0]).toMatch(/^operator\.contact: /);
    expect(issuesOf({ operator: { ...missing, contact: 'the office' } })[0]).toMatch(
      /^operator\.contact: must hold an e-mail address, a telephone number or a web address/,
    );
  });

  it('with two purposes of which a read could be either is refused', () => {
    const other = { ...safety, id: 'other', items: ['measures'] };
    expect(governed({ purposes: [safety, { ...other, retention: safety?.retention }] })).toEqual([
      "governance.purposes[1]: 'other' overlaps with 'safety': both give measures to operator at the same place; make them one purpose, or give each its own items, places or recipients",
    ]);
    const apart = [
      { ...safety, places: ['hall'] },
      { ...other, retention: safety?.retention, places: ['middle'] },
    ];
    expect(governed({ purposes: [...apart, planning] })).toEqual([]);
  });

  it('that keeps anything longer than a purpose needs it is refused', () => {
    expect(issuesOf({ retention: { flowLegsDays: 5 } })).toEqual([]);
    const short = { ...planning, retention: { flowLegsDays: 2 } };
    expect(governed({ purposes: [safety, short] })).toEqual([
      'retention.flowLegsDays: 3 is longer than any purpose needs flow-legs (2); keep it for less, or say which purpose needs it for so long',
    ]);
    expect(
      issuesOf({
        governance: { ...base, purposes: [safety, planning] },
        retention: { positionsHours: 1 },
        ...camera(undefined),
      })[0],
    ).toMatch(/^retention\.positionsHours: 1 is longer than any purpose needs positions \(0\)/);
  });

  it('whose purpose is silent about how long it keeps what it uses, or keeps what it does not use, is refused', () => {
    const silent = { ...planning, retention: {} };
    const greedy = { ...planning, retention: { flowLegsDays: 3, positionsHours: 1 } };
    expect(governed({ purposes: [safety, silent] })).toContain(
      "governance.purposes[1].retention.flowLegsDays: 'planning' uses flow-legs and does not say for how long; say it",
    );
    expect(governed({ purposes: [safety, greedy] })).toContain(
      "governance.purposes[1].retention.positionsHours: 'planning' keeps positions and does not use them; remove it, or add 'positions' to its items",
    );
  });

  it('that gives data to somebody without a contract, or names what is not there, is refused', () => {
    const city = { id: 'city', name: label, role: 'third-party' };
    expect(governed({ recipients: [...base.recipients, city] })).toEqual([
      "governance.recipients[1].contract: 'city' receives data without a contract; name the contract, or drop the recipient",
    ]);
    expect(governed({ recipients: [...base.recipients, ...base.recipients] })).toHaveLength(2);
    expect(governed({ purposes: [{ ...safety, recipients: ['police'] }, planning] })[0]).toBe(
      "governance.purposes[0].recipients[0]: 'police' is not in this plan; use one of: operator",
    );
    expect(issuesOf(camera({ ...cameraGovernance, stage: 'later' }))[0]).toMatch(
      /^cameras\[0\]\.governance\.stage\[0\]: 'later' is not in this plan; use one of: first/,
    );
  });

  it('that promises a third party what no release gives it is refused: exact numbers stay inside', () => {
    const city = { id: 'city', name: label, role: 'third-party', contract: 'A-1' };
    const buyers = { id: 'buyers', name: label, role: 'buyers' };
    const recipients = [...base.recipients, city, buyers];
    const purposes = [safety, { ...planning, recipients: ['operator', 'buyers', 'city'] }];
    const issue =
      "governance.purposes[1].recipients[2]: 'planning' gives data to 'city', a third party, which takes releases alone, and no dataset for buyers is for this purpose; describe such a dataset, for 'city' to take by contract, or leave 'city' out; a body that works for the operator is a processor";
    expect(governed({ recipients, purposes })).toEqual([issue]);
    const sold = {
      ...{ id: 'ways', title: label, description: label, subject: 'movements', stepS: 3_600 },
      ...{ period: 'day', startsOn: '2026-01-01', audience: 'buyers', licence: 'contract' },
    };
    const taken = { ...camera(undefined), datasets: [{ ...sold, purpose: 'planning' }] };
    expect(governed({ recipients, purposes }, taken)).toEqual([]);
    const works = { ...city, role: 'processor' };
    expect(governed({ recipients: [...base.recipients, works, buyers], purposes })).toEqual([]);
    const roles = ['operator', 'processor', 'third-party', 'public', 'buyers'] as const;
    expect(roles.filter((role) => isInside({ role }))).toEqual(['operator', 'processor']);
  });

  it('that films public ground without a permit is refused', () => {
    expect(issuesOf(camera({ ...cameraGovernance, ground: 'public' }))).toEqual([
      "cameras[0].governance.permits: 'c1' films public ground without a permit or a council's decision; name them",
    ]);
  });
});

describe('a camera of several purposes keeps them apart', () => {
  const only = { ...cameraGovernance, purposes: ['planning'] };

  it('by measuring nothing that is for a purpose that it does not serve', () => {
    expect(governed({ purposes: [safety, planning] }, camera(only))).toEqual([
      "cameras[0].governance.purposes: 'c1' measures 'hall', which is for 'safety' too, and does not serve it; add 'safety', once its notice has named this camera, or leave 'hall' out of governance.purposes[0].places",
    ]);
  });

  it('where the other purpose is about other places, or other cameras', () => {
    const areas = [
      { id: 'hall', floor: 'f1', name: label, kind: 'walkway', polygon: rectangle(0, 0, 10, 10) },
      { id: 'yard', floor: 'f1', name: label, kind: 'walkway', polygon: rectangle(10, 0, 20, 10) },
    ];
    const cameras = [
      { id: 'c1', floor: 'f1', coverage: rectangle(0, 0, 10, 10), governance: only },
      {
        ...{ id: 'c2', floor: 'f1', coverage: rectangle(10, 0, 20, 10) },
        governance: { ...cameraGovernance, purposes: ['safety', 'planning'] },
      },
    ];
    const yardOnly = { ...safety, places: ['yard'] };
    expect(governed({ purposes: [yardOnly, planning] }, { areas, cameras })).toEqual([]);
    expect(governed({ purposes: [safety, planning] }, { areas, cameras })).toHaveLength(1);
  });
});

describe('a purpose and its cameras begin', () => {
  const plan = (changes: Record<string, unknown>, ofCamera: object = {}) =>
    testPlan({
      governance: { ...base, ...changes },
      ...camera({ ...cameraGovernance, ...ofCamera }),
    });
  const startOf = (changes: Record<string, unknown>, ofCamera: object = {}) => {
    const made = plan(changes, ofCamera);
    const { fromMs, because } = cameraStart(made, made.cameras[0]!);
    return { from: fromMs === undefined ? undefined : new Date(fromMs).toISOString(), because };
  };

  it('at midnight of the site, when the notice has stood for the required days', () => {
    const later = plan({
      noticeDays: 30,
      purposes: base.purposes.map((purpose) => ({ ...purpose, noticePublishedOn: '2026-11-01' })),
    });
    const ms = purposeStartMs(later, later.governance.purposes[0]!);
    // Tokyo is nine hours ahead.
    expect(new Date(ms).toISOString()).toBe('2026-11-30T15:00:00.000Z');
    expect(cameraStart(later, later.cameras[0]!)).toEqual({
      fromMs: ms,
      because:
        "camera 'c1' may start on 2026-12-01, when the notice of its purpose has stood for the required days",
    });
  });

  it('not before its stage, its permits and the briefing of the staff, whichever comes last', () => {
    expect(startOf({ stages: [{ id: 'first', name: label, startsOn: '2026-12-05' }] }).from).toBe(
      '2026-12-04T15:00:00.000Z',
    );
    expect(startOf({}, { staffBriefedOn: '2026-12-06' }).because).toMatch(
      /may start on 2026-12-06, when the staff there are briefed/,
    );
    const permits = [{ name: label, reference: 'road 12', grantedOn: '2026-12-07' }];
    expect(startOf({}, { ground: 'public', permits }).because).toMatch(
      /may start on 2026-12-07, when 'road 12' is granted/,
    );
  });

  it('never, where the plan does not say why a camera is needed rather than a counter', () => {
    const made = testPlan(camera(undefined));
    const [bare] = made.cameras;
    expect(cameraStart(made, { ...bare!, governance: undefined })).toEqual({
      because:
        "the plan does not say why camera 'c1' is needed rather than a counter: fill in cameras[].governance",
    });
  });
});
