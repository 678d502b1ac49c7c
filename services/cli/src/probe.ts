import { execFile } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { promisify } from 'node:util';
import { HitonamiError } from '@hitonami/model';

/** What is known of a clip before it is played. */
export interface ClipFacts {
  width: number;
  height: number;
  framesPerS: number;
  /** Frames as the file says; undefined where it does not. */
  frames: number | undefined;
  /** When its first frame was taken: the file's own word, else the time it was last changed; µs. */
  startUs: number;
}

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
  const entries = 'stream=width,height,nb_frames,avg_frame_rate:format_tags=creation_time';
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
    streams?: { width?: number; height?: number; nb_frames?: string; avg_frame_rate?: string }[];
    format?: { tags?: { creation_time?: string } };
  };
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
    startUs: Math.floor(Number.isNaN(created) ? mtimeMs : created) * 1000,
  };
}
