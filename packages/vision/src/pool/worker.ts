/**
 * The thread of one worker: one session, one thread of inference. `session.run` blocks this thread; meanwhile libuv's
 * threads decode the next picture into the other lane.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { HitonamiError } from '@hitonami/model';
import { InferenceSession, Tensor } from '../onnx/runtime.js';
import { Candidates } from '../detectors/candidates.js';
import { reportDensity } from '../detectors/density-report.js';
import type { Detector, OutputTensor } from '../detectors/family.js';
import { requireNumbers } from '../detectors/finite.js';
import { recogniseModel } from '../detectors/registry.js';
import { report } from '../detectors/report.js';
import { PICTURE_INPUT } from '../onnx/prologue.js';
import { sightOf } from '../picture/sight.js';
import { decodePicture, setUpDecoder } from '../picture/decode.js';
import { CANDIDATES_MAX, IDLE_WIPE_MS, LANES_PER_WORKER } from './limits.js';
import type {
  BufferResidue,
  ErrorMessage,
  FromWorker,
  ToWorker,
  WorkerDetections,
  WorkerStart,
} from './messages.js';

type Job = Extract<ToWorker, { type: 'detect' }>;

/** What one picture needs on its way, made once. */
interface Lane {
  /** uint8 height × width × RGB, and the tensor that views it. */
  readonly canvas: Uint8Array;
  readonly input: Tensor;
  /** What the decoder wrote last; kept only so that `residue` can look at it. */
  pixels: Uint8Array;
}

class DetectionWorker {
  readonly #start: WorkerStart;
  readonly #session: InferenceSession;
  readonly #detector: Detector;
  readonly #encoded: readonly Buffer[];
  readonly #found = new Candidates(CANDIDATES_MAX);
  readonly #lanes: readonly Lane[];
  readonly #free: Lane[];
  /** Bounded by the pool, which hands over no more calls than there are slots. */
  readonly #waiting: Job[] = [];
  readonly #post: (message: FromWorker) => void;
  readonly #idle: NodeJS.Timeout;
  readonly #ended: () => void;
  #isStopping = false;

  constructor(
    start: WorkerStart,
    session: InferenceSession,
    detector: Detector,
    post: (message: FromWorker) => void,
    ended: () => void,
  ) {
    this.#ended = ended;
    this.#start = start;
    this.#session = session;
    this.#detector = detector;
    this.#post = post;
    this.#encoded = start.slots.map((slot) => Buffer.from(slot));
    const { width, height } = detector.preprocessing;
    this.#lanes = Array.from({ length: LANES_PER_WORKER }, () => {
      const canvas = new Uint8Array(width * height * 3);
      const input = new Tensor('uint8', canvas, [1, height, width, 3]);
      return { canvas, input, pixels: new Uint8Array(0) };
    });
    this.#free = [...this.#lanes];
    this.#idle = setTimeout(() => void this.#wipe(), IDLE_WIPE_MS).unref();
  }

  /** The first run plans the memory and takes longest: it is done before the worker calls itself ready. */
  async warmUp(): Promise<void> {
    const [lane] = this.#lanes;
    if (lane === undefined) return;
    const outputs = await this.#run(lane);
    requireNumbers(outputs, Infinity);
    this.#found.clear();
    if (this.#detector.yields === 'density') this.#detector.read(outputs);
    else this.#detector.decode(outputs, 1, this.#found);
  }

  accept(job: Job): void {
    if (this.#isStopping) return;
    this.#waiting.push(job);
    this.#fillLanes();
  }

  residue(): BufferResidue[] {
    const named: [string, Uint8Array][] = [
      ...this.#encoded.map((slot, i): [string, Uint8Array] => [`encoded ${String(i)}`, slot]),
      ...this.#lanes.flatMap(({ canvas, pixels }, i): [string, Uint8Array][] => [
        [`decoded ${String(i)}`, pixels],
        [`input ${String(i)}`, canvas],
      ]),
    ];
    return named.map(([buffer, bytes]) => ({
      buffer,
      bytes: bytes.length,
      notZero: bytes.reduce((sum, byte) => sum + (byte === 0 ? 0 : 1), 0),
    }));
  }

  /** Takes no more calls, lets those in the lanes come to their end, and ends the thread. Only the first call counts. */
  stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#waiting.length = 0;
    clearTimeout(this.#idle);
    this.#endWhenIdle();
  }

  #endWhenIdle(): void {
    if (!this.#isStopping || this.#free.length < this.#lanes.length) return;
    void this.#session.release().finally(this.#ended);
  }

  #fillLanes(): void {
    for (;;) {
      const lane = this.#free[0];
      const job = this.#waiting[0];
      if (lane === undefined || job === undefined) return;
      this.#free.shift();
      this.#waiting.shift();
      void this.#serve(job, lane);
    }
  }

  /** Never rejects: what goes wrong is the answer. */
  async #serve(job: Job, lane: Lane): Promise<void> {
    let answer: FromWorker;
    try {
      answer = { type: 'found', call: job.call, detections: await this.#detect(job, lane) };
    } catch (error) {
      answer = { type: 'refused', call: job.call, error: errorMessage(error) };
    }
    // Before the answer: when the caller hears of it, the picture is gone.
    this.#encoded[job.slot]?.fill(0, 0, job.length);
    lane.canvas.fill(0);
    this.#post(answer);
    this.#free.push(lane);
    if (this.#isStopping) {
      this.#endWhenIdle();
      return;
    }
    this.#idle.refresh();
    this.#fillLanes();
  }

  async #detect(job: Job, lane: Lane): Promise<WorkerDetections> {
    const started = performance.now();
    const { slots, picturePixelsMax, detectionsMax } = this.#start;
    const slot = slots[job.slot];
    if (slot === undefined) throw new RangeError(`no slot ${String(job.slot)}`);
    const encoded = Buffer.from(slot, 0, job.length);
    const { placement, pixels } = await decodePicture(
      encoded,
      lane.canvas,
      this.#detector.preprocessing,
      picturePixelsMax,
    );
    lane.pixels = pixels;
    const sight = sightOf(lane.canvas, 3 * this.#detector.preprocessing.width, placement);
    // No longer needed, and inference takes long.
    encoded.fill(0);

    const decoded = performance.now();
    const outputs = await this.#run(lane);
    const inferred = performance.now();
    requireNumbers(outputs);
    const timing = { decodedMs: decoded - started, inferredMs: inferred - decoded };
    const detector = this.#detector;
    if (detector.yields === 'density') {
      const map = detector.read(outputs);
      const { preprocessing } = detector;
      return {
        ...reportDensity(map, preprocessing, placement, job.region, detectionsMax),
        sight,
        timing,
      };
    }
    this.#found.clear();
    detector.decode(outputs, job.threshold, this.#found);
    const found = report(this.#found, detector, placement, job.region, detectionsMax);
    return { ...found, sight, timing };
  }

  async #run(lane: Lane): Promise<Readonly<Record<string, OutputTensor>>> {
    try {
      return await this.#session.run({ [PICTURE_INPUT]: lane.input });
    } catch (error) {
      throw new HitonamiError('MODEL', `${this.#start.fileName} failed while it ran.`, {
        cause: error,
        detail: 'RUN_FAILED',
      });
    }
  }

  /**
   * The session's arena keeps the last picture's activations until the next run writes over them, at the same
   * addresses since all shapes are fixed. When no next picture comes, a blank one does it.
   */
  async #wipe(): Promise<void> {
    // As any other call it takes its lane, so that nothing ends or paints under it.
    const lane = this.#free.length === this.#lanes.length ? this.#free.shift() : undefined;
    if (lane === undefined) return;
    try {
      await this.#run(lane);
    } finally {
      this.#free.push(lane);
      this.#endWhenIdle();
      this.#fillLanes();
    }
  }
}

function errorMessage(error: unknown): ErrorMessage {
  if (error instanceof HitonamiError) {
    return { code: error.code, message: error.message, detail: error.detail };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'MODEL', message: `the worker failed: ${message}`, detail: undefined };
}

async function main(port: NonNullable<typeof parentPort>, start: WorkerStart): Promise<void> {
  const post = (message: FromWorker): void => {
    port.postMessage(message);
  };
  let worker: DetectionWorker;
  try {
    setUpDecoder();
    const detector = recogniseModel(start.signature, start.notes, start.fileName);
    // One thread in a session: the pool has one worker for each core it is given. The arena and the memory pattern
    // stay on: without the arena every run asks the allocator anew (5 % slower) and leaves the activations wherever
    // they were; with both, each run writes over those of the one before.
    const session = await InferenceSession.create(start.model, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      enableCpuMemArena: true,
      enableMemPattern: true,
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
    worker = new DetectionWorker(start, session, detector, post, () => {
      port.close();
    });
    await worker.warmUp();
  } catch (error) {
    const { code, message, detail } = errorMessage(error);
    const told =
      error instanceof HitonamiError ? message : `${start.fileName} cannot be loaded: ${message}`;
    post({ type: 'failed', error: { code, message: told, detail } });
    return;
  }
  // A thread that dies in the middle of a native call takes the process with it: it says so, and ends in order.
  process.on('uncaughtException', (error) => {
    post({ type: 'crashed', reason: error.message });
    worker.stop();
  });
  port.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'detect':
        worker.accept(message);
        break;
      case 'residue':
        post({ type: 'residue', buffers: worker.residue() });
        break;
      case 'stop':
        worker.stop();
        break;
      default:
        throw new TypeError('a worker was sent a message that it does not know');
    }
  });
  post({ type: 'ready' });
}

if (parentPort === null) throw new Error('this module is the thread of an inference pool');
await main(parentPort, workerData as WorkerStart);
