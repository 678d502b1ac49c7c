import { Worker } from 'node:worker_threads';
import { HitonamiError } from '@hitonami/model';
// Loaded here first: a library that only workers load is unloaded with the last of them, which glibc does not survive.
import 'sharp';
import type { PersonTruth } from '../mesh.js';
import { FILM_LIMITS, FILM_WORKERS_MAX, type FilmLimits } from './limits.js';
import type { FrameAnswer } from './messages.js';
import type { FilmMoment, FilmSet } from './studio.js';

export interface FilmOptions extends FilmSet {
  /** Threads that draw; each camera has its own among them. Default 2. */
  readonly workers?: number;
  readonly limits?: Partial<FilmLimits>;
}

export interface FilmFrame {
  readonly jpeg: Buffer;
  /** Of everyone of whom any part may be in the picture, hidden or not. */
  readonly truth: readonly PersonTruth[];
  /** How long the picture took without JPEG, milliseconds. */
  readonly drawnMs: number;
}

interface Waiting {
  readonly member: Member;
  readonly resolve: (frame: FilmFrame) => void;
  readonly reject: (error: HitonamiError) => void;
  readonly timer: NodeJS.Timeout;
}

interface Member {
  readonly worker: Worker;
  isLost: boolean;
}

/**
 * Starts threads that draw what the cameras of a set see. Throws `CONFIG` where an option is wrong. Frames of a camera
 * are drawn in the order they are asked for; its place is drawn with the first.
 */
export function startFilm(options: FilmOptions): Film {
  const { workers = 2, limits, ...set } = options;
  if (!Number.isInteger(workers) || workers < 1 || workers > FILM_WORKERS_MAX) {
    throw new HitonamiError(
      'CONFIG',
      `film: workers must be a whole number from 1 to ${String(FILM_WORKERS_MAX)}.`,
    );
  }
  if (set.cameras.length === 0) {
    throw new HitonamiError('CONFIG', 'film: cameras is empty; give at least one with its pose.');
  }
  return new Film(set, workers, { ...FILM_LIMITS, ...limits });
}

export class Film {
  readonly #limits: FilmLimits;
  readonly #members: readonly Member[];
  readonly #memberOf = new Map<string, Member>();
  readonly #waiting = new Map<number, Waiting>();
  #orders = 0;
  #isClosed = false;

  /** Use `startFilm`. */
  constructor(set: FilmSet, workers: number, limits: FilmLimits) {
    this.#limits = limits;
    const count = Math.min(workers, set.cameras.length);
    this.#members = Array.from({ length: count }, (_, index) => {
      // Each thread knows all cameras, so that a camera's seed does not depend on the number of threads.
      const worker = new Worker(new URL('worker.js', import.meta.url), { workerData: set });
      const member: Member = { worker, isLost: false };
      worker.on('message', (answer: FrameAnswer) => {
        this.#settle(answer);
      });
      worker.on('error', (error) => {
        this.#lose(member, `worker ${String(index)} failed: ${error.message}`);
      });
      worker.on('exit', () => {
        this.#lose(member, `worker ${String(index)} ended`);
      });
      return member;
    });
    for (const [i, { id }] of set.cameras.entries()) {
      const member = this.#members[i % count];
      if (member !== undefined) this.#memberOf.set(id, member);
    }
  }

  /**
   * What a camera sees at a moment. Rejects with `INPUT` (a camera that is not there, too many people), `UNAVAILABLE`
   * (`QUEUE_FULL`, which may be tried again; `WORKER_LOST`, `TIMEOUT`) or `STOPPED`.
   */
  async frame(camera: string, moment: FilmMoment): Promise<FilmFrame> {
    if (this.#isClosed) throw new HitonamiError('STOPPED', 'the film was closed.');
    const { queueMax, peopleMax, frameMsMax } = this.#limits;
    const member = this.#memberOf.get(camera);
    if (member === undefined) {
      const known = [...this.#memberOf.keys()].join(', ');
      throw new HitonamiError('INPUT', `no camera '${camera}' is filmed here; there are ${known}.`);
    }
    if (moment.people.length > peopleMax) {
      throw new HitonamiError(
        'INPUT',
        `${String(moment.people.length)} people are more than peopleMax (${String(peopleMax)}).`,
      );
    }
    if (this.#waiting.size >= queueMax) {
      throw new HitonamiError(
        'UNAVAILABLE',
        `${String(queueMax)} frames wait already; ask for fewer a second, or start more workers.`,
        { canRetry: true, detail: 'QUEUE_FULL' },
      );
    }
    if (member.isLost) throw lost(`the thread of camera '${camera}' has ended`);
    const order = this.#orders++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(order);
        reject(
          new HitonamiError(
            'UNAVAILABLE',
            `camera '${camera}': no frame within ${String(frameMsMax)} ms.`,
            { canRetry: true, detail: 'TIMEOUT' },
          ),
        );
      }, frameMsMax);
      this.#waiting.set(order, { member, resolve, reject, timer });
      member.worker.postMessage({ order, camera, moment });
    });
  }

  /** Ends the threads. What still waits is rejected with `STOPPED`. May be called again. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const [order, { reject, timer }] of this.#waiting) {
      clearTimeout(timer);
      this.#waiting.delete(order);
      reject(new HitonamiError('STOPPED', 'the film was closed.'));
    }
    await Promise.all(this.#members.map(({ worker }) => worker.terminate()));
  }

  #settle(answer: FrameAnswer): void {
    const waiting = this.#waiting.get(answer.order);
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(answer.order);
    if ('error' in answer) {
      waiting.reject(new HitonamiError(answer.error.code, answer.error.message));
      return;
    }
    const { jpeg, truth, drawnMs } = answer;
    waiting.resolve({
      jpeg: Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength),
      truth,
      drawnMs,
    });
  }

  #lose(member: Member, reason: string): void {
    member.isLost = true;
    for (const [order, waiting] of this.#waiting) {
      if (waiting.member !== member) continue;
      clearTimeout(waiting.timer);
      this.#waiting.delete(order);
      waiting.reject(lost(reason));
    }
  }
}

function lost(reason: string): HitonamiError {
  return new HitonamiError('UNAVAILABLE', `film: ${reason}; start the film again.`, {
    detail: 'WORKER_LOST',
  });
}
