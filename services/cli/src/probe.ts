import { execFile } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { promisify } from 'node:util';
import { HitonamiError } from '@hitonami/model';
import type { RecordedTime } from './replay/start.js';

/** What is known of a clip before it is played. */
export interface ClipFacts extends RecordedTime {
  width: number;
  height: number;
  framesPerS: number;
  /** Frames as the file says; undefined where it does not. */
  frames: number | undefined;
}

/** ffmpeg's name for a text, of which it would draw the letters. */
const TEXT_FORMAT = 'tty';

const runFile = promisify(execFile);

/** @throws HitonamiError `INPUT` for a recording that is not there or cannot be read */
export async function statSource(source: string): Promise<Stats> {
  try {
    await access(source, constants.R_OK);
    return await stat(source);
  } catch (cause) {
    throw new HitonamiError('INPUT', `${source} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** @throws HitonamiError `INPUT` for what is not a video, `CONFIG` where ffprobe is missing */
export async function probeClip(file: string): Promise<ClipFacts> {
  const { mtimeMs } = await statSource(file);
  const entries =
    'stream=width,height,nb_frames,avg_frame_rate,duration:format=format_name,duration:format_tags=creation_time';
  const args = [
    '-v',
    'error',
    '-select_streams',
    'v:0',
    '-show_entries',
    entries,
    '-of',
    'json',
    `file:${file}`,
  ];
  const { stdout } = await runFile('ffprobe', args).catch((cause: unknown) => {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw isMissing
      ? new HitonamiError('CONFIG', 'ffprobe was not found; install ffmpeg, which brings it', {
          cause,
        })
      : new HitonamiError('INPUT', `${file} is not a video that ffmpeg can read`, { cause });
  });
  const probed = JSON.parse(stdout) as {
    streams?: {
      width?: number;
      height?: number;
      nb_frames?: string;
      avg_frame_rate?: string;
      duration?: string;
    }[];
    format?: { format_name?: string; duration?: string; tags?: { creation_time?: string } };
  };
  if (probed.format?.format_name === TEXT_FORMAT)
    throw new HitonamiError('INPUT', `${file} is a text, not a video`);
  const stream = probed.streams?.[0];
  const [numerator = 0, denominator = 1] = (stream?.avg_frame_rate ?? '').split('/').map(Number);
  const framesPerS = numerator / denominator;
  if (!stream?.width || !stream.height || !(framesPerS > 0)) {
    throw new HitonamiError('INPUT', `${file} has no video with a size and a frame rate`);
  }
  const created = Date.parse(probed.format?.tags?.creation_time ?? '');
  const frames = Number(stream.nb_frames);
  return {
    width: stream.width,
    height: stream.height,
    framesPerS,
    frames: Number.isInteger(frames) ? frames : undefined,
    createdMs: Number.isNaN(created) ? undefined : created,
    changedMs: Math.floor(mtimeMs),
    durationS: [stream.duration, probed.format?.duration]
      .map(Number)
      .find((seconds) => Number.isFinite(seconds) && seconds > 0),
  };
}
