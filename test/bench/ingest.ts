import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Duplex } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { ingestorSchema, ingestorService, type IngestorHandle } from '@hitonami/ingestor';
import {
  createLogger,
  createMetrics,
  Health,
  openLog,
  publishPlan,
  readConfig,
  startService,
  topicSpecs,
  type DoorStream,
  type Receipt,
} from '@hitonami/service';
import sharp from 'sharp';
import { cutFrames, hasClips, sharedPath } from '../support/pictures.js';
import { label, planText, rectangle } from '../support/plans.js';
import { lentOrSkip } from '../support/require.js';
import { startChild } from './child.js';
import { FrameSender, SENDING_CAMERAS } from './frame-sender.js';
import type { BareOrder, BareStart } from './ingest-bare-worker.js';
import { interleave, type BenchOptions, type Figure } from './measure.js';

const GOAL_RATIO = 0.95;
const WORKERS = 2;
/** Of the pictures, and of the network. */
const PICTURE = { width: 768, height: 576, quality: 90 };
const NETWORK = { width: 416, height: 320, resizedHeight: 312 };
/** Every so many frames of the clip one is used. */
const CLIP_STEP = 4;
const FRAMES_WAITING_MAX = 16;

/**
 * The ingestor from JPEG to positions on the embedded log, against two threads that only decode, resize and infer. The
 * frames are handed to its own door in this process, and to the same door over gRPC by another process.
 */
export async function ingest({ quick, folder, say }: BenchOptions): Promise<Figure[]> {
  const clip = sharedPath('data', 'tud-stadtmitte', 'clip.mp4');
  const homography = sharedPath('data', 'tud-stadtmitte', 'homography.json');
  const modelPath = sharedPath('models', 'yolox_nano_416x320.onnx');
  const isThere = hasClips(clip, homography) && existsSync(modelPath);
  if (
    !lentOrSkip(
      'ingest benchmark',
      isThere,
      `ffmpeg, ${basename(clip)} and ${basename(modelPath)} are needed`,
    )
  )
    return figures();
  say('the ingestor against two threads of sharp and session.run');
  const pictures = await jpegs(clip, join(folder, 'pictures'));
  const ingestor = await startIngestor(join(folder, 'ingestor'), modelPath, homography);
  const remote = await startRemoteSender(ingestor.handle, join(folder, 'pictures'));
  const bare = await startBare({ modelPath, pictures, ...NETWORK });
  const local = localSender(ingestor.handle, pictures);
  const [warmMs, measuredMs] = quick ? [300, 1_200] : [500, 2_500];
  try {
    const rounds = await interleave(quick ? 3 : 9, {
      pipeline: () => local.rate(warmMs, measuredMs),
      bare: () => bare.rate({ decode: true, warmMs, measuredMs }),
      grpc: () => remote.rate({ warmMs, measuredMs }),
      inference: () => bare.rate({ decode: false, warmMs, measuredMs }),
    });
    return figures({
      fps: rounds.rate('pipeline'),
      ratio: rounds.ratio('pipeline', 'bare'),
      grpc: rounds.ratio('grpc', 'bare'),
      share: rounds.ratio('pipeline', 'inference'),
    });
  } finally {
    await remote.stop();
    await bare.stop();
    await ingestor.stop();
  }
}

function figures(measured?: { fps: number; ratio: number; grpc: number; share: number }): Figure[] {
  return [
    {
      key: 'ingest_frames_per_s',
      value: measured?.fps,
      unit: 'frames/s',
      what: `JPEG ${String(PICTURE.width)}×${String(PICTURE.height)} to positions on the embedded log, ${String(WORKERS)} workers`,
    },
    {
      key: 'ingest_ratio',
      value: measured?.ratio,
      unit: '',
      goal: GOAL_RATIO,
      what: '… over two threads of bare sharp decode-and-resize, then bare session.run',
    },
    {
      key: 'ingest_grpc_ratio',
      value: measured?.grpc,
      unit: '',
      what: '… with the frames over gRPC on loopback; the sending process shares the cores',
    },
    {
      key: 'ingest_share_of_session_run',
      value: measured?.share,
      unit: '',
      what: '… over two threads of bare session.run alone',
    },
  ];
}

async function jpegs(clip: string, folder: string): Promise<Buffer[]> {
  mkdirSync(folder);
  const { width, height, quality } = PICTURE;
  const pictures: Buffer[] = [];
  for (const { frame, jpeg } of cutFrames(clip, CLIP_STEP)) {
    const picture = await sharp(jpeg).resize(width, height).jpeg({ quality }).toBuffer();
    writeFileSync(join(folder, `${String(frame).padStart(5, '0')}.jpg`), picture);
    pictures.push(picture);
  }
  return pictures;
}

/** The real service with its log, in this process. */
async function startIngestor(data: string, modelPath: string, homographyPath: string) {
  const config = readConfig(ingestorSchema, {
    HITONAMI_DATA: data,
    HITONAMI_OBSERVATION_PARTITIONS: '1',
    HITONAMI_GRPC_ADDRESS: '127.0.0.1:0',
    HITONAMI_MODEL: modelPath,
    HITONAMI_INFERENCE_WORKERS: String(WORKERS),
    HITONAMI_CAMERA_QUEUE: String(FRAMES_WAITING_MAX),
    HITONAMI_TICKS: 'off',
  });
  const logger = createLogger({ service: 'bench', level: 'warn' });
  const log = await openLog(config, 'bench', logger);
  await log.createTopics(topicSpecs(1));
  await publishPlan(log, cameraPlan(homographyPath), Date.now() * 1000);
  let handle: IngestorHandle | undefined;
  const shared = { logger, metrics: createMetrics('ingestor'), health: new Health() };
  const service = await startService(
    ingestorService((ready) => (handle = ready)),
    config,
    shared,
  );
  if (handle === undefined) throw new Error('the ingestor did not say that it is ready');
  return {
    handle,
    stop: async (): Promise<void> => {
      await service.stop();
      await log.close();
    },
  };
}

/** Cameras that all see what the clip shows; its homography is for pictures of 640 × 480. */
function cameraPlan(homographyPath: string): string {
  const { H_640x480: rows } = JSON.parse(readFileSync(homographyPath, 'utf8')) as {
    H_640x480: [number, number, number][];
  };
  const scale = 640 / PICTURE.width;
  const homography = rows.flatMap(([u, v, w]) => [u * scale, v * scale, w]);
  return planText({
    site: 'bench',
    lines: [],
    cameras: ['local', 'remote'].flatMap((name) =>
      Array.from({ length: SENDING_CAMERAS }, (_, i) => ({
        id: `${name}-${String(i)}`,
        floor: 'f1',
        coverage: rectangle(-50, -50, 50, 50),
        calibration: { imageWidth: PICTURE.width, imageHeight: PICTURE.height, homography },
      })),
    ),
    areas: [
      {
        id: 'street',
        floor: 'f1',
        name: label,
        kind: 'walkway',
        polygon: rectangle(-40, -40, 40, 40),
      },
    ],
  });
}

/** Frames straight to the door: all that the ingestor does, but gRPC. */
function localSender({ frames }: IngestorHandle, pictures: readonly Buffer[]): FrameSender {
  const stream = new Duplex({
    objectMode: true,
    read: () => undefined,
    write: (receipt: Receipt, _, done) => {
      sender.answered(receipt);
      done();
    },
  });
  const sender = new FrameSender('local', pictures, { send: (frame) => void stream.push(frame) });
  void frames(stream as unknown as DoorStream<'FrameIngest'>, new AbortController().signal);
  return sender;
}

async function startRemoteSender({ address }: IngestorHandle, folder: string) {
  const child = await startChild('frame-sender-process.js', { address, folder });
  return {
    rate: (order: { warmMs: number; measuredMs: number }) => child.ask<number>(order),
    stop: child.stop,
  };
}

async function startBare(start: BareStart) {
  const workers = Array.from(
    { length: WORKERS },
    () => new Worker(new URL('ingest-bare-worker.js', import.meta.url), { workerData: start }),
  );
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  return {
    /** Frames a second of all workers together. */
    rate: async (order: BareOrder): Promise<number> => {
      const answers = workers.map((worker) => once(worker, 'message'));
      for (const worker of workers) worker.postMessage(order);
      const rates = (await Promise.all(answers)) as [number][];
      return rates.reduce((sum, [rate]) => sum + rate, 0);
    },
    stop: () => Promise.all(workers.map((worker) => worker.terminate())),
  };
}
