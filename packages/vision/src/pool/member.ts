import { Worker } from 'node:worker_threads';
import { HitonamiError } from '@hitonami/model';
import type { Detections, Region } from '../detections.js';
import { CALLS_PER_WORKER, type PoolLimits } from './limits.js';
import type { BufferResidue, ErrorMessage, FromWorker, ToWorker, WorkerStart } from './messages.js';

/** Longest that is waited for a worker to let go of its session, milliseconds. */
const STOP_MS_MAX = 5000;

/** One call of `detect` on its way. */
export interface Call {
  readonly image: Uint8Array;
  readonly threshold: number;
  readonly region: Region | undefined;
  readonly calledMs: number;
  resolve(detections: Detections): void;
  reject(error: HitonamiError): void;
}

interface Held {
  readonly call: Call;
  readonly slot: number;
  readonly length: number;
  readonly sentMs: number;
  readonly timer: NodeJS.Timeout;
}

export interface MemberEvents {
  /** It has room for another call. */
  free(): void;
  /** The thread is gone without having been asked to go; its calls have been rejected. */
  lost(reason: string): void;
}

/**
 * One worker as the pool sees it: its thread, its slots and the calls that it holds.
 *
 * A thread is never terminated: onnxruntime-node throws from native code when that happens during `session.run`, and
 * the whole process aborts. One that is no longer wanted is asked to end when it has come to its end by itself.
 */
export class PoolMember {
  readonly #worker: Worker;
  readonly #limits: PoolLimits;
  readonly #events: MemberEvents;
  readonly #slots: Buffer[];
  readonly #freeSlots: number[];
  readonly #held = new Map<number, Held>();
  readonly #exited: Promise<void>;
  #nextCall = 1;
  #state: 'starting' | 'ready' | 'stopping' | 'gone' = 'starting';
  /** Why it was ended, where the pool did it. */
  #endedFor: string | undefined;
  #residue: ((buffers: readonly BufferResidue[]) => void)[] = [];
  #drained: (() => void) | undefined;

  constructor(start: Omit<WorkerStart, 'slots'>, limits: PoolLimits, events: MemberEvents) {
    this.#limits = limits;
    this.#events = events;
    const slots = Array.from(
      { length: CALLS_PER_WORKER },
      () => new SharedArrayBuffer(limits.imageBytesMax),
    );
    this.#slots = slots.map((slot) => Buffer.from(slot));
    this.#freeSlots = slots.map((_, i) => i);
    const workerData: WorkerStart = { ...start, slots };
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData,
      name: 'hitonami-vision',
      execArgv: [],
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#gone(`its thread ended with code ${String(code)}`);
        resolve();
      });
    });
  }

  /** Resolves when the model is loaded; rejects with `MODEL` where it cannot be, and the thread is then gone. */
  async started(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const { startMsMax } = this.#limits;
        timer = setTimeout(() => {
          reject(
            new HitonamiError('MODEL', `a worker was not ready within ${String(startMsMax)} ms.`),
          );
        }, startMsMax);
        this.#worker.once('error', (error) => {
          this.#endedFor ??= wordsOf(error);
          reject(
            new HitonamiError('MODEL', `a worker failed: ${wordsOf(error)}`, { cause: error }),
          );
        });
        this.#worker.once('exit', () => {
          reject(new HitonamiError('MODEL', 'a worker ended while it loaded the model.'));
        });
        this.#worker.on('message', (message: FromWorker) => {
          if (message.type === 'ready') resolve();
          else if (message.type === 'failed') reject(revived(message.error));
          else this.#answered(message);
        });
      });
    } catch (error) {
      if (this.#state === 'starting') this.#state = 'stopping';
      this.#letGo();
      throw error;
    } finally {
      clearTimeout(timer);
    }
    if (this.#state === 'starting') this.#state = 'ready';
  }

  get isReady(): boolean {
    return this.#state === 'ready';
  }

  get held(): number {
    return this.#held.size;
  }

  get hasRoom(): boolean {
    return this.#state === 'ready' && this.#freeSlots.length > 0;
  }

  /** Takes a call: copies the picture into a slot and overwrites the caller's. Only where `hasRoom`. */
  send(call: Call): void {
    const slot = this.#freeSlots.pop();
    const target = slot === undefined ? undefined : this.#slots[slot];
    if (slot === undefined || target === undefined) throw new RangeError('the worker has no room');
    const { length } = call.image;
    target.set(call.image);
    call.image.fill(0);
    const id = this.#nextCall++;
    const { callMsMax } = this.#limits;
    const timer = setTimeout(() => {
      this.#abandon(`it gave no answer within ${String(callMsMax)} ms`);
    }, callMsMax);
    this.#held.set(id, { call, slot, length, sentMs: performance.now(), timer });
    const { threshold, region } = call;
    this.#post({ type: 'detect', call: id, slot, length, threshold, region });
  }

  /** What is not zero in the buffers of this worker. Meant for a worker that holds no call. */
  async residue(): Promise<readonly BufferResidue[]> {
    if (this.#state !== 'ready') return [];
    return new Promise((resolve) => {
      this.#residue.push(resolve);
      this.#post({ type: 'residue' });
    });
  }

  /** Lets the calls that it holds come to their end, then ends the thread. */
  async stop(): Promise<void> {
    if (this.#held.size > 0 && this.#state === 'ready') {
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
    }
    if (this.#state === 'gone') return;
    this.#state = 'stopping';
    this.#letGo();
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, STOP_MS_MAX);
    });
    await Promise.race([this.#exited, patience]);
    clearTimeout(timer);
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** Asks the thread to end; should it never hear of it, it keeps no process alive. */
  #letGo(): void {
    this.#post({ type: 'stop' });
    this.#worker.unref();
  }

  #abandon(reason: string): void {
    if (this.#state === 'gone') return;
    this.#letGo();
    this.#gone(reason);
  }

  #answered(message: FromWorker): void {
    if (message.type === 'crashed') {
      this.#abandon(message.reason);
      return;
    }
    if (message.type === 'residue') {
      this.#residue.shift()?.(message.buffers);
      return;
    }
    if (message.type !== 'found' && message.type !== 'refused') return;
    const held = this.#held.get(message.call);
    if (held === undefined) return;
    this.#held.delete(message.call);
    clearTimeout(held.timer);
    this.#freeSlots.push(held.slot);
    const { call, sentMs } = held;
    if (message.type === 'refused') {
      call.reject(revived(message.error));
    } else {
      const queuedMs = sentMs - call.calledMs;
      const totalMs = performance.now() - call.calledMs;
      const { detections } = message;
      call.resolve({ ...detections, timing: { queuedMs, ...detections.timing, totalMs } });
    }
    if (this.#held.size === 0) this.#drained?.();
    this.#events.free();
  }

  #gone(how: string): void {
    if (this.#state === 'gone') return;
    // One that is still starting tells through `started`.
    const wasServing = this.#state === 'ready';
    this.#state = 'gone';
    const reason = this.#endedFor ?? how;
    for (const { call, slot, length, timer } of this.#held.values()) {
      clearTimeout(timer);
      // The slots die with the worker and are never given to another: its decoder may still be reading them.
      this.#slots[slot]?.fill(0, 0, length);
      call.reject(
        new HitonamiError(
          'UNAVAILABLE',
          `the inference worker was lost (${reason}); this picture is gone, the next is served by another worker.`,
          { canRetry: true, detail: 'WORKER_LOST' },
        ),
      );
    }
    this.#held.clear();
    for (const resolve of this.#residue.splice(0)) resolve([]);
    this.#drained?.();
    if (wasServing) this.#events.lost(reason);
  }
}

function revived({ code, message, detail }: ErrorMessage): HitonamiError {
  return new HitonamiError(code, message, detail === undefined ? {} : { detail });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
