import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { HitonamiError } from '@hitonami/model';
import {
  CAMERA_LIMITS_DEFAULT,
  isStreamAddress,
  VIDEO_OPTIONS_DEFAULT,
  type PictureSource,
  type VideoOptions,
} from './camera-config.js';
import { hideCredentials, hideCredentialsIn } from './hide-credentials.js';
import { isAborted } from './is-aborted.js';
import { JpegSplitter } from './jpeg-splitter.js';

/** How much of what ffmpeg complained about is kept, characters. */
const COMPLAINT_MAX = 2_000;

/**
 * The pictures of a video file or a stream, as JPEG, through ffmpeg. Reading is held back by whoever is slow to take them;
 * ends with the video, or quietly when the signal is aborted.
 *
 * @throws HitonamiError `CONFIG` where ffmpeg is missing; `INPUT` where a file cannot be read as a video, or, lossless, not
 *   all of it; `UNAVAILABLE` where a stream failed or stalled
 */
export async function* ffmpegPictures(
  config: PictureSource,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  if (isAborted(signal)) return;
  const child = spawn(config.video.ffmpeg, ffmpegArguments(config), {
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const ended = endOf(child);
  const complaint = lastOf(child);
  const isLiveStream = config.mode === 'live' && isStreamAddress(config.source);
  const watchdog = new Watchdog(isLiveStream ? config.limits.stallMs : undefined, () => {
    child.kill('SIGKILL');
  });
  const kill = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill);
  const splitter = new JpegSplitter(config.limits.frameBytesMax);
  let pictures = 0;
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      for (const picture of splitter.push(chunk)) {
        watchdog.touch();
        pictures++;
        yield picture;
      }
      chunk.fill(0);
    }
    const end = await ended;
    if (isAborted(signal)) return;
    if (end.error !== undefined) throw startFault(config, end.error);
    if (watchdog.hasFired)
      throw streamFault(config, `gave no picture for ${config.limits.stallMs} ms`);
    if (end.code !== 0 || pictures === 0) throw runFault(config, end, pictures, complaint());
    // Of a file that is cut short ffmpeg gives what is left, says so, and ends content.
    if (config.mode === 'lossless' && complaint() !== '')
      throw damageFault(config, pictures, complaint());
  } finally {
    signal.removeEventListener('abort', kill);
    watchdog.stop();
    kill();
    await ended;
    splitter.wipe();
  }
}

/**
 * Every picture of a recorded clip once, as fast as they are taken, for whoever judges a detector.
 * @throws as `ffmpegPictures`
 */
export function clipPictures(
  source: string,
  video: Partial<VideoOptions>,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const limits = CAMERA_LIMITS_DEFAULT;
  const settings = { ...VIDEO_OPTIONS_DEFAULT, ...video, resample: false };
  const picture: PictureSource = {
    source,
    mode: 'lossless',
    framesPerS: 1,
    limits,
    video: settings,
  };
  return ffmpegPictures(picture, signal);
}

/** The command line, without the program. */
export function ffmpegArguments(config: PictureSource): string[] {
  const { source, mode, framesPerS, video } = config;
  const filters: string[] = [];
  if (video.resample) filters.push(`fps=${framesPerS}`);
  if (video.maxWidth > 0) filters.push(`scale='min(${video.maxWidth},iw)':-2`);
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error'],
    ...inputArguments(source, mode),
    ...['-map', '0:v:0'],
    ...(filters.length > 0 ? ['-vf', filters.join(',')] : []),
    ...(video.resample ? [] : ['-vsync', 'passthrough']),
    ...['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', String(video.quality)],
    ...['-f', 'image2pipe', 'pipe:1'],
  ];
}

function inputArguments(source: string, mode: PictureSource['mode']): string[] {
  if (!isStreamAddress(source)) {
    // A path is never taken for another protocol, and a file opens nothing but files.
    const pace = mode === 'live' ? ['-re'] : [];
    return [...pace, '-protocol_whitelist', 'file', '-i', `file:${resolve(source)}`];
  }
  // What a camera sent while ffmpeg was looking at the stream is old by then: `nobuffer` passes over it.
  const isRtsp = /^rtsps?:/i.test(source);
  return [...(isRtsp ? ['-fflags', 'nobuffer', '-rtsp_transport', 'tcp'] : []), '-i', source];
}

interface End {
  code: number | null;
  signal: string | null;
  error?: Error;
}

/** Never rejects. */
function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolveEnd) => {
    child.once('error', (error) => {
      resolveEnd({ code: null, signal: null, error });
    });
    child.once('close', (code, signal) => {
      resolveEnd({ code, signal });
    });
  });
}

/** Keeps the end of what the child writes to its standard error. */
function lastOf(child: ChildProcess): () => string {
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-COMPLAINT_MAX);
  });
  return () => tail.trim();
}

/** Calls back once where it was not touched for so long. */
class Watchdog {
  hasFired = false;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number | undefined, onTimeout: () => void) {
    if (timeoutMs === undefined) return;
    this.#timer = setTimeout(() => {
      this.hasFired = true;
      onTimeout();
    }, timeoutMs);
  }

  touch(): void {
    this.#timer?.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

function startFault({ video }: PictureSource, cause: Error): HitonamiError {
  const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  const reason = isMissing
    ? `was not found; install ffmpeg, or set HITONAMI_CAMERA_FFMPEG to its path`
    : `could not be started: ${cause.message}`;
  return new HitonamiError('CONFIG', `the program '${video.ffmpeg}' ${reason}`, { cause });
}

function runFault(
  config: PictureSource,
  end: End,
  pictures: number,
  complaint: string,
): HitonamiError {
  const how =
    end.signal === null ? `ended with code ${String(end.code)}` : `was killed by ${end.signal}`;
  const said =
    complaint === '' ? '' : `; ffmpeg said: ${hideCredentialsIn(complaint, config.source)}`;
  if (isStreamAddress(config.source)) return streamFault(config, `${how}${said}`);
  const name = `the video ${config.source}`;
  const found =
    pictures === 0 ? 'has no picture that can be read' : `broke off after ${pictures} pictures`;
  return new HitonamiError('INPUT', `${name} ${found}: ffmpeg ${how}${said}`);
}

function damageFault(
  { source }: PictureSource,
  pictures: number,
  complaint: string,
): HitonamiError {
  return new HitonamiError(
    'INPUT',
    `the video ${source} is damaged or cut short: ${pictures} pictures came of it, and ffmpeg said: ${hideCredentialsIn(complaint, source)}. ` +
      'Fetch it again; or, where what is left will do, have ffmpeg write that into a file of its own, and take that one',
  );
}

function streamFault(config: PictureSource, what: string): HitonamiError {
  return new HitonamiError('UNAVAILABLE', `the stream ${hideCredentials(config.source)} ${what}`, {
    canRetry: true,
  });
}
