import { HitonamiError } from '@hitonami/model';
// Loaded here first: a library that only workers load is unloaded with the last of them, which glibc does not survive.
import '../onnx/runtime.js';
import 'sharp';
import type { Detections, Region } from '../detections.js';
import { FOOT_SD_DEFAULT, type FootSd, type ModelNotes } from '../detectors/family.js';
import { loadModel } from '../detectors/load.js';
import { withPrologue } from '../onnx/prologue.js';
import { POOL_LIMITS, WORKERS_MAX, type PoolLimits } from './limits.js';
import { type Call, PoolMember } from './member.js';
import type { BufferResidue, WorkerStart } from './messages.js';

export interface PoolOptions {
  /** An ONNX file; `<name>.json` beside it may hold notes. */
  readonly modelPath: string;
  /** Worker threads, each with one session of one thread. Default 2. */
  readonly workers?: number;
  /** Network pixels, for models that leave it open; stronger than the notes. */
  readonly inputSize?: readonly [width: number, height: number];
  /** Instead of the file beside the model. */
  readonly notes?: ModelNotes;
  readonly limits?: Partial<PoolLimits>;
}

export interface DetectOptions {
  /** Score from which a detection counts, 0 to 1. Default: the model's own. */
  readonly threshold?: number;
  /** Only what stands inside is reported. */
  readonly region?: Region;
}

/** The model of a pool, for logs and for `check`. */
export interface PoolModel {
  readonly fileName: string;
  readonly family: string;
  /** `density`: it counts, and finds nobody; there are no boxes. */
  readonly yields: 'boxes' | 'density';
  readonly inputWidth: number;
  readonly inputHeight: number;
  readonly thresholdDefault: number;
  /** How far its foot points err. */
  readonly footSd: FootSd;
}

/**
 * Loads the model into `workers` threads. Throws `MODEL` where the file cannot be used (the message says what was
 * seen and what is known) and `CONFIG` where an option is wrong.
 */
export async function startInferencePool(options: PoolOptions): Promise<InferencePool> {
  const workers = options.workers ?? 2;
  if (!Number.isInteger(workers) || workers < 1 || workers > WORKERS_MAX) {
    throw new HitonamiError(
      'CONFIG',
      `workers must be a whole number from 1 to ${String(WORKERS_MAX)}.`,
    );
  }
  const limits = checkedLimits(options.limits ?? {});
  const { modelPath, inputSize, notes: given } = options;
  const loaded = await loadModel(modelPath, given, inputSize === undefined ? {} : { inputSize });
  const { file, fileName, signature, notes, detector } = loaded;
  const { preprocessing, family, yields, thresholdDefault } = detector;
  const start = {
    model: withPrologue(file, signature, preprocessing),
    fileName,
    signature,
    notes,
    picturePixelsMax: limits.picturePixelsMax,
    detectionsMax: limits.detectionsMax,
  };
  const model: PoolModel = {
    fileName,
    family,
    yields,
    inputWidth: preprocessing.width,
    inputHeight: preprocessing.height,
    thresholdDefault,
    footSd: notes.footSd ?? FOOT_SD_DEFAULT,
  };
  const pool = new InferencePool(start, model, limits);
  await pool.open(workers);
  return pool;
}

/** Detects on worker threads. Made by `startInferencePool`. */
export class InferencePool {
  readonly model: PoolModel;
  readonly #start: Omit<WorkerStart, 'slots'>;
  readonly #limits: PoolLimits;
  #members: PoolMember[] = [];
  readonly #queue: Call[] = [];
  /** When workers were replaced lately, for the bound on it. */
  #restartsMs: number[] = [];
  #restarts = 0;
  #lostFor = '';
  #closing: Promise<void> | undefined;

  /** Use `startInferencePool`. */
  constructor(start: Omit<WorkerStart, 'slots'>, model: PoolModel, limits: PoolLimits) {
    this.#start = start;
    this.model = model;
    this.#limits = limits;
  }

  /** Starts the workers; called once, by `startInferencePool`. */
  async open(workers: number): Promise<void> {
    const started = Array.from({ length: workers }, () => this.#add());
    const results = await Promise.allSettled(started);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed === undefined) return;
    await this.close();
    throw failed.reason;
  }

  /**
   * Finds what is in a JPEG, PNG or WebP. `image` is taken over: its bytes, and every buffer that the pool owns, are
   * overwritten before the promise settles, however it settles.
   *
   * Rejects with `INPUT` (detail `UNDECODABLE` or `TOO_LARGE`), `UNAVAILABLE` (detail `QUEUE_FULL`, `WORKER_LOST` or
   * `NO_WORKERS`), `STOPPED`, `MODEL` (the network failed) or `CONFIG` (an option is wrong).
   */
  async detect(image: Uint8Array, options: DetectOptions = {}): Promise<Detections> {
    const { region, threshold = this.model.thresholdDefault } = options;
    const refusal = this.#refusal(image, threshold, region);
    if (refusal !== undefined) {
      image.fill(0);
      throw refusal;
    }
    return new Promise((resolve, reject) => {
      const calledMs = performance.now();
      this.#queue.push({ image, threshold, region, calledMs, resolve, reject });
      this.#dispatch();
    });
  }

  /** How many calls wait for a worker. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** How many workers have been replaced since the start. */
  get restarts(): number {
    return this.#restarts;
  }

  /**
   * Counts the bytes that are not zero in every buffer that the workers own: encoded pictures, the decoder's output,
   * the networks' inputs. While no call is under way, all are zero; a test and a live system can both verify it.
   */
  async residue(): Promise<BufferResidue[]> {
    const residues = await Promise.all(this.#members.map((member) => member.residue()));
    return residues.flatMap((buffers, i) =>
      buffers.map((one) => ({ ...one, buffer: `worker ${String(i)}: ${one.buffer}` })),
    );
  }

  /** Rejects what waits, lets the workers finish what they hold, and ends them. Once closed it stays closed. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#rejectWaiting(() => new HitonamiError('STOPPED', 'the inference pool is closed.'));
    await Promise.all(this.#members.map((member) => member.stop()));
    this.#members = [];
  }

  #refusal(image: Uint8Array, threshold: number, region?: Region): HitonamiError | undefined {
    const { imageBytesMax, queueMax } = this.#limits;
    if (this.#closing !== undefined) {
      return new HitonamiError('STOPPED', 'the inference pool is closed.');
    }
    if (!(threshold >= 0 && threshold <= 1)) {
      return new HitonamiError(
        'CONFIG',
        `threshold must be from 0 to 1, not ${String(threshold)}.`,
      );
    }
    if (region !== undefined && (region.length < 3 || !region.flat().every(Number.isFinite))) {
      return new HitonamiError(
        'CONFIG',
        'region must be three or more corners [u, v], all finite.',
      );
    }
    if (image.length > imageBytesMax) {
      return new HitonamiError(
        'INPUT',
        `the picture has ${String(image.length)} bytes, over the limit of ${String(imageBytesMax)}; ` +
          'send smaller pictures, or raise imageBytesMax.',
        { detail: 'TOO_LARGE' },
      );
    }
    if (this.#members.length === 0) return this.#noWorkers();
    if (this.#queue.length >= queueMax) {
      return new HitonamiError(
        'UNAVAILABLE',
        `${String(queueMax)} pictures already wait for inference; send fewer, or add workers.`,
        { canRetry: true, detail: 'QUEUE_FULL' },
      );
    }
    return undefined;
  }

  #noWorkers(): HitonamiError {
    return new HitonamiError(
      'UNAVAILABLE',
      `the pool has lost all its workers (the last: ${this.#lostFor}) and replaces no more of them; restart it.`,
      { detail: 'NO_WORKERS' },
    );
  }

  #rejectWaiting(error: () => HitonamiError): void {
    for (const call of this.#queue.splice(0)) {
      call.image.fill(0);
      call.reject(error());
    }
  }

  /** Hands waiting calls to the worker that holds fewest. */
  #dispatch(): void {
    while (this.#queue.length > 0) {
      let chosen: PoolMember | undefined;
      for (const member of this.#members) {
        if (member.hasRoom && (chosen === undefined || member.held < chosen.held)) chosen = member;
      }
      const call = chosen === undefined ? undefined : this.#queue.shift();
      if (call === undefined) return;
      chosen?.send(call);
    }
  }

  async #add(): Promise<void> {
    const member = new PoolMember(this.#start, this.#limits, {
      free: () => {
        this.#dispatch();
      },
      lost: (reason) => {
        this.#remove(member);
        this.#lost(reason);
      },
    });
    this.#members.push(member);
    try {
      await member.started();
    } catch (error) {
      this.#remove(member);
      throw error;
    }
    this.#dispatch();
  }

  #remove(member: PoolMember): void {
    this.#members = this.#members.filter((other) => other !== member);
  }

  /** Replaces a lost worker, unless that has been done too often lately. */
  #lost(reason: string): void {
    this.#lostFor = reason;
    if (this.#closing !== undefined) return;
    const { restartsMax, restartsWindowMs } = this.#limits;
    const now = performance.now();
    this.#restartsMs = this.#restartsMs.filter((then) => now - then < restartsWindowMs);
    if (this.#restartsMs.length < restartsMax) {
      this.#restartsMs.push(now);
      this.#restarts++;
      this.#add().catch((error: unknown) => {
        this.#lost(error instanceof Error ? error.message : String(error));
      });
    } else if (this.#members.length === 0) {
      this.#rejectWaiting(() => this.#noWorkers());
    }
  }
}

function checkedLimits(given: Partial<PoolLimits>): PoolLimits {
  const limits = { ...POOL_LIMITS, ...given };
  for (const [name, value] of Object.entries(limits)) {
    const min = name === 'restartsMax' || name === 'queueMax' ? 0 : 1;
    if (!Number.isSafeInteger(value) || value < min) {
      throw new HitonamiError(
        'CONFIG',
        `limits.${name} must be a whole number of at least ${String(min)}.`,
      );
    }
  }
  return limits;
}
