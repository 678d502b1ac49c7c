/** A real camera agent and its ffmpeg as processes, fed by a stream in which a canary comes by. */
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGrpcServer, createLogger, writeWithBackpressure } from '@hitonami/service';
import sharp from 'sharp';
import { freePort } from '../support/service-process.js';
import { greysOf, likeness } from './carving.js';
import type { Form } from './finder.js';
import { PERIOD_MS, startHitonami, untilReady, type Folders } from './ingestor.js';
import { scanOf, type Canary } from './picture.js';

/** ffmpeg looks at a stream for some seconds before it gives the first picture. */
const FIRST_PICTURE_MS_MAX = 30_000;
const ALIKE_MIN = 0.8;
/** A stream without times of its own is taken to have 25 pictures a second, of which the agent takes 5. */
const STREAM_PERIOD_MS = 40;
/** So many in a row, that one of them surely is among those that are taken. */
const SHOWN = 25;

export interface CameraUnderTest {
  readonly pid: number;
  /** The next pictures of the stream. */
  show(jpeg: Buffer): void;
  /** Whether pictures keep coming. */
  goOn(isWanted: boolean): void;
  /** Pictures that have come out at the other end since the last call. */
  arrived(): Buffer[];
  stop(): Promise<void>;
}

/** Starts all of it, and returns when pictures come through. */
export async function startCamera(
  folders: Folders,
  others: readonly Buffer[],
): Promise<CameraUnderTest> {
  let pictures: Buffer[] = [];
  const door = await createGrpcServer({
    address: { host: '127.0.0.1', port: 0 },
    logger: createLogger({ service: 'canary', level: 'silent' }),
    limits: { keepaliveMs: 60_000, keepaliveTimeoutMs: 60_000 },
    implementations: {
      FrameIngest: async (stream) => {
        for await (const { site, camera, sequence, image } of stream) {
          pictures.push(Buffer.from(image));
          await writeWithBackpressure(stream, { site, camera, sequence, processed: { people: 0 } });
        }
      },
    },
  });
  const sockets = new Set<Socket>();
  let next: Buffer | undefined;
  let isWanted = true;
  let shown = 0;
  let left = 0;
  const source = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  }).listen(0, '127.0.0.1');
  const pace = setInterval(() => {
    const picture = next ?? (isWanted ? others[shown++ % others.length] : undefined);
    if (next && --left === 0) next = undefined;
    if (picture) for (const socket of sockets) socket.write(picture);
  }, STREAM_PERIOD_MS);
  await new Promise((resolve) => source.once('listening', resolve));
  const metricsUrl = `http://127.0.0.1:${await freePort()}`;
  const agent = startHitonami(folders, ['run', 'camera'], {
    HITONAMI_CAMERA_SITE: 'tud-stadtmitte',
    HITONAMI_CAMERA_ID: 'camera',
    HITONAMI_CAMERA_SOURCE: `tcp://127.0.0.1:${(source.address() as AddressInfo).port}`,
    HITONAMI_CAMERA_INGESTOR: `127.0.0.1:${door.address.port}`,
    HITONAMI_CAMERA_FRAMES_PER_S: String(1000 / PERIOD_MS),
    HITONAMI_METRICS_ADDRESS: new URL(metricsUrl).host,
  });
  await untilReady(agent, `${metricsUrl}/readyz`);
  for (const started = Date.now(); pictures.length < 5; await sleep(PERIOD_MS))
    if (Date.now() - started > FIRST_PICTURE_MS_MAX)
      throw new Error(`no picture came through:\n${agent.output()}`);
  return {
    pid: agent.pid,
    show: (jpeg) => {
      next = jpeg;
      left = SHOWN;
    },
    goOn: (wanted) => (isWanted = wanted),
    arrived: () => pictures.splice(0),
    stop: async () => {
      clearInterval(pace);
      agent.child.kill('SIGTERM');
      await agent.exited;
      for (const socket of sockets) socket.destroy();
      source.close();
      await door.stop(1_000);
      pictures = [];
    },
  };
}

/**
 * The forms of a canary in a camera agent: the JPEG of the stream, the planes that ffmpeg decodes, and the JPEG that it
 * makes of them, as it arrived.
 */
export async function formsInCamera(canary: Canary, arrived: readonly Buffer[]): Promise<Form[]> {
  const secret = await greysOf(sharp(canary.jpeg));
  const sent: Buffer[] = [];
  for (const jpeg of arrived)
    if (likeness(secret, await greysOf(sharp(jpeg))) > ALIKE_MIN) sent.push(jpeg);
  if (sent.length === 0) throw new Error('the canary did not come through the camera agent');
  return [
    { name: 'encoded', bytes: scanOf(canary.jpeg) },
    { name: 'decoded planes', bytes: await planesOf(canary.jpeg) },
    ...sent.map((jpeg) => ({ name: 'encoded again', bytes: scanOf(jpeg) })),
  ];
}

async function planesOf(jpeg: Buffer): Promise<Buffer> {
  const args = ['-v', 'error', '-f', 'mjpeg', '-i', 'pipe:0', '-f', 'rawvideo', 'pipe:1'];
  const child = spawn('ffmpeg', args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const pieces: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  child.stdin.end(jpeg);
  await new Promise((resolve) => child.once('close', resolve));
  return Buffer.concat(pieces);
}
