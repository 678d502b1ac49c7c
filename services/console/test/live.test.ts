import fc from 'fast-check';
import { createMetrics } from '@hitonami/service';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { metric } from '../../../test/support/metrics.js';
import { Audience } from '../src/live/audience.js';
import { encodePeople } from '../src/live/people.js';
import { Viewer, type Sink } from '../src/live/viewer.js';
import { consoleMetrics } from '../src/metrics.js';
import { silent } from './support.js';

/** A reader that takes what it is given only when the test says so. */
class SlowSink implements Sink {
  readonly taken: string[] = [];
  isSlow = true;
  ended = '';
  #drain: () => void = () => undefined;
  write(chunk: Uint8Array): boolean {
    this.taken.push(Buffer.from(chunk).toString());
    return !this.isSlow;
  }
  onDrain(listener: () => void): void {
    this.#drain = listener;
  }
  drain(): void {
    this.#drain();
  }
  end(): void {
    this.ended = 'in order';
  }
  destroy(): void {
    this.ended = 'at once';
  }
}

const chunk = (text: string) => Buffer.from(text);
const counts = () => ({ sent: vi.fn(), skipped: vi.fn() });

describe('a slow viewer', () => {
  it('is given the newest picture when it can take one, and those between are skipped', () => {
    const sink = new SlowSink();
    const counted = counts();
    const viewer = new Viewer(sink, counted, () => 0);
    for (const n of [1, 2, 3, 4]) viewer.offer('snapshot', chunk(`picture ${n}`));
    expect(sink.taken).toEqual(['picture 1']);
    sink.drain();
    expect(sink.taken).toEqual(['picture 1', 'picture 4']);
    expect(counted.skipped).toHaveBeenCalledTimes(2);
    expect(counted.sent).toHaveBeenCalledTimes(2);
  });

  it('is told of alerts before pictures, the newest list whole', () => {
    const sink = new SlowSink();
    const viewer = new Viewer(sink, counts(), () => 0);
    viewer.offer('snapshot', chunk('picture 1'));
    viewer.offer('snapshot', chunk('picture 2'));
    viewer.offer('alerts', chunk('one alert'));
    viewer.offer('alerts', chunk('two alerts'));
    sink.drain();
    sink.drain();
    sink.drain();
    expect(sink.taken).toEqual(['picture 1', 'two alerts', 'picture 2']);
  });

  it('never delays another, and never holds more than one chunk of a kind', () => {
    const kinds = fc.constantFrom('snapshot', 'alerts', 'plan');
    const steps = fc.array(fc.oneof(kinds, fc.constant('drain')), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (what) => {
        const [slow, quick] = [new SlowSink(), new SlowSink()];
        quick.isSlow = false;
        const viewers = [slow, quick].map((sink) => new Viewer(sink, counts(), () => 0));
        what.forEach((step, i) => {
          if (step === 'drain') slow.drain();
          else for (const viewer of viewers) viewer.offer(step, chunk(`${step} ${i}`));
        });
        const offered = what.flatMap((step, i) => (step === 'drain' ? [] : [`${step} ${i}`]));
        expect(quick.taken).toEqual(offered);
        // Once it has caught up, the slow one has had the newest of every kind, and each kind in order.
        for (let i = 0; i < 4; i += 1) slow.drain();
        for (const kind of ['snapshot', 'alerts', 'plan']) {
          const [ofKind, had] = [offered, slow.taken].map((list) =>
            list.filter((text) => text.startsWith(kind)),
          );
          expect(had?.at(-1)).toBe(ofKind?.at(-1));
          expect(had).toEqual(ofKind?.filter((text) => had?.includes(text)));
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('the audience', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  function open(options: Partial<ConstructorParameters<typeof Audience>[0]> = {}) {
    vi.useFakeTimers();
    const metrics = createMetrics('test');
    const openSessions = vi.fn((ids: readonly string[]) => Promise.resolve(new Set(ids)));
    const audience = new Audience({
      ...{ metrics: consoleMetrics(metrics), logger: silent, openSessions },
      ...{ now: () => Date.now(), ...options },
    });
    return { audience, metrics, openSessions };
  }

  it('lets go of a viewer that reads nothing for half a minute', async () => {
    const { audience, metrics } = open();
    const [dead, alive] = [new SlowSink(), new SlowSink()];
    alive.isSlow = false;
    for (const sink of [dead, alive]) audience.join('live/x', sink, 's');
    audience.offer('live/x', 'snapshot', chunk('picture'));
    await vi.advanceTimersByTimeAsync(31_000);
    expect([dead.ended, alive.ended]).toEqual(['at once', '']);
    expect(await metric(metrics, 'hitonami_console_viewers')).toBe(1);
    audience.stop();
    expect(alive.ended).toBe('in order');
  });

  it('says on a quiet stream that it is still there', async () => {
    const { audience } = open();
    const sink = new SlowSink();
    sink.isSlow = false;
    audience.join('live/x', sink, 's');
    await vi.advanceTimersByTimeAsync(17_000);
    expect(sink.taken.at(-1)).toBe(': still here\n\n');
    audience.stop();
  });

  it('ends the streams of a session that has ended, and of no other; and of none while nobody can tell', async () => {
    const answers = [new Error('away'), new Set(['b'])];
    const openSessions = vi.fn(() => {
      const answer = answers.shift() ?? new Set(['b']);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    });
    const { audience } = open({ openSessions });
    const sinks = ['a', 'a', 'b'].map((session) => {
      const sink = new SlowSink();
      sink.isSlow = false;
      audience.join('live/x', sink, session);
      return sink;
    });
    await vi.advanceTimersByTimeAsync(6_000);
    expect(sinks.map(({ ended }) => ended)).toEqual(['', '', '']);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(sinks.map(({ ended }) => ended)).toEqual(['in order', 'in order', '']);
    expect(openSessions).toHaveBeenNthCalledWith(1, ['a', 'b']);
    audience.stop();
  });

  it('has room for so many and no more', () => {
    const { audience } = open({ viewersMax: 1 });
    const { leave } = audience.join('live/x', new SlowSink(), 's');
    expect(() => audience.join('live/x', new SlowSink(), 's')).toThrow(/Too many watch/);
    leave();
    audience.join('live/y', new SlowSink(), 's');
    audience.stop();
  });
});

describe('people on the wire', () => {
  it('are where they were to 5 cm and as fast to 0.1 m/s', () => {
    const mm = fc.integer({ min: -100_000, max: 3_000_000 });
    const mmS = fc.integer({ min: -12_000, max: 12_000 });
    const person = fc.tuple(mm, mm, mmS, mmS, fc.nat(255), fc.nat(6));
    fc.assert(
      fc.property(fc.array(person, { maxLength: 30 }), (people) => {
        const column = (i: number) => people.map((one) => one[i] ?? 0);
        const record = {
          ...{ xMm: column(0), yMm: column(1), vxMmS: column(2), vyMmS: column(3) },
          ...{ floor: Buffer.from(column(4)), kind: Buffer.from(column(5)) },
        };
        const bytes = Buffer.from(encodePeople(record as never, [-100, -100]), 'base64');
        expect(bytes.length).toBe(people.length * 8);
        people.forEach(([x, y, vx, vy, floor, kind], i) => {
          const at = i * 8;
          expect(Math.abs(bytes.readUInt16LE(at) * 50 - 100_000 - x)).toBeLessThanOrEqual(25);
          expect(Math.abs(bytes.readUInt16LE(at + 2) * 50 - 100_000 - y)).toBeLessThanOrEqual(25);
          expect(Math.abs(bytes.readInt8(at + 4) * 100 - vx)).toBeLessThanOrEqual(50);
          expect(Math.abs(bytes.readInt8(at + 5) * 100 - vy)).toBeLessThanOrEqual(50);
          expect([bytes[at + 6], bytes[at + 7]]).toEqual([floor, kind]);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('are left out where no column can say where they are, and never sent elsewhere', () => {
    const record = {
      xMm: [-1, 5_000, 4e6],
      yMm: [0, 0, 0],
      vxMmS: [0, 99_999, 0],
      vyMmS: [0, 0, 0],
    };
    const bytes = Buffer.from(
      encodePeople({ ...record, floor: Buffer.alloc(3), kind: Buffer.alloc(3) } as never, [0, 0]),
      'base64',
    );
    expect(bytes.length).toBe(16);
    // -1 mm rounds to the origin; 100 m/s is shown as the fastest there is.
    expect([bytes.readUInt16LE(0), bytes.readUInt16LE(8), bytes.readInt8(12)]).toEqual([
      0, 100, 127,
    ]);
  });
});
