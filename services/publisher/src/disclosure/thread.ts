import { Worker } from 'node:worker_threads';
import { HitonamiError, type MeasuredCell } from '@hitonami/model';
import type { Known, ProtectedBlock } from '@hitonami/privacy';
import type { PlainRules } from './rules.js';
import type { ProtectAnswer, ProtectOrder } from './worker.js';

/** Protects one block of cells: see `protectBlock`. */
export type Protect = (
  cells: readonly MeasuredCell[],
  rules: PlainRules,
  known: Known,
) => Promise<ProtectedBlock>;

interface Waiting {
  readonly resolve: (block: ProtectedBlock) => void;
  readonly reject: (error: HitonamiError) => void;
}

/**
 * Disclosure control in a thread of its own: linear programs take seconds, and in the same process cameras may be waiting. It is
 * started with the first block; one that ended is started again.
 */
export class DisclosureThread {
  #worker: Worker | undefined;
  #nextId = 0;
  readonly #waiting = new Map<number, Waiting>();

  readonly protect: Protect = (cells, rules, known) =>
    new Promise((resolve, reject) => {
      const worker = (this.#worker ??= this.#start());
      const id = (this.#nextId += 1);
      this.#waiting.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ id, cells, rules, known } satisfies ProtectOrder);
    });

  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
    this.#fail('the publisher was asked to stop', 'STOPPED');
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.js', import.meta.url));
    worker.on('message', (answer: ProtectAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      // Idle, it keeps no process alive.
      if (this.#waiting.size === 0) worker.unref();
      if ('block' in answer) waiting?.resolve(answer.block);
      else waiting?.reject(faultOf(answer.fault.code, answer.fault.message));
    });
    worker.on('error', (error: Error) => {
      this.#ended(worker, error.message);
    });
    worker.on('exit', () => {
      this.#ended(worker, 'its thread ended');
    });
    return worker;
  }

  #ended(worker: Worker, why: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#fail(`disclosure control broke off: ${why}`, 'UNAVAILABLE');
  }

  #fail(message: string, code: string): void {
    for (const { reject } of this.#waiting.values()) reject(faultOf(code, message));
    this.#waiting.clear();
  }
}

function faultOf(code: string, message: string): HitonamiError {
  const canRetry = code === 'UNAVAILABLE' || code === 'STOPPED';
  return new HitonamiError(code as HitonamiError['code'], message, { canRetry });
}
