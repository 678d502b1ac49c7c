import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rectangle } from '../../../test/support/plans.js';
import { AlertEngine, SiteGeometry } from '../src/index.js';
import { alertPlan, brief, Watch, type Scene } from './alert-support.js';

// When an alert fires, when it resolves, and when nobody can say. Bands of the plan: stable 1, capacity 2.5, unstable 3.5,
// congested 5 persons/m²; it fires after 1 s and resolves after 30 s.

const briefly = (watch: Watch, seconds: number, scene: Parameters<Watch['run']>[1]): string[] =>
  watch.run(seconds, scene).map(brief);

describe('a quiet station', () => {
  it('alerts of nothing', () => {
    expect(new Watch().run(300)).toEqual([]);
  });
});

describe('the danger bands', () => {
  it.each([
    [2.49, []],
    [2.5, ['density hall firing warning']],
    [3.5, ['density hall firing critical']],
    [5, ['density hall firing emergency']],
    [12, ['density hall firing emergency']],
  ])('at %d persons/m² at the densest spot: %s', (peak, expected) => {
    expect(briefly(new Watch(), 10, { peak })).toEqual(expected);
  });

  it('are those of the area where it has its own', () => {
    const plan = alertPlan();
    const dangerBands = { stable: 0.5, capacity: 1, unstable: 1.5, congested: 2 };
    const own = plan.areas.map((area) => ({ ...area, dangerBands }));
    const watch = new Watch(alertPlan({ areas: own }));
    expect(briefly(watch, 5, { peak: 1.6 })).toEqual(['density hall firing critical']);
  });

  it('fire when they have been passed for 1 s, and tell value, threshold and since when', () => {
    const watch = new Watch();
    expect(watch.run(0.8, { peak: 4 })).toEqual([]);
    const [alert] = watch.run(1, { peak: 4 });
    expect(alert).toMatchObject({
      ...{ rule: 'density', subject: 'hall', severity: 'critical', state: 'firing' },
      ...{ value: 4, threshold: 3.5, atLeast: false, revision: 1, planVersion: 1 },
    });
    expect(alert?.sinceUs).toBe(alert?.atUs);
  });

  it('do not fire for one frame in which the detector saw double', () => {
    const watch = new Watch();
    for (let i = 0; i < 20; i++) {
      expect(watch.run(0.4, { peak: 6 })).toEqual([]);
      expect(watch.run(1, { peak: 1 })).toEqual([]);
    }
  });

  it('do not fire for one bad frame after which none comes', () => {
    const watch = new Watch();
    watch.run(0.2, { peak: 6 });
    expect(watch.run(5, { peak: 6, stuck: true })).toEqual([]);
    expect(briefly(watch, 5, { peak: 1 })).toEqual([]);
  });

  it('rise at once, under the same id, and fall band by band only when each is over', () => {
    const watch = new Watch();
    watch.run(5, { peak: 3 });
    watch.run(5, { peak: 6 });
    expect(watch.run(29, { peak: 3 })).toEqual([]);
    watch.run(5, { peak: 3 });
    watch.run(31, { peak: 0.5 });
    expect(watch.changes.map(brief)).toEqual([
      'density hall firing warning',
      'density hall firing emergency',
      'density hall firing warning',
      'density hall resolved warning',
    ]);
    expect(new Set(watch.changes.map(({ id }) => id)).size).toBe(1);
    expect(watch.changes.map(({ revision }) => revision)).toEqual([1, 2, 3, 4]);
    expect(new Set(watch.changes.map(({ sinceUs }) => sinceUs)).size).toBe(1);
  });

  it('do not fall through the bands on the way to the end: that would be news of no use', () => {
    const watch = new Watch();
    watch.run(5, { peak: 6 });
    watch.run(60, (atS) => ({ peak: Math.max(0.5, 6 - 0.3 * atS) }));
    expect(watch.changes.map(brief)).toEqual([
      'density hall firing emergency',
      'density hall resolved emergency',
    ]);
  });
});

describe('a value that flickers around its threshold', () => {
  it('is one alert: it resolves a tenth below the threshold, and not while it comes back within 30 s', () => {
    const watch = new Watch();
    watch.run(120, (atS) => ({ peak: Math.floor(atS) % 3 === 0 ? 2.3 : 2.7 }));
    watch.run(60, { peak: 2.4 });
    watch.run(60, (atS) => ({ peak: Math.floor(atS) % 20 === 0 ? 2.3 : 1 }));
    expect(watch.changes.map(brief)).toEqual(['density hall firing warning']);
    expect(briefly(watch, 31, { peak: 2.2 })).toEqual(['density hall resolved warning']);
  });

  it('the next time is another alert', () => {
    const watch = new Watch();
    for (const peak of [4, 0.5, 4]) watch.run(40, { peak });
    expect(new Set(watch.changes.map(({ id }) => id)).size).toBe(2);
  });
});

describe('a saturated detector', () => {
  it('reads "at least", and alerts one band earlier', () => {
    const watch = new Watch();
    expect(watch.run(5, { peak: 0.9, saturation: 1 })).toEqual([]);
    expect(watch.run(5, { peak: 2.6, saturation: 0.89 }).map(brief)).toEqual([
      'density hall firing warning',
    ]);
    const [alert] = watch.run(5, { peak: 2.6, saturation: 0.9 });
    expect(alert).toMatchObject({ severity: 'critical', threshold: 2.5, atLeast: true });
    expect(briefly(watch, 5, { peak: 3.6, saturation: 1 })).toEqual([
      'density hall firing emergency',
    ]);
  });

  it('cannot say that it is over: the alert stays, at the same severity, as one that nobody can see', () => {
    const watch = new Watch();
    watch.run(5, { peak: 4 });
    expect(briefly(watch, 600, { peak: 0.5, saturation: 0.95 })).toEqual([
      'density hall cannot-see critical',
    ]);
    expect(briefly(watch, 31, { peak: 0.5 })).toEqual(['density hall resolved critical']);
  });
});

describe('an alert whose area is lost from sight', () => {
  const lost = (): Watch => {
    const watch = new Watch();
    watch.run(5, { peak: 4 });
    return watch;
  };

  it('becomes "cannot see" at the same severity, keeps its last value, and never resolves unseen', () => {
    const watch = lost();
    const [alert, ...more] = watch.run(300, { peak: 0, people: 0, coverage: 0 });
    expect(alert).toMatchObject({ state: 'cannot-see', severity: 'critical', value: 4 });
    expect(more.map(brief)).toEqual(['unseen hall firing warning']);
  });

  it('also where only a part is seen, and that part is empty', () => {
    expect(briefly(lost(), 10, { peak: 0.28, coverage: 0.79 })).toEqual([
      'density hall cannot-see critical',
    ]);
  });

  it('also where its camera was turned away: an empty wall is no empty hall', () => {
    expect(briefly(lost(), 60, { peak: 0.28, doubtful: 1 })).toEqual([
      'density hall cannot-see critical',
    ]);
  });

  it('still fires where the part that is seen is as full', () => {
    expect(briefly(lost(), 10, { peak: 4, coverage: 0.5 })).toEqual([]);
  });

  it('fires again when it is seen again to be full, and resolves when it is seen to be over', () => {
    const watch = lost();
    watch.run(60, { coverage: 0 });
    watch.run(5, { peak: 4 });
    watch.run(10, { coverage: 0 });
    watch.run(40, { peak: 0.5, coverage: 0.8 });
    const ours = watch.changes.filter(({ rule }) => rule === 'density').map(({ state }) => state);
    expect(ours).toEqual(['firing', 'cannot-see', 'firing', 'cannot-see', 'resolved']);
  });

  it('does not flicker where single frames are missing', () => {
    const watch = lost();
    watch.run(60, (atS) => (atS % 2 < 0.5 ? { coverage: 0 } : { peak: 4 }));
    expect(watch.changes.map(brief)).toEqual(['density hall firing critical']);
  });
});

describe('the minutes to the next band', () => {
  it('follow from the people there now and inflow less outflow of the last minute', () => {
    const watch = new Watch();
    // 100 people at a peak of 2.6; 20 more a minute: 3.5 needs 134.6 people.
    watch.run(60, (atS) => ({ peak: 2.6, people: Math.round(80 + (20 * atS) / 60) }));
    const [alert] = [...watch.engine.active()];
    expect(alert?.minutesToNext).toBeGreaterThan(1.5);
    expect(alert?.minutesToNext).toBeLessThan(2);
  });

  it.each([
    ['the area empties', (atS: number) => ({ peak: 2.6, people: 120 - Math.round(atS / 3) })],
    ['nothing changes', () => ({ peak: 2.6, people: 100 })],
    ['there is no next band', (atS: number) => ({ peak: 6, people: 100 + Math.round(atS / 3) })],
    ['it is over an hour away', (atS: number) => ({ peak: 2.6, people: 900 + (atS > 30 ? 1 : 0) })],
  ])('are none where %s', (_why, scene) => {
    const watch = new Watch();
    watch.run(60, scene);
    const alert = [...watch.engine.active()].find(({ rule }) => rule === 'density');
    expect(alert?.minutesToNext).toBe(0);
  });
});

describe('a mean density that rises fast', () => {
  it('alerts where it rises by more than 1 person/m² in a minute, and not below', () => {
    const rising = (perMin: number) => {
      const watch = new Watch();
      return briefly(watch, 60, (atS) => ({ people: Math.round((100 * perMin * atS) / 60) }));
    };
    expect(rising(1.2)).toEqual(['density-rising hall firing warning']);
    expect(rising(0.8)).toEqual([]);
  });

  it('is not a few people who come together in a small place', () => {
    const small = { ...alertPlan().areas[0], polygon: rectangle(0, 0, 2, 1) };
    const watch = new Watch(alertPlan({ areas: [small], lines: [] }));
    expect(briefly(watch, 60, (atS) => ({ people: atS < 30 ? 0 : 3 }))).toEqual([]);
  });

  it('resolves when it rises no more', () => {
    const watch = new Watch();
    watch.run(60, (atS) => ({ people: Math.round(2 * atS) }));
    expect(briefly(watch, 120, { people: 120 })).toEqual(['density-rising hall resolved warning']);
  });
});

describe('a count line', () => {
  it('alerts above its capacity: 60 persons/m/min over its 4 m, both ways together', () => {
    expect(briefly(new Watch(), 10, { forward: 230, backward: 10 })).toEqual([]);
    const [alert] = new Watch().run(10, { forward: 230, backward: 14 });
    expect(alert).toMatchObject({ rule: 'flow', subject: 'gate', value: 61, threshold: 60 });
  });

  it('alerts where more than a quarter goes against its main direction, of ten passages at least', () => {
    expect(briefly(new Watch(), 10, { forward: 30, backward: 10 })).toEqual([]);
    expect(briefly(new Watch(), 10, { forward: 2, backward: 7 })).toEqual([]);
    expect(briefly(new Watch(), 10, { forward: 29, backward: 11 })).toEqual([
      'counter-flow gate firing warning',
    ]);
  });

  it('of which nobody sees the passages any more cannot be seen to be free', () => {
    const watch = new Watch();
    watch.run(10, { forward: 300 });
    expect(briefly(watch, 10, { silent: true, forward: 0 })).toEqual([
      'flow gate cannot-see warning',
    ]);
  });
});

describe('a queue', () => {
  it('alerts where it has more than its most persons, 20', () => {
    expect(briefly(new Watch(), 10, { queue: 20 })).toEqual([]);
    const [alert] = new Watch().run(10, { queue: 21 });
    expect(alert).toMatchObject({ rule: 'queue', subject: 'queue', value: 21, threshold: 20 });
  });
});

describe('an area', () => {
  it('that is not seen for 15 s alerts, also where nothing was ever seen; and resolves when it is seen', () => {
    expect(briefly(new Watch(), 14, { coverage: 0.5 })).toEqual([]);
    const watch = new Watch();
    expect(briefly(watch, 16, { coverage: 0.5 })).toEqual(['unseen hall firing warning']);
    expect(briefly(watch, 31, {})).toEqual(['unseen hall resolved warning']);
    const never = briefly(new Watch(), 20, { nothing: true });
    expect(never).toContain('unseen queue firing warning');
  });

  it('that the plan never covers is a matter of the plan, and alerts of nothing', () => {
    const blindSpot = { ...alertPlan().areas[1], id: 'hall', polygon: rectangle(50, 0, 60, 2) };
    const watch = new Watch(alertPlan({ areas: [blindSpot], lines: [] }));
    expect(watch.run(60, { coverage: 0, people: 0 })).toEqual([]);
  });

  it('that the plan covers by half is seen when that half is, and its alerts can resolve', () => {
    const half = [
      { id: 'c1', floor: 'f1', coverage: rectangle(0, 0, 5, 10) },
      { id: 'c2', floor: 'f1', coverage: rectangle(20, 0, 30, 2) },
    ];
    const watch = new Watch(alertPlan({ cameras: half, lines: [] }));
    watch.run(10, { coverage: 0.5, peak: 3 });
    expect(briefly(watch, 40, { coverage: 0.5 })).toEqual(['density hall resolved warning']);
    expect(briefly(watch, 20, { coverage: 0.4 })).toEqual(['unseen hall firing warning']);
  });
});

describe('a camera', () => {
  it('that is silent for 15 s alerts, with how long; and resolves when its frames have come for 30 s', () => {
    const watch = new Watch();
    const silent = { silent: true, coverage: 1 };
    expect(briefly(watch, 14.8, silent)).toEqual([]);
    const [alert] = watch.run(1, silent);
    expect(alert).toMatchObject({ rule: 'camera-silent', subject: 'c1', value: 15, threshold: 15 });
    expect(briefly(watch, 31, {})).toEqual(['camera-silent c1 resolved warning']);
  });

  it('that has never sent a frame is silent too, from when it is first waited for', () => {
    expect(briefly(new Watch(), 20, { nothing: true })).toContain(
      'camera-silent c1 firing warning',
    );
  });

  it('that the plan does not let start yet is not missed', () => {
    const unexplained = [
      { id: 'c1', floor: 'f1', coverage: rectangle(0, 0, 30, 10), governance: undefined },
    ];
    const watch = new Watch(alertPlan({ cameras: unexplained }));
    expect(briefly(watch, 20, { nothing: true }).join()).not.toContain('camera-silent');
  });

  it('that is covered, out of focus or in the dark alerts after 15 s; then silent, nobody knows', () => {
    const watch = new Watch();
    expect(briefly(watch, 14, { blind: true, coverage: 1 })).toEqual([]);
    expect(briefly(watch, 3, { blind: true, coverage: 1 })).toEqual([
      'camera-blind c1 firing warning',
    ]);
    expect(briefly(watch, 60, { blind: true, silent: true, coverage: 1 })).toEqual(
      [
        'flow gate cannot-see warning',
        'camera-silent c1 firing warning',
        'camera-blind c1 cannot-see warning',
      ].slice(1),
    );
  });

  it('that was probably moved alerts at once, for as long as it is believed to be moved', () => {
    const watch = new Watch();
    expect(briefly(watch, 1, { movedS: 25 })).toEqual(['camera-moved c1 firing warning']);
    expect(briefly(watch, 600, { movedS: 600 })).toEqual([]);
    expect(briefly(watch, 31, {})).toEqual(['camera-moved c1 resolved warning']);
  });
});

describe('a counter', () => {
  const counted = () => new Watch(alertPlan({ counters: [{ id: 'turnstile', line: 'gate' }] }));
  const ofCounter = (watch: Watch, seconds: number, scene: Scene): string[] =>
    briefly(watch, seconds, scene).filter((one) => one.includes('turnstile'));
  const unreported: Scene = { silent: true, coverage: 1 };

  it('that stops alerts when its line has been uncounted for as long as a camera may be silent', () => {
    const watch = counted();
    expect(ofCounter(watch, 30, {})).toEqual([]);
    expect(ofCounter(watch, 14.8, unreported)).toEqual([]);
    expect(ofCounter(watch, 1, unreported)).toEqual(['camera-silent turnstile firing warning']);
    expect(ofCounter(watch, 31, {})).toEqual(['camera-silent turnstile resolved warning']);
  });

  it('that has not reported yet has five minutes, since nobody knows how often it does', () => {
    const watch = counted();
    expect(ofCounter(watch, 299, unreported)).toEqual([]);
    expect(ofCounter(watch, 2, unreported)).toEqual(['camera-silent turnstile firing warning']);
  });

  it('whose alert is of an earlier run is not well again because it has not been waited for long', () => {
    const first = counted();
    first.run(310, unreported);
    const second = counted();
    second.nowUs = first.nowUs;
    second.engine.restore(first.engine.active(), first.nowUs);
    expect(ofCounter(second, 60, unreported)).not.toContain(
      'camera-silent turnstile resolved warning',
    );
    expect(ofCounter(second, 40, {})).toContain('camera-silent turnstile resolved warning');
  });
});

describe('an engine that takes over from another', () => {
  const crush: Scene = { peak: 4 };

  it('goes on with the same alert: same id, no second firing, and its end', () => {
    const first = new Watch();
    first.run(10, crush);
    const second = new Watch();
    second.nowUs = first.nowUs;
    second.engine.restore(first.engine.active(), first.nowUs);
    // Until the first frames come there is no picture: that is no reason to say that nobody sees.
    expect(second.run(2, { nothing: true })).toEqual([]);
    expect(second.run(10, crush)).toEqual([]);
    const [end] = second.run(40, {});
    expect(end).toMatchObject({ id: first.changes[0]?.id, state: 'resolved', revision: 2 });
  });

  it('does not judge again what the other has judged', () => {
    const first = new Watch();
    first.run(100);
    const second = new Watch();
    second.engine.restore([], first.nowUs);
    expect(second.run(100, crush)).toEqual([]);
    expect(second.run(2, crush).map(brief)).toEqual(['density hall firing critical']);
  });

  it('finds the same alerts with the same ids where it sees the same', () => {
    const scene = fc.record({
      peak: fc.integer({ min: 0, max: 800 }).map((n) => n / 100),
      people: fc.integer({ min: 0, max: 300 }),
      coverage: fc.constantFrom(0, 0.5, 0.8, 1),
      saturation: fc.constantFrom(0, 0.95),
      forward: fc.integer({ min: 0, max: 300 }),
      backward: fc.integer({ min: 0, max: 100 }),
      blind: fc.boolean(),
    });
    const day = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), scene), { maxLength: 8 });
    fc.assert(
      fc.property(day, (spans) => {
        const [one, other] = [new Watch(), new Watch()];
        for (const watch of [one, other]) for (const [s, now] of spans) watch.run(s, now);
        expect(one.changes).toEqual(other.changes);
        // Revisions count up by one under each id, and after its end an id is not heard of again.
        const last = new Map<string, number>();
        for (const { id, revision, state } of one.changes) {
          expect(revision).toBe((last.get(id) ?? 0) + 1);
          last.set(id, state === 'resolved' ? Infinity : revision);
        }
        // What is active is what has not ended.
        const open = [...last].filter(([, revision]) => revision < Infinity).map(([id]) => id);
        expect([...one.engine.active()].map(({ id }) => id).sort()).toEqual(open.sort());
      }),
      { numRuns: 15 },
    );
  });
});

describe('a new version of the plan', () => {
  it('resolves the alerts of what it does away with, and goes on with the others', () => {
    const watch = new Watch();
    watch.run(10, { peak: 4, queue: 30 });
    const plan = alertPlan({ version: 2, areas: [alertPlan().areas[0]] });
    watch.engine.follow(new SiteGeometry(plan));
    expect(briefly(watch, 10, { peak: 4, queue: 30 })).toEqual(['queue queue resolved warning']);
    expect(watch.changes.at(-1)).toMatchObject({ planVersion: 2 });
    expect(watch.active).toEqual(['density hall firing critical']);
  });
});

describe('a jump in time', () => {
  it('is no time in which something lasted', () => {
    const watch = new Watch();
    watch.run(0.2, { peak: 4 });
    watch.pause(3_600);
    expect(watch.run(0.2, { peak: 4 })).toEqual([]);
    watch.run(5, { peak: 4 });
    watch.run(0.2, {});
    watch.pause(3_600);
    expect(watch.run(20, {})).toEqual([]);
    expect(briefly(watch, 12, {})).toEqual(['density hall resolved critical']);
  });

  it('backwards changes nothing', () => {
    const watch = new Watch();
    watch.run(10, {});
    watch.pause(-9);
    expect(watch.run(8, { peak: 4 })).toEqual([]);
  });
});

it('an engine with nothing to say costs nothing that grows: no entry stays behind', () => {
  const engine = new AlertEngine(new SiteGeometry(alertPlan()));
  const watch = new Watch(alertPlan(), engine);
  for (let i = 0; i < 20; i++) watch.run(1, { peak: i % 2 === 0 ? 6 : 0.5 });
  watch.run(60, {});
  expect(watch.active).toEqual([]);
  expect((engine as unknown as { entries: Map<string, unknown> }).entries.size).toBe(0);
});
