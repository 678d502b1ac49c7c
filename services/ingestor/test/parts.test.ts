import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { HitonamiError } from '@hitonami/model';
import type { EventLog } from '@hitonami/event-log';
import { TOPIC_NAMES } from '@hitonami/service';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openTestLog, temporaryFolder } from '../../../test/support/event-log.js';
import { FrameLane } from '../src/frame-lane.js';
import { STOP_GRACE_MS, untilStopped } from '../src/messages.js';
import { Permits } from '../src/permits.js';
import { Publisher } from '../src/publisher.js';
import { Receipts } from '../src/receipts.js';
import { SequenceGuard, type Order, type Sender } from '../src/sequence-guard.js';
import { afterTest, silent } from './support.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the lane of a camera', () => {
  /** Pushes jobs with scripted durations in turns of the event loop, and notes what became of each. */
  async function race(script: { at: number; takes: number; fails: boolean }[], capacity: number) {
    const lane = new FrameLane<number>(new Permits(2), capacity);
    const fates = new Map<number, string>();
    const finished: number[] = [];
    let inferring = 0;
    let inferringMax = 0;
    const note = (i: number, fate: string): void => {
      expect(fates.has(i)).toBe(false);
      fates.set(i, fate);
    };
    const push = (i: number): void => {
      lane.push({
        infer: async () => {
          inferringMax = Math.max(inferringMax, ++inferring);
          for (let k = 0; k < (script[i]?.takes ?? 0); k++) await turn();
          inferring--;
          if (script[i]?.fails) throw new Error('broken');
          return i;
        },
        finish: ({ status }) => {
          note(i, status);
          finished.push(i);
        },
        shed: (reason) => {
          note(i, reason);
        },
      });
    };
    for (let i = 0; i < script.length; i++) {
      for (let k = 0; k < (script[i]?.at ?? 0); k++) await turn();
      push(i);
    }
    while (fates.size < script.length) await turn();
    return { lane, fates, finished, inferringMax };
  }

  it('loses no job, finishes in the order of the frames, and always takes the newest', async () => {
    const job = fc.record({
      at: fc.integer({ min: 0, max: 3 }),
      takes: fc.integer({ min: 0, max: 6 }),
      fails: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(job, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 4 }),
        async (script, capacity) => {
          const { fates, finished, inferringMax } = await race(script, capacity);
          expect(fates.size).toBe(script.length);
          expect(finished).toEqual([...finished].sort((a, b) => a - b));
          expect(finished.at(-1)).toBe(script.length - 1);
          for (const i of finished)
            expect(fates.get(i)).toBe(script[i]?.fails ? 'rejected' : 'fulfilled');
          expect(inferringMax).toBeLessThanOrEqual(2);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('sheds the oldest that wait, no more than it must', async () => {
    const { fates } = await race(
      Array.from({ length: 8 }, () => ({ at: 0, takes: 5, fails: false })),
      3,
    );
    const shed = [...fates].filter(([, fate]) => fate === 'newer').map(([i]) => i);
    expect(shed).toEqual([0, 1, 2, 3, 4]);
  });

  it('that is flooded starves no other: permits go round', async () => {
    const permits = new Permits(1);
    const [flooded, calm] = [new FrameLane<void>(permits, 1), new FrameLane<void>(permits, 1)];
    const order: string[] = [];
    const push = (lane: FrameLane<void>, name: string): void => {
      const infer = async (): Promise<void> => {
        for (let i = 0; i < 3; i++) await turn();
      };
      lane.push({ infer, finish: () => order.push(name), shed: () => undefined });
    };
    for (let i = 0; i < 100; i++) push(flooded, 'flooded');
    push(calm, 'calm');
    for (let i = 0; i < 100; i++) {
      push(flooded, 'flooded');
      await turn();
    }
    // Before it: the job that held the permit, and at most one that waited.
    expect(order.slice(0, 3)).toContain('calm');
  });

  it('closes while another lane holds every permit: it sheds what waits and does not hang', async () => {
    const permits = new Permits(1);
    const [busy, waiting] = [new FrameLane<void>(permits, 1), new FrameLane<void>(permits, 2)];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const fates: string[] = [];
    const job = { finish: () => fates.push('finished'), shed: (why: string) => fates.push(why) };
    busy.push({ ...job, infer: () => held });
    await turn();
    waiting.push({ ...job, infer: turn });
    waiting.push({ ...job, infer: turn });
    await waiting.close();
    expect(fates).toEqual(['stopping', 'stopping']);
    waiting.push({ ...job, infer: turn });
    const closed = busy.close();
    release();
    await closed;
    expect(fates).toEqual(['stopping', 'stopping', 'stopping', 'finished']);
    // The permit came back: a lane of the same permits still works.
    const last = new FrameLane<void>(permits, 1);
    last.push({ ...job, infer: turn });
    for (let i = 0; i < 5; i++) await turn();
    expect(fates).toEqual(['stopping', 'stopping', 'stopping', 'finished', 'finished']);
  });
});

describe('the order of a camera’s messages', () => {
  const kindOf = ({ kind }: Order<string>): string => kind;
  const at = (sequence: number, capturedUs: number) => ({ sequence, capturedUs });

  it('whatever comes by however many streams, what is accepted rises in time, and in sequence within its session', () => {
    const message = fc.record({
      sequence: fc.integer({ min: 0, max: 12 }),
      capturedUs: fc.integer({ min: 0, max: 40 }),
      stream: fc.integer({ min: 0, max: 2 }),
      ends: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 60 }), (messages) => {
        const guard = new SequenceGuard<string>();
        const senders: Sender[] = [{ open: true }, { open: true }, { open: true }];
        let [lastUs, lastSequence] = [-Infinity, -1];
        const accepted = new Set<string>();
        for (const { stream, ends, ...message } of messages) {
          const sender = senders[stream] as Sender;
          const { kind } = guard.check(message, sender);
          const key = `${message.sequence} ${message.capturedUs}`;
          if (kind === 'next' || kind === 'restart') {
            expect(message.capturedUs).toBeGreaterThan(lastUs);
            expect(message.sequence > lastSequence).toBe(kind === 'next');
            [lastUs, lastSequence] = [message.capturedUs, message.sequence];
            guard.remember(message, Promise.resolve(key));
            accepted.add(key);
          } else expect(kind === 'repeat').toBe(accepted.has(key));
          if (ends) {
            sender.open = false;
            senders[stream] = { open: true };
          }
        }
      }),
    );
  });

  it('remembers the last 64 receipts, so that memory is bounded', async () => {
    const guard = new SequenceGuard<number>();
    const sender = { open: true };
    for (let n = 0; n < 100; n++) {
      expect(guard.check(at(n, n + 1), sender).kind).toBe('next');
      guard.remember(at(n, n + 1), Promise.resolve(n));
    }
    expect(kindOf(guard.check(at(35, 36), sender) as Order<string>)).toBe('refused');
    const known = guard.check(at(36, 37), sender);
    expect(known.kind === 'repeat' && (await known.receipt)).toBe(36);
  });

  it('lets a message that was not stored come again, also the first of a session', () => {
    const guard = new SequenceGuard<string>();
    expect(guard.check(at(7, 10), { open: false }).kind).toBe('next');
    const sender = { open: true };
    expect(guard.check(at(0, 20), sender).kind).toBe('restart');
    guard.takeBack(at(0, 20));
    expect(guard.check(at(0, 20), sender).kind).toBe('next');
    expect(guard.check(at(0, 20), sender).kind).toBe('refused');
  });

  it('refuses an interval that begins before the last one ended', () => {
    const guard = new SequenceGuard<string>();
    const sender = { open: true };
    expect(guard.check({ ...at(1, 20), fromUs: 10 }, sender).kind).toBe('next');
    expect(guard.check({ ...at(2, 30), fromUs: 19 }, sender).kind).toBe('refused');
    expect(guard.check({ ...at(2, 30), fromUs: 20 }, sender).kind).toBe('next');
  });
});

/** Takes what is written, at its own pace. */
function slowSink() {
  const written: string[] = [];
  let onDrain: (() => void) | undefined;
  const sink = {
    writableEnded: false,
    destroyed: false,
    on: (event: string, listener: () => void) => {
      if (event === 'drain') onDrain = listener;
      return sink;
    },
    off: () => sink,
    write: (value: string) => {
      written.push(value);
      setImmediate(() => onDrain?.());
      return false;
    },
  };
  return { written, sink: sink as unknown as ConstructorParameters<typeof Receipts<string>>[0] };
}

describe('the receipts of a stream', () => {
  it('go out in the order of each camera’s frames, whatever became known first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            camera: fc.constantFrom('a', 'b', 'c'),
            delay: fc.integer({ min: 0, max: 5 }),
          }),
          { maxLength: 40 },
        ),
        async (frames) => {
          const { written, sink } = slowSink();
          const receipts = new Receipts<string>(sink);
          const later = async (value: string, turns: number): Promise<string> => {
            for (let i = 0; i < turns; i++) await turn();
            return value;
          };
          for (const [i, { camera, delay }] of frames.entries())
            await receipts.owe(camera, later(`${camera} ${String(i)}`, delay));
          await receipts.settle();
          expect(written).toHaveLength(frames.length);
          for (const camera of ['a', 'b', 'c']) {
            const own = written
              .filter((value) => value.startsWith(camera))
              .map((value) => Number(value.slice(2)));
            expect(own).toEqual([...own].sort((x, y) => x - y));
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('of one camera do not wait for those of another', async () => {
    const { written, sink } = slowSink();
    const receipts = new Receipts<string>(sink);
    let release = (_: string): void => undefined;
    await receipts.owe('a', new Promise((resolve) => (release = resolve)));
    await receipts.owe('b', Promise.resolve('b'));
    for (let i = 0; i < 5; i++) await turn();
    expect(written).toEqual(['b']);
    release('a');
    await receipts.settle();
    expect(written).toEqual(['b', 'a']);
  });

  it('hold the sender back when too many are owed', async () => {
    const receipts = new Receipts<string>(slowSink().sink);
    const waiting: ((value: string) => void)[] = [];
    const owe = (): Promise<void> =>
      receipts.owe('a', new Promise((resolve) => waiting.push(resolve)));
    for (let i = 0; i < 255; i++) await owe();
    let hasRoom = false;
    const full = owe().then(() => (hasRoom = true));
    for (let i = 0; i < 5; i++) await turn();
    expect(hasRoom).toBe(false);
    waiting[0]?.('first');
    await full;
    for (const resolve of waiting) resolve('rest');
    await receipts.settle();
  });
});

describe('reading a stream until the server stops', () => {
  it('goes on for a little while after the stop, and hands what comes too late to `dropped`', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const dropped: number[] = [];
    let tellLast = (): void => undefined;
    const last = new Promise<void>((resolve) => (tellLast = resolve));
    async function* messages(): AsyncGenerator<number> {
      yield 1;
      stop.abort();
      yield 2;
      await new Promise((resolve) => setTimeout(resolve, 2 * STOP_GRACE_MS));
      tellLast();
      yield 3;
    }
    for await (const one of untilStopped(messages(), stop.signal, (late) => dropped.push(late)))
      seen.push(one);
    expect(seen).toEqual([1, 2]);
    await last;
    await turn();
    expect(dropped).toEqual([3]);
  });

  it('keeps none of the messages in memory once they are handed out', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const references: WeakRef<object>[] = [];
    async function* messages(): AsyncGenerator<object> {
      for (let i = 0; i < 200; i++) {
        await turn();
        const message = { image: Buffer.alloc(10_000) };
        references.push(new WeakRef(message));
        yield message;
      }
      await turn();
      collect();
      await turn();
      collect();
    }
    let count = 0;
    let alive = 0;
    for await (const _message of untilStopped(messages(), new AbortController().signal)) {
      if (++count === 199) {
        await turn();
        collect();
        alive = references.filter((reference) => reference.deref() !== undefined).length;
      }
    }
    // A handful may still be on the stack; a race with the signal kept them all.
    expect(alive).toBeLessThan(20);
  });
});

describe('the publisher', () => {
  /** The real log, with faults in front of its appends. */
  async function faultyLog(faults: (HitonamiError | undefined)[]) {
    const folder = temporaryFolder('publisher');
    afterTest(folder.remove);
    const log = await openTestLog(folder.path);
    afterTest(() => log.close());
    const appends: number[] = [];
    const faulty = new Proxy(log, {
      get: (target, key: keyof EventLog) =>
        key !== 'append'
          ? target[key]
          : (...args: Parameters<EventLog['append']>) => {
              appends.push(args[1].length);
              const fault = faults.shift();
              return fault ? Promise.reject(fault) : target.append(...args);
            },
    });
    const read = async (): Promise<string[]> => {
      const values: string[] = [];
      for (let partition = 0; partition < 4; partition++)
        for await (const { value } of log.read(TOPIC_NAMES.observations, partition, 0))
          values.push(value.toString());
      return values;
    };
    return { publisher: new Publisher(faulty, silent), appends, read };
  }
  const full = new HitonamiError('LOG_FULL', 'no room', { canRetry: true });
  const values = Array.from({ length: 50 }, (_, i) => String(i));

  it('puts what comes together in one append, in the order of the calls', async () => {
    const { publisher, appends, read } = await faultyLog([]);
    await Promise.all(values.map((value) => publisher.publish('test', Buffer.from(value))));
    expect(await read()).toEqual(values);
    expect(appends).toEqual([50]);
  });

  it('tries again what may pass, with the order kept', async () => {
    const { publisher, appends, read } = await faultyLog([full, full]);
    const first = publisher.publish('test', Buffer.from('0'));
    await turn();
    const rest = values.slice(1).map((value) => publisher.publish('test', Buffer.from(value)));
    await Promise.all([first, ...rest]);
    expect(await read()).toEqual(values);
    expect(appends).toEqual([1, 1, 1, 49]);
  });

  it('gives up what will not pass at once, and goes on with the next', async () => {
    const closed = new HitonamiError('STOPPED', 'the event log is closed');
    const { publisher, read } = await faultyLog([closed]);
    await expect(publisher.publish('test', Buffer.from('lost'))).rejects.toBe(closed);
    await publisher.publish('test', Buffer.from('next'));
    expect(await read()).toEqual(['next']);
  });

  it('waits, when asked, until nothing waits', async () => {
    const { publisher, read } = await faultyLog([full]);
    const all = Promise.all(values.map((value) => publisher.publish('test', Buffer.from(value))));
    await publisher.drain();
    expect(await read()).toEqual(values);
    await all;
  });

  it('refuses more than it can hold, to be tried later', async () => {
    const { publisher } = await faultyLog([full]);
    const waiting = Array.from({ length: 20_000 }, () =>
      publisher.publish('test', Buffer.from('x')),
    );
    await expect(publisher.publish('test', Buffer.from('x'))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      canRetry: true,
    });
    await Promise.all(waiting);
  });
});
