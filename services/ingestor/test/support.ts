import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { EventLog } from '@hitonami/event-log';
import {
  createGrpcClient,
  createLogger,
  createMetrics,
  Health,
  publishPlan,
  readConfig,
  startService,
  writeWithBackpressure,
  type CountBatch,
  type CountReceipt,
  type Frame,
  type GrpcClient,
  type Metrics,
  type PositionBatch,
  type Receipt,
  type RunningService,
} from '@hitonami/service';
import sharp from 'sharp';
import { afterEach } from 'vitest';
import { eventually, openTestLog, temporaryFolder } from '../../../test/support/event-log.js';
import { planText, rectangle } from '../../../test/support/plans.js';
import { ingestorSchema, ingestorService, type IngestorHandle } from '../src/index.js';

export const silent = createLogger({ service: 'test', level: 'silent' });

/** Side of the pictures of camera `eye`, and of the tiny detector's input, pixels. */
export const SIDE = 64;

/** `eye` sends frames of 64 × 64 pixels, a tenth of a metre each, (0, 0) at the top; `sensor` positions; `gate` counts. */
export function station(changes: Record<string, unknown> = {}): string {
  const coverage = rectangle(0, 0, 10, 10);
  const calibration = {
    imageWidth: SIDE,
    imageHeight: SIDE,
    homography: [0.1, 0, 0, 0, -0.1, 6.4, 0, 0, 1],
  };
  const eye = { floor: 'f1', coverage, calibration, detection: { threshold: 0.9 } };
  return planText({
    cameras: [
      { id: 'eye', ...eye },
      { id: 'eye-2', ...eye },
      { id: 'eye-unexplained', ...eye, governance: undefined },
      { id: 'sensor', floor: 'f1', coverage },
      { id: 'sensor-2', floor: 'f1', coverage },
    ],
    counters: [{ id: 'gate', line: 'middle' }],
    ...changes,
  });
}

/** Collects what is to be called at an end, the last first. */
export function collectEnds(): { add: (end: () => unknown) => void; run: () => Promise<void> } {
  const ends: (() => unknown)[] = [];
  return {
    add: (end) => {
      ends.push(end);
    },
    run: async () => {
      for (const end of ends.splice(0).reverse()) await end();
    },
  };
}

const { add, run } = collectEnds();
/** What is given here is called after the test, the last first. */
export const afterTest = add;
afterEach(run);

/** An ingestor on a log of its own. */
export interface Ingestor {
  log: EventLog;
  data: string;
  metrics: Metrics;
  address: IngestorHandle['address'];
  service: RunningService;
}

export interface IngestorSetup {
  plan?: string | undefined;
  model?: string;
  workers?: number;
  queue?: number;
  ticks?: 'on' | 'off';
}

/** @param atEnd takes what is to be called when it is no longer needed, the last first */
export async function startIngestor(
  setup: IngestorSetup = {},
  atEnd = afterTest,
): Promise<Ingestor> {
  const folder = temporaryFolder('ingestor');
  atEnd(folder.remove);
  const log = await openTestLog(folder.path);
  atEnd(() => log.close());
  const { plan = station() } = setup;
  if (plan !== '') await publishPlan(log, plan, Date.now() * 1000);
  const config = readConfig(ingestorSchema, {
    HITONAMI_DATA: folder.path,
    HITONAMI_GRPC_ADDRESS: '127.0.0.1:0',
    HITONAMI_TICKS: setup.ticks ?? 'off',
    HITONAMI_MODEL: setup.model ?? 'none',
    HITONAMI_INFERENCE_WORKERS: String(setup.workers ?? 1),
    HITONAMI_CAMERA_QUEUE: String(setup.queue ?? 2),
  });
  const metrics = createMetrics('test');
  let handle: IngestorHandle | undefined;
  const service = await startService(
    ingestorService((ready) => (handle = ready)),
    config,
    { logger: silent, metrics, health: new Health() },
  );
  atEnd(() => service.stop());
  if (!handle) throw new Error('it did not say where it listens');
  return { log, data: folder.path, metrics, address: handle.address, service };
}

/** One stream to a door: what is sent, what is answered, and how it ended. */
export class Conversation<Request, Response extends { sequence: number }> {
  readonly receipts: Response[] = [];
  readonly ended: Promise<{ code: number; details: string }>;
  private readonly stream: ClientDuplexStream<Request, Response>;

  constructor(stream: ClientDuplexStream<Request, Response>) {
    this.stream = stream;
    stream.on('data', (receipt: Response) => this.receipts.push(receipt));
    stream.on('error', () => undefined);
    this.ended = new Promise((resolve) => stream.on('status', resolve));
  }

  async send(...messages: Request[]): Promise<void> {
    for (const message of messages) await writeWithBackpressure(this.stream, message);
  }

  /** Sends one message and waits for the next receipt. */
  async ask(message: Request): Promise<Response> {
    const before = this.receipts.length;
    await this.send(message);
    await this.until(before + 1);
    return this.receipts[before] as Response;
  }

  /** Waits until so many receipts have come. */
  async until(count: number): Promise<Response[]> {
    await eventually(
      `${String(count)} receipts, of which ${String(this.receipts.length)} have come`,
      () => this.receipts.length >= count,
    );
    return this.receipts;
  }

  /** Ends the sending half and waits for everything that is still answered. */
  async end(): Promise<Response[]> {
    this.stream.end();
    await this.ended;
    return this.receipts;
  }

  /** As if the network had gone. */
  cut(): void {
    this.stream.cancel();
  }
}

/** Larger than any limit of the ingestor, so that it is the ingestor that refuses. */
const CLIENT_BYTES_MAX = 64 * 1024 * 1024;

function connect<D extends 'FrameIngest' | 'PositionIngest' | 'CountIngest'>(
  door: D,
  { address }: Pick<Ingestor, 'address'>,
): GrpcClient<D> {
  const limits = { messageBytesMax: CLIENT_BYTES_MAX };
  const client = createGrpcClient({ door, address, limits });
  afterTest(() => {
    client.close();
  });
  return client;
}

export const openFrames = (ingestor: Pick<Ingestor, 'address'>): Conversation<Frame, Receipt> =>
  new Conversation(connect('FrameIngest', ingestor).stream());
export const openPositions = (
  ingestor: Pick<Ingestor, 'address'>,
): Conversation<PositionBatch, Receipt> =>
  new Conversation(connect('PositionIngest', ingestor).stream());
export const openCounts = (ingestor: Ingestor): Conversation<CountBatch, CountReceipt> =>
  new Conversation(connect('CountIngest', ingestor).stream());

const PERIOD_US = 200_000;
/** An hour ago, µs: the first of the times of test messages, so that none is in the future. */
export const START_US = (Date.now() - 3_600_000) * 1000;

/** The capture time of the n-th message of a camera. */
export function timeOf(n: number): number {
  return START_US + n * PERIOD_US;
}

export function frame(n: number, image: Buffer, changes: Partial<Frame> = {}): Frame {
  const identity = { site: 'test', camera: 'eye', sequence: n, capturedUs: timeOf(n) };
  return {
    ...identity,
    periodUs: PERIOD_US,
    image: Buffer.from(image),
    recorded: false,
    ...changes,
  };
}

export function batch(n: number, changes: Partial<PositionBatch> = {}): PositionBatch {
  return {
    site: 'test',
    camera: 'sensor',
    sequence: n,
    capturedUs: timeOf(n),
    periodUs: PERIOD_US,
    blind: false,
    floor: '',
    xM: [],
    yM: [],
    vxMS: [],
    vyMS: [],
    confidence: [],
    kind: [],
    track: [],
    ...changes,
  };
}

/** A black picture with a white square of 8 × 8 pixels, in which the tiny detector sees a person. */
export function picture(left: number, top: number, side = SIDE): Promise<Buffer> {
  const pixels = Buffer.alloc(side * side * 3);
  for (let y = top; y < top + 8; y++)
    pixels.fill(255, (y * side + left) * 3, (y * side + left + 8) * 3);
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}
