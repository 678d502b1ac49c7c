/** What memory still holds of a canary some time after its receipt. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { formsInCamera, type CameraUnderTest } from './camera.js';
import { TraceFinder } from './finder.js';
import { connect, PERIOD_MS, type Ingestor } from './ingestor.js';
import { copyMemory, familyOf, tracesIn, type MemoryTrace } from './memory.js';
import { drawCanary, formsOnTheWay } from './picture.js';

/** So long after its receipt nothing of a frame is left in an ingestor or a camera agent: the N of the promise. */
export const FORGOTTEN_MS = 2_000;
/** Of the ffmpeg of a camera agent: it and the next one, which takes over, have then ended (`readerLifeMs`, `handOverMs`). */
export const FORGOTTEN_BY_FFMPEG_MS = 80_000;
/** Of one whose sender vanished in its middle, which has no receipt. */
export const FORGOTTEN_UNFINISHED_MS = 12_000;
/** Frames before a canary, so that everything is warm. */
const FRAMES_BEFORE = 3;
/** For a picture to come through a camera agent. */
const THROUGH_CAMERA_MS = 4_000;

export interface Memory {
  /** What was looked at. */
  readonly process: string;
  readonly mode: 'idle' | 'load' | 'vanished';
  /** From the receipt to the look; of a camera from when the stream first showed it. */
  readonly afterMs: number;
  readonly searchedBytes: number;
  readonly traces: readonly MemoryTrace[];
}

export interface LookOptions {
  /** `load`: other frames go on at five a second. `vanished`: the sender goes away in the middle of the canary. */
  readonly mode: Memory['mode'];
  readonly afterMs: number;
  /** A picture without colours, whose luminance is sought too. */
  readonly isGrey: boolean;
}

/** Sends one canary to an ingestor, and looks into its memory. */
export async function lookIntoIngestor(
  ingestor: Ingestor,
  others: readonly Buffer[],
  { mode, afterMs, isGrey }: LookOptions,
): Promise<Memory> {
  const canary = await drawCanary(isGrey);
  const finder = new TraceFinder(await formsOnTheWay(canary));
  const sender = await connect(ingestor.doors);
  let count = 0;
  const sendOther = (): void => {
    void sender.send(Buffer.from(others[count++ % others.length] ?? Buffer.alloc(0)));
  };
  for (let i = 0; i < FRAMES_BEFORE; i++) {
    sendOther();
    await sleep(PERIOD_MS);
  }
  const sending = sender.send(Buffer.from(canary.jpeg));
  if (mode === 'vanished') {
    // Some of its pieces are there by now, and not all.
    await new Promise(setImmediate);
    sender.close();
  }
  const receipt = await sending;
  if (mode !== 'vanished' && receipt?.processed === undefined)
    throw new Error(`the canary was not processed: ${JSON.stringify(receipt)}`);
  const pace = mode === 'load' ? setInterval(sendOther, PERIOD_MS) : undefined;
  await sleep(afterMs);
  const copy = copyMemory(ingestor.pid);
  clearInterval(pace);
  sender.close();
  const traces = await tracesIn(copy, finder);
  return { process: 'ingestor', mode, afterMs, searchedBytes: copy.bytes, traces };
}

/** Shows one canary to a camera agent, and looks into its memory and that of its ffmpeg. */
export async function lookIntoCamera(
  camera: CameraUnderTest,
  { mode, afterMs, isGrey }: LookOptions,
): Promise<Memory[]> {
  camera.goOn(true);
  // A stream that has been quiet was closed, and takes some seconds to be opened again.
  for (let pictures = 0; pictures < FRAMES_BEFORE; pictures += camera.arrived().length)
    await sleep(PERIOD_MS);
  const canary = await drawCanary(isGrey);
  camera.show(canary.jpeg);
  if (mode === 'idle') camera.goOn(false);
  await sleep(THROUGH_CAMERA_MS);
  await sleep(afterMs);
  const copies = familyOf(camera.pid).map((pid, i) => {
    const name = i === 0 ? 'camera agent' : 'ffmpeg';
    return [name, copyMemory(pid)] as const;
  });
  const finder = new TraceFinder(await formsInCamera(canary, camera.arrived()));
  const memories: Memory[] = [];
  for (const [process, copy] of copies) {
    const traces = await tracesIn(copy, finder);
    // From when it was first shown: when exactly it was answered is not known here.
    const sinceMs = THROUGH_CAMERA_MS + afterMs;
    memories.push({ process, mode, afterMs: sinceMs, searchedBytes: copy.bytes, traces });
  }
  return memories;
}

export interface Cost {
  readonly framesPerS: number;
  /** Of the processor, each frame, all threads together. */
  readonly cpuMs: number;
}

const FRAMES_AT_ONCE = 4;

/** How fast an ingestor is when frames come as fast as it takes them. */
export async function costOf(
  ingestor: Ingestor,
  others: readonly Buffer[],
  frames: number,
): Promise<Cost> {
  const sender = await connect(ingestor.doors);
  let [sent, processed] = [0, 0];
  const sendOn = async (): Promise<void> => {
    while (sent < frames) {
      const other = others[sent++ % others.length] ?? Buffer.alloc(0);
      if ((await sender.send(Buffer.from(other)))?.processed) processed++;
    }
  };
  const [startedMs, before] = [performance.now(), cpuMsOf(ingestor.pid)];
  await Promise.all(Array.from({ length: FRAMES_AT_ONCE }, sendOn));
  const tookMs = performance.now() - startedMs;
  const cpuMs = (cpuMsOf(ingestor.pid) - before) / processed;
  sender.close();
  return { framesPerS: (processed / tookMs) * 1000, cpuMs };
}

/** Time of the processor that a process has used, in clock ticks of 10 ms. */
function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
