import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/contract/index.js';
import {
  byUrgency,
  needsSomebody,
  placeOf,
  stepsOf,
  thresholdOf,
  valueOf,
  whatOf,
} from '../src/alerts/describe.js';
import { dueTone, REPEAT_MS, TONES } from '../src/alerts/tones.js';
import { cautionSentence } from '../src/system/sentence.js';
import { examplePlan } from './example-plan.js';

const plan = examplePlan(['hall']);
const NOW = Date.parse('2026-11-22T06:00:00Z');

function alert(changes: Partial<Alert> = {}): Alert {
  return {
    id: 'one',
    site: 'example',
    rule: 'density',
    subject: 'hall',
    severity: 'critical',
    state: 'firing',
    since: '2026-11-22T05:55:00.000Z',
    at: '2026-11-22T05:55:00.000Z',
    value: 3.66,
    threshold: 3.5,
    atLeast: false,
    minutesToNext: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    shelvedUntil: null,
    shelvedBy: null,
    escalatedAt: null,
    actionCard: 'crowded',
    actions: [],
    ...changes,
  };
}

describe('an alert in words', () => {
  it('names the place as the plan does, and its id where the plan has it no more', () => {
    expect(placeOf(alert(), plan, 'ja')).toBe('hall（和）');
    expect(placeOf(alert({ subject: 'gone' }), plan, 'en')).toBe('gone');
  });

  it('gives the value in its unit, and "at least" where the detector was saturated', () => {
    expect(valueOf(alert(), 'en')).toBe('3.7 persons/m²');
    expect(valueOf(alert({ atLeast: true }), 'en')).toBe('at least 3.7 persons/m²');
    expect(valueOf(alert({ atLeast: true }), 'ja')).toBe('3.7 人/m²以上');
    expect(thresholdOf(alert({ rule: 'unseen', threshold: 0.8 }), 'en')).toMatch(/^80%/);
    expect(valueOf(alert({ rule: 'camera-blind' }), 'en')).toBeUndefined();
  });

  it('says danger to life plainly', () => {
    expect(whatOf(alert({ severity: 'emergency' }), 'en')).toContain('lives are at stake');
  });

  it('shows a step of its card as taken, in whichever language it was ticked', () => {
    const taken = alert({
      actions: [
        { at: '2026-11-22T05:56:00.000Z', user: 'sato', kind: 'step', text: 'Call for help' },
      ],
    });
    const steps = stepsOf(taken, plan, 'ja')?.steps ?? [];
    expect(steps.map(({ done }) => done?.user)).toEqual([undefined, 'sato']);
  });
});

describe('who needs somebody', () => {
  const acknowledged = { acknowledgedBy: 'sato', acknowledgedAt: '2026-11-22T05:56:00.000Z' };

  it('is what is active, acknowledged by nobody and not shelved', () => {
    expect(needsSomebody(alert(), NOW)).toBe(true);
    expect(needsSomebody(alert({ state: 'cannot-see' }), NOW)).toBe(true);
    expect(needsSomebody(alert(acknowledged), NOW)).toBe(false);
    expect(needsSomebody(alert({ state: 'resolved' }), NOW)).toBe(false);
    expect(needsSomebody(alert({ shelvedUntil: '2026-11-22T06:10:00.000Z' }), NOW)).toBe(false);
    expect(needsSomebody(alert({ shelvedUntil: '2026-11-22T05:59:00.000Z' }), NOW)).toBe(true);
  });

  it('stands first, the most severe before all; what is shelved stands last', () => {
    const list = [
      alert({ id: 'shelved', severity: 'emergency', shelvedUntil: '2026-11-22T06:10:00.000Z' }),
      alert({ id: 'taken', severity: 'emergency', ...acknowledged }),
      alert({ id: 'warning', severity: 'warning' }),
      alert({ id: 'emergency', severity: 'emergency' }),
    ];
    expect(list.toSorted(byUrgency(NOW)).map(({ id }) => id)).toEqual([
      'emergency',
      'warning',
      'taken',
      'shelved',
    ]);
  });
});

describe('the sound', () => {
  it('of each severity is its own', () => {
    const melodies = Object.values(TONES).map((notes) => JSON.stringify(notes));
    expect(new Set(melodies).size).toBe(3);
  });

  it('comes at once for what is new, once for a warning, again and again for an emergency', () => {
    const warning = alert({ id: 'w', severity: 'warning' });
    const emergency = alert({ id: 'e', severity: 'emergency' });
    const first = dueTone([warning], new Map(), 0, NOW);
    expect(first.tone).toBe('warning');
    expect(dueTone([warning], first.sounded, 3_600_000, NOW).tone).toBeUndefined();
    const both = dueTone([warning, emergency], first.sounded, 1_000, NOW);
    expect(both.tone).toBe('emergency');
    expect(dueTone([warning, emergency], both.sounded, 1_500, NOW).tone).toBeUndefined();
    const later = 1_000 + REPEAT_MS.emergency;
    expect(dueTone([warning, emergency], both.sounded, later, NOW).tone).toBe('emergency');
  });

  it('comes again when an alert becomes more severe, and ends when somebody has acknowledged', () => {
    const before = dueTone([alert({ severity: 'warning' })], new Map(), 0, NOW);
    const worse = dueTone([alert({ severity: 'critical' })], before.sounded, 100, NOW);
    expect(worse.tone).toBe('critical');
    const seen = alert({ acknowledgedBy: 'sato', acknowledgedAt: '2026-11-22T06:00:00.000Z' });
    const after = dueTone([seen], worse.sounded, 60_000, NOW);
    expect(after.tone).toBeUndefined();
    expect(after.sounded.size).toBe(0);
  });
});

describe('a caution', () => {
  it('is a sentence that says what not to trust and why', () => {
    const caution = { subject: 'hall', kind: 'coverage', since: null, value: 0.42 } as const;
    expect(cautionSentence(caution, plan, 'en')).toBe(
      'Only 42% of hall is seen: its people are those in sight alone.',
    );
    const moved = {
      subject: 'cam-1',
      kind: 'moved',
      since: '2026-11-21T21:05:00Z',
      value: null,
    } as const;
    expect(cautionSentence(moved, plan, 'ja')).toContain('06:05から');
  });
});
