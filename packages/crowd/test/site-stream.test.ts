import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameObservation, type TestFrame } from '../../../test/support/frames.js';
import { label, lineFrom, rectangle, testPlan } from '../../../test/support/plans.js';
import { SiteStream, type PlanHistory, type WatermarkOptions } from '../src/index.js';
import { framesOf, planHistory, runStream, T0 } from './support.js';

const plan = testPlan({
  areas: [
    { id: 'west', floor: 'f1', name: label, kind: 'walkway', polygon: rectangle(0, 0, 5, 10) },
    { id: 'east', floor: 'f1', name: label, kind: 'stairs', polygon: rectangle(5, 0, 10, 10) },
  ],
  lines: [{ id: 'middle', floor: 'f1', name: label, line: lineFrom([4, 1], [4, 9]) }],
  cameras: [
    { id: 'a', floor: 'f1', coverage: rectangle(0, 0, 6, 10) },
    { id: 'b', floor: 'f1', coverage: rectangle(4, 0, 10, 10) },
    { id: 'c', floor: 'f1', coverage: rectangle(3, 0, 7, 10) },
  ],
  retention: { positionsHours: 1 },
});

/** Half a minute to two minutes of three cameras, with walkers, gaps, silences, jitter and a shuffled log. */
const anyLog = fc
  .record({
    seed: fc.nat(),
    // Some begin a little before a full ten minutes, where hand-over forgets what it knows.
    startMs: fc.constantFrom(0, 570_000),
    frames: fc.integer({ min: 60, max: 500 }),
    walkers: fc.integer({ min: 0, max: 6 }),
    // Some are one crowd, in which everybody has many who might be them, and which is dense enough to press.
    isCrowd: fc.boolean(),
  })
  .map(({ seed, startMs, frames, walkers: few, isCrowd }) => {
    const walkers = isCrowd ? 2 * few : few;
    const random = mulberry(seed);
    const log: { frame: TestFrame; arrivalMs: number }[] = [];
    for (const camera of ['a', 'b', 'c']) {
      let atMs = startMs + Math.floor(random() * 300);
      let session = 1;
      for (let sequence = 0; sequence < frames; sequence++) {
        atMs += 150 + Math.floor(random() * 100);
        if (random() < 0.005) atMs += Math.floor(random() * 20_000);
        if (random() < 0.003) session++;
        const people = Array.from({ length: walkers }, (_, i) => {
          const phase = isCrowd ? atMs / 3_000 : (atMs / 1000) * (0.3 + 0.1 * i) + i;
          // Each is known under another pseudonym now and then, so that there is something to join.
          const cut = Math.floor((atMs + 7_000 * i) / 25_000);
          return {
            track: i + 10 * session + 1000 * camera.charCodeAt(0) + 100_000 * cut,
            x: 5 + 4.9 * Math.sin(phase) + 0.3 * (random() - 0.5),
            y: 1.2 + ((i * 1.7) % (isCrowd ? 1.2 : 7.5)) + 0.3 * (random() - 0.5),
            vx: 4.9 * (0.3 + 0.1 * i) * Math.cos(phase),
          };
        }).filter(
          ({ x }) => random() > 0.05 && (camera !== 'a' || x < 6) && (camera !== 'b' || x > 4),
        );
        // Mostly soon, sometimes later than the disorder, seldom later than the lateness.
        const delayMs = random() < 0.02 ? random() * 14_000 : random() * 300;
        const blind = random() < 0.02;
        log.push({
          frame: { camera, session, sequence, atMs: T0 + atMs, people: blind ? [] : people, blind },
          arrivalMs: atMs + delayMs,
        });
        if (random() < 0.02)
          log.push({
            frame: {
              camera,
              session,
              sequence,
              atMs: T0 + atMs,
              people: blind ? [] : people,
              blind,
            },
            arrivalMs: atMs + delayMs + 500,
          });
      }
    }
    return log.sort((x, y) => x.arrivalMs - y.arrivalMs).map(({ frame }) => frame);
  });

/** Even: doubles between 0 and 1 are nearly all next to 0. */
const anyShare = fc.nat(1000).map((n) => n / 1000);

describe('the stream of a site', () => {
  it('gives the same windows wherever it is cut and resumed: no row changes, none is missing, none comes twice', () => {
    fc.assert(
      fc.property(anyLog, anyShare, (frames, cut) => {
        expectSameAfterCutAt(frames, Math.floor(cut * frames.length), () => planHistory({ plan }));
      }),
      { numRuns: 30 },
    );
  }, 120_000);

  it('gives the same windows wherever it is cut, also over a change of plan and of window length', () => {
    const longer = testPlan({ ...plan, version: 2, windowS: 30 });
    const fewer = testPlan({
      ...plan,
      version: 3,
      windowS: 30,
      cameras: plan.cameras.slice(0, 2),
      lines: [],
    });
    const history = () =>
      planHistory(
        { plan },
        { plan: longer, fromMs: T0 + 30_700 },
        { plan: fewer, fromMs: T0 + 75_000 },
      );
    fc.assert(
      fc.property(anyLog, anyShare, (frames, cut) => {
        expectSameAfterCutAt(frames, Math.floor(cut * frames.length), history);
      }),
      { numRuns: 15 },
    );
  }, 120_000);

  it('takes what a camera saw that a coming plan adds, from the window on in which that plan is in force', () => {
    const added = testPlan({
      ...plan,
      version: 2,
      cameras: [...plan.cameras, { ...plan.cameras[0], id: 'd' }],
    });
    const history = planHistory({ plan }, { plan: added, fromMs: T0 + 20_000 });
    const frames: TestFrame[] = [];
    for (let ms = 0; ms < 40_000; ms += 200) {
      for (const camera of ['a', 'b', 'c', ...(ms >= 20_000 ? ['d'] : [])]) {
        frames.push({ camera, sequence: ms, atMs: T0 + ms });
      }
    }
    const { windows, fates } = runStream(history, framesOf(frames));
    expect(fates).not.toContain('unknown-camera');
    const first = windows.find((window) => window.planVersion === 2);
    expect(first?.cameras.find((row) => row.camera === 'd')?.observedUs).toBe(10_000_000);
  });

  it('needs the lateness before what it needs: what was late then must be late again', () => {
    // Camera a's frame of second 18 is held up until after second 21, when the window before 20 has closed.
    const person = { track: 1, x: 2, y: 2 };
    const frames: TestFrame[] = [];
    for (let ms = 0; ms < 60_000; ms += 200) {
      const present = ms >= 21_000 && ms < 40_000;
      if (ms !== 18_000) {
        frames.push({ camera: 'a', sequence: ms, atMs: T0 + ms, people: present ? [person] : [] });
      }
      if (ms === 21_000) {
        frames.push({ camera: 'a', sequence: 18_000, atMs: T0 + 18_000, people: [person] });
      }
      for (const camera of ['b', 'c']) frames.push({ camera, sequence: ms, atMs: T0 + ms });
    }
    expectSameAfterCut(frames, 35_500);
  });

  it('needs a frame that is still held, however short the lateness', () => {
    const frames: TestFrame[] = [];
    for (let ms = 0; ms < 60_000; ms += 5_000) {
      // Camera a comes every second time only; its frames are held for that long.
      for (const camera of ms % 10_000 === 0 ? ['a', 'b', 'c'] : ['b', 'c']) {
        frames.push({ camera, sequence: ms, atMs: T0 + ms + 4_000, periodMs: 5_000 });
      }
    }
    const watermark = { disorderUs: 100_000, latenessUs: 100_000 };
    for (let ms = 0; ms < 60_000; ms += 5_000) expectSameAfterCut(frames, ms + 4_000, watermark);
  });

  it('gives the same windows whatever the order of the log, within the disorder', () => {
    fc.assert(
      fc.property(anyLog, fc.nat(), (frames, seed) => {
        const random = mulberry(seed);
        const calm = frames
          .filter((frame, i) => frames.findIndex((other) => same(other, frame)) === i)
          .sort((a, b) => a.atMs - b.atMs);
        const shuffled = calm
          .map((frame) => ({ frame, at: frame.atMs + random() * 400 }))
          .sort((a, b) => a.at - b.at)
          .map(({ frame }) => frame);
        const [ordered, disordered] = [calm, shuffled].map((list) =>
          runStream(planHistory({ plan }), framesOf(list)),
        );
        expect(disordered?.fates).not.toContain('late');
        expect(disordered?.windows).toEqual(ordered?.windows);
      }),
      { numRuns: 15 },
    );
  }, 120_000);

  it('drops a duplicate, and a duplicate only', () => {
    const frame: TestFrame = {
      camera: 'a',
      sequence: 1,
      atMs: T0,
      people: [{ track: 1, x: 2, y: 2 }],
    };
    const { windows, fates } = runStream(
      planHistory({ plan }),
      framesOf([frame, frame, { ...frame, session: 2, atMs: T0 + 200 }]),
    );
    expect(fates.slice(0, 3)).toEqual(['folded', 'duplicate', 'folded']);
    expect(windows[0]?.cameras[0]?.frames).toBe(2);
  });

  it('counts a frame that comes after its window has closed, and folds it no more', () => {
    const late: TestFrame = { camera: 'a', sequence: 1, atMs: T0 + 1_000 };
    const others: TestFrame[] = [0, 30_000].map((ms, i) => ({
      camera: 'b',
      sequence: i,
      atMs: T0 + ms,
    }));
    const stream = new SiteStream({ site: 'test', plans: planHistory({ plan }) });
    others.forEach((frame, i) => stream.push(frameObservation(frame), i));
    const pushed = stream.push(frameObservation(late), 2);
    expect(pushed).toMatchObject({
      fate: 'late',
      late: { camera: 'a', sequence: 1, lateUs: 19_000_000 },
    });
  });

  it('lets no wrong clock carry time away: a capture ahead of its own receipt is refused', () => {
    const wrong: TestFrame = { camera: 'a', sequence: 1, atMs: T0 + 3_600_000, receivedMs: T0 };
    const right: TestFrame = { camera: 'a', sequence: 2, atMs: T0 + 200 };
    expect(runStream(planHistory({ plan }), framesOf([wrong, right])).fates.slice(0, 2)).toEqual([
      'future',
      'folded',
    ]);
  });

  it('says what it cannot place: no plan in force, a camera that the plan does not have', () => {
    const frame: TestFrame = { camera: 'z', sequence: 1, atMs: T0 };
    expect(runStream(planHistory({ plan }), framesOf([frame])).fates[0]).toBe('unknown-camera');
    expect(runStream(planHistory({ plan, fromMs: T0 + 60_000 }), framesOf([frame])).fates[0]).toBe(
      'no-plan',
    );
  });

  it('passes over a silence of a year without a window for each ten seconds of it', () => {
    const frames: TestFrame[] = [{ camera: 'a', sequence: 1, atMs: T0 }];
    const { windows, stream } = runStream(planHistory({ plan }), framesOf(frames), {
      lastTickMs: T0 + 365 * 86_400_000,
    });
    expect(windows.length).toBeLessThan(5);
    expect(stream.closedUntilUs).toBe((T0 + 365 * 86_400_000 - 10_000) * 1000);
  });
});

/** Cuts the log after the last frame captured by `cutMs` (after T0), resumes, and compares with the run that was not cut. */
function expectSameAfterCut(
  frames: readonly TestFrame[],
  cutMs: number,
  watermark?: WatermarkOptions,
): void {
  const cutAt = 1 + frames.findLastIndex((frame) => frame.atMs <= T0 + cutMs);
  expectSameAfterCutAt(frames, cutAt, () => planHistory({ plan }), watermark);
}

function expectSameAfterCutAt(
  frames: readonly TestFrame[],
  cutAt: number,
  plans: () => PlanHistory,
  watermark?: WatermarkOptions,
): void {
  const observations = framesOf(frames);
  const options = watermark && { watermark };
  const whole = runStream(plans(), observations, options).windows;
  const first = new SiteStream({ site: 'test', plans: plans(), ...options });
  const written = observations
    .slice(0, cutAt)
    .flatMap((observation, offset) => first.push(observation, offset).closed);
  const resume = first.resumeOffset();
  expect(resume).toBeLessThanOrEqual(cutAt);
  const rest = runStream(plans(), observations.slice(resume), {
    ...options,
    firstOffset: resume,
    ...(Number.isFinite(first.closedUntilUs) && { closedUntilUs: first.closedUntilUs }),
  }).windows;
  expect([...written, ...rest]).toEqual(whole);
}

function same(a: TestFrame, b: TestFrame): boolean {
  return a.camera === b.camera && a.session === b.session && a.sequence === b.sequence;
}

function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
