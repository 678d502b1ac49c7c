import { HitonamiError } from '@hitonami/model';
import type { Address, GrpcSecurityConfig } from '@hitonami/service';

/** What one camera agent does. */
export interface CameraConfig {
  /** Site and camera id of the site plan. */
  site: string;
  camera: string;
  /** A video file, a folder of pictures, or the address of a stream (`rtsp://…`). */
  source: string;
  /**
   * Pictures that are made in this process (a simulator's): read instead of opening `source`, which is then only their
   * name. In `live` each is captured when it comes. A picture's buffer belongs to the agent from then on.
   */
  pictures?: (signal: AbortSignal) => AsyncIterable<Buffer>;
  /**
   * The source was recorded before, for something else: a live site takes it only where its plan says on what basis.
   * Default false, for whoever tries a recording out on a site of its own.
   */
  isRecorded?: boolean;
  /** Where the ingestor takes frames. */
  ingestor: Address;
  security?: GrpcSecurityConfig;
  /** Frames a second that are sent, 0.2 to 100 (the contract's bounds of `period_us`). */
  framesPerS: number;
  /**
   * `live`: as it happens; the newest frame wins, and one that is too old is given up.
   * `lossless`: every frame of a file or folder, as fast as the ingestor takes them, none given up.
   */
  mode: 'live' | 'lossless';
  /**
   * Capture time of the first frame, microseconds since 1970; frame i follows i periods later. Needed in `lossless`;
   * absent in `live`, where a frame is captured when it arrives.
   */
  startUs?: number;
  limits?: Partial<CameraLimits>;
  video?: Partial<VideoOptions>;
}

/** How a video is turned into pictures. */
export interface VideoOptions {
  /** The program. Default `ffmpeg`, found on the PATH. */
  ffmpeg: string;
  /** JPEG quality of ffmpeg's encoder, 2 (best) to 31. Default 3. */
  quality: number;
  /** Wider pictures are made smaller, pixels; 0 for no limit. Default 0. */
  maxWidth: number;
  /**
   * True: pictures at `framesPerS`, by repeating or dropping. False: every picture of the video once, whatever
   * its own rate. Default true.
   */
  resample: boolean;
}

export interface CameraLimits {
  /** Live: an older frame is not sent, ms. Default 1000. */
  maxAgeMs: number;
  /** Frames sent and not yet answered. Default 2: no more than the ingestor's queue of a camera, or it would shed. */
  inFlightMax: number;
  /** Largest picture, bytes. Default 4 MiB. */
  frameBytesMax: number;
  /** Without any answer for so long the connection is given up, ms. Default 30,000. */
  receiptTimeoutMs: number;
  /** How long to wait for the ingestor to answer a connection, ms. Default 5000. */
  connectTimeoutMs: number;
  /** First and longest wait before trying again, ms. Default 200 and 10,000. */
  backoffFirstMs: number;
  backoffMaxMs: number;
  /** Lossless: after so long without progress the replay fails, ms. Default 120,000. Live never gives up. */
  giveUpAfterMs: number;
  /** Live stream: without a picture for so long the stream is opened anew, ms. Default 15,000. */
  stallMs: number;
  /** Live stream: after so long its ffmpeg is replaced, with all that its buffers keep, ms. Default 60,000. */
  readerLifeMs: number;
  /** Live stream: for so long the old ffmpeg waits for the first picture of the new one, ms. Default 15,000. */
  handOverMs: number;
  /** For the answers still due when the agent is stopped, ms. Default 2000. */
  drainMs: number;
}

export const CAMERA_LIMITS_DEFAULT: CameraLimits = {
  maxAgeMs: 1_000,
  inFlightMax: 2,
  frameBytesMax: 4 * 1_024 * 1_024,
  receiptTimeoutMs: 30_000,
  connectTimeoutMs: 5_000,
  backoffFirstMs: 200,
  backoffMaxMs: 10_000,
  giveUpAfterMs: 120_000,
  stallMs: 15_000,
  readerLifeMs: 60_000,
  handOverMs: 15_000,
  drainMs: 2_000,
};

export const VIDEO_OPTIONS_DEFAULT: VideoOptions = {
  ffmpeg: 'ffmpeg',
  quality: 3,
  maxWidth: 0,
  resample: true,
};

export const FRAMES_PER_S_MIN = 0.2;
export const FRAMES_PER_S_MAX = 100;

/** What the reading of pictures needs of it. */
export type PictureSource = Pick<
  CompleteConfig,
  'source' | 'mode' | 'framesPerS' | 'limits' | 'video'
>;

export interface CompleteConfig extends CameraConfig {
  limits: CameraLimits;
  video: VideoOptions;
  periodUs: number;
}

/** Fills in the defaults. Throws HitonamiError `CONFIG` that names the field. */
export function completeConfig(config: CameraConfig): CompleteConfig {
  const { framesPerS, mode, startUs, source } = config;
  if (!(framesPerS >= FRAMES_PER_S_MIN && framesPerS <= FRAMES_PER_S_MAX)) {
    fail(`framesPerS must be from ${FRAMES_PER_S_MIN} to ${FRAMES_PER_S_MAX}, not ${framesPerS}`);
  }
  if (source === '' || source.includes('\0')) fail('source must be a path or an address');
  if (mode === 'lossless' && config.pictures === undefined && isStreamAddress(source)) {
    fail('a stream cannot be sent lossless, since it does not wait; use mode live');
  }
  if (mode === 'lossless' && startUs === undefined) fail('mode lossless needs startUs');
  if (mode === 'live' && startUs !== undefined) fail('startUs has no meaning in mode live');
  const limits = { ...CAMERA_LIMITS_DEFAULT, ...config.limits };
  for (const [key, value] of Object.entries(limits)) {
    if (!(value > 0)) fail(`limits.${key} must be above 0`);
  }
  const video = { ...VIDEO_OPTIONS_DEFAULT, ...config.video };
  return { ...config, limits, video, periodUs: Math.round(1e6 / framesPerS) };
}

/** Has it a scheme, as in `rtsp://camera/stream`? What has none is a path. */
export function isStreamAddress(source: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(source);
}

function fail(what: string): never {
  throw new HitonamiError('CONFIG', `camera: ${what}`);
}
