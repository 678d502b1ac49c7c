import { stat, writeFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { HitonamiError } from '@hitonami/model';
import {
  shippedDetector,
  type Calibration,
  type CalibrationPoint,
  type PictureSize,
} from '@hitonami/vision';
import sharp from 'sharp';
import { probeClip } from '../probe.js';
import { floorGrid } from './floor-grid.js';
import { emptyPlace, plainGround, rasterised, withoutPeople, type Ground } from './ground.js';
import { readPicture } from './picture.js';

/** What the grid is drawn on: a picture, a clip, or nothing but grey. */
export interface OverlaySources {
  clip?: string;
  frame?: string;
  model?: string;
}

/**
 * Before anything is computed: can the overlay be written where it is wanted?
 * @throws HitonamiError `CONFIG` for another kind of file, or for what it would be drawn from; `INPUT` where it cannot be written
 */
export async function requireOverlay(file: string, { clip, frame }: OverlaySources): Promise<void> {
  if (!['.png', '.jpg', '.jpeg', '.svg'].includes(kindOf(file))) {
    throw new HitonamiError('CONFIG', `--overlay ${file}: it must end in .png, .jpg or .svg`);
  }
  const there = await statOf(file);
  for (const source of [clip, frame]) {
    const read = source === undefined ? undefined : await statOf(source);
    if (there === undefined || there.ino !== read?.ino || there.dev !== read.dev) continue;
    throw new HitonamiError(
      'CONFIG',
      `--overlay ${file}: it is what it would be drawn from; name another file`,
    );
  }
  const folder = dirname(file);
  if (there?.isDirectory()) throw cannotWrite(file, 'it is a folder');
  if (!(await statOf(folder))?.isDirectory()) throw cannotWrite(file, `${folder} is no folder`);
}

/**
 * Draws the grid; on the picture only where nobody is left in it. @returns what to say about it
 * @throws HitonamiError `INPUT` for a picture that cannot be drawn on, or a file that cannot be written
 */
export async function drawOverlay(
  file: string,
  {
    calibration,
    size,
    points,
  }: { calibration: Calibration; size: PictureSize; points: readonly CalibrationPoint[] },
  sources: OverlaySources,
): Promise<string> {
  const kind = kindOf(file);
  const grid = floorGrid(calibration, size, points);
  if (kind === '.svg') {
    await write(file, grid);
    return `${file}: the floor's grid by itself`;
  }
  const ground = await groundOf(sources, size);
  const drawn = sharp(ground.png).composite([{ input: await rasterised(grid) }]);
  await write(file, await (kind === '.png' ? drawn.png() : drawn.jpeg({ quality: 90 })).toBuffer());
  const people =
    ground.paintedOver > 0
      ? `; ${ground.paintedOver} boxes with people in them were painted over`
      : '';
  return `${file}: the floor's grid over the picture${people}`;
}

async function groundOf(
  { clip, frame, model }: OverlaySources,
  size: PictureSize,
): Promise<Ground> {
  if (frame === undefined && clip === undefined) return plainGround(size);
  const picture =
    frame === undefined
      ? await emptyPlace(clip ?? '', (await probeClip(clip ?? '')).frames)
      : await readPicture(frame);
  const ground = await withoutPeople(picture, model ?? shippedDetector());
  if (ground.size.width === size.width && ground.size.height === size.height) return ground;
  throw new HitonamiError(
    'INPUT',
    `the picture is ${ground.size.width}x${ground.size.height} and the calibration of ${size.width}x${size.height}`,
  );
}

const kindOf = (file: string): string => extname(file).toLowerCase();
/** Undefined for what is not there, or cannot be looked at. */
const statOf = (path: string) => stat(path).catch(() => undefined);

async function write(file: string, content: string | Buffer): Promise<void> {
  await writeFile(file, content).catch((cause: unknown) => {
    throw cannotWrite(file, (cause as Error).message, cause);
  });
}

function cannotWrite(file: string, why: string, cause?: unknown): HitonamiError {
  return new HitonamiError('INPUT', `${file} cannot be written: ${why}`, { cause });
}
