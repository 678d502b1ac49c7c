import { readFile, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { HitonamiError, type PlanCalibration } from '@hitonami/model';
import { parseMot } from '@hitonami/tracking';
import {
  calibrateFromPoints,
  calibrateFromWalkers,
  shippedDetector,
  type Calibration,
  type CalibrationPoint,
  type Distortion,
  type PictureSize,
  type WalkerBox,
} from '@hitonami/vision';
import sharp from 'sharp';
import { floorGrid } from '../calibrate/floor-grid.js';
import {
  rasterised,
  emptyPlace,
  plainGround,
  withoutPeople,
  type Ground,
} from '../calibrate/ground.js';
import { readLens, readPoints } from '../calibrate/points-file.js';
import { pointFigures, walkerFigures, walkerNotes, type Figure } from '../calibrate/report.js';
import { observeClip } from '../evaluate/observe.js';
import { probeClip } from '../probe.js';
import { progressOn } from '../progress.js';
import { formatTable } from '../table.js';
import { readText } from './check.js';

export interface CalibrateOptions {
  clip?: string;
  frame?: string;
  detections?: string;
  model?: string;
  /** Mean stature of the walkers, m. */
  height?: number;
  lens?: string;
  /** Horizontal field of view, degrees. */
  fov?: number;
  size?: readonly [width: number, height: number];
  overlay?: string;
  json?: boolean;
}

/** What was found, and what is to be said about it. */
interface Found {
  calibration: Calibration;
  points: readonly CalibrationPoint[];
  size: PictureSize;
  figures: Figure[];
  notes: string[];
}

const PERSON = 0;
const PICTURE_BYTES_MAX = 64 * 1024 * 1024;

/**
 * `hitonami calibrate points.json`, or from walkers: `hitonami calibrate --clip clip.mp4 --height 1.65`. Prints the
 * residual in metres and the `calibration` of the site plan; draws the floor's grid over the picture.
 */
export async function calibrate(
  pointsFile: string | undefined,
  options: CalibrateOptions,
  print: (line: string) => void,
): Promise<void> {
  const lens =
    options.lens === undefined ? undefined : readLens(await readText(options.lens), options.lens);
  const found =
    pointsFile === undefined
      ? await fromWalkers(options, lens)
      : await fromPoints(pointsFile, options, lens);
  const block = planBlock(found);
  if (options.overlay !== undefined) {
    found.notes.push(await drawOverlay(options.overlay, found, options));
  }
  if (options.json) {
    const figures = Object.fromEntries(found.figures.map(({ key, value }) => [key, value]));
    print(JSON.stringify({ ...figures, notes: found.notes, calibration: block }));
    return;
  }
  const rows = found.figures.map(({ name, shown }) => [name, shown]);
  print(formatTable([{ head: 'figure' }, { head: 'value', align: 'right' }], rows));
  for (const note of found.notes) print(note);
  print('\nFor the camera in the site plan:');
  print(`"calibration": ${JSON.stringify(block, undefined, 2)}`);
}

async function fromPoints(
  file: string,
  options: CalibrateOptions,
  lensGiven: Distortion | undefined,
): Promise<Found> {
  if (options.detections !== undefined || options.height !== undefined) {
    throw new HitonamiError('CONFIG', 'calibrate from points or from walkers, not from both');
  }
  const { points, size: sizeTold, lens: lensTold } = readPoints(await readText(file), file);
  const lens = lensGiven ?? lensTold;
  const size = await pictureSize(options, sizeTold);
  const outside = points.findIndex(
    ({ u, v }) => !(u >= 0 && v >= 0 && u <= size.width && v <= size.height),
  );
  if (outside >= 0) {
    throw new HitonamiError(
      'INPUT',
      `${file}: point ${outside + 1} is not in a picture of ${size.width}x${size.height} pixels`,
    );
  }
  const made = calibrateFromPoints(points, lens);
  return { calibration: made.calibration, points, size, ...pointFigures(made, points.length) };
}

async function fromWalkers(
  options: CalibrateOptions,
  lens: Distortion | undefined,
): Promise<Found> {
  const { clip, detections, height, fov } = options;
  if ((clip === undefined) === (detections === undefined) || height === undefined) {
    throw new HitonamiError(
      'CONFIG',
      'calibrate from what? Give a file of points, or walkers: --clip clip.mp4 (or --detections det.txt --size 640x480) ' +
        'with --height 1.65, their mean stature in metres',
    );
  }
  const size = await pictureSize(options);
  const boxes =
    clip === undefined ? await readBoxes(detections ?? '') : await seeBoxes(clip, options);
  const made = calibrateFromWalkers(boxes, {
    size,
    statureM: height,
    ...(lens && { lens }),
    ...(fov !== undefined && { fieldOfViewRad: (fov * Math.PI) / 180 }),
  });
  const { calibration } = made;
  return { calibration, points: [], size, figures: walkerFigures(made), notes: walkerNotes(made) };
}

async function readBoxes(file: string): Promise<WalkerBox[]> {
  return parseMot(await readText(file)).map(({ frame, left, top, width, height }) => ({
    ...{ frame, x1: left, y1: top, x2: left + width, y2: top + height },
  }));
}

async function seeBoxes(clip: string, options: CalibrateOptions): Promise<WalkerBox[]> {
  const { frames: expected } = await probeClip(clip);
  const progress = progressOn(process.stderr);
  const model = options.model ?? shippedDetector();
  const { frames, threshold } = await observeClip(clip, { model }, (done) => {
    progress.count('frames', done, expected);
  });
  progress.end();
  return frames.flatMap(({ boxes, scores, kinds, count }, frame) =>
    Array.from({ length: count }, (_, i) => i)
      .filter((i) => (scores[i] ?? 0) >= threshold && (kinds[i] ?? PERSON) === PERSON)
      .map((i): WalkerBox => {
        const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.subarray(4 * i, 4 * i + 4);
        return { x1, y1, x2, y2, frame };
      }),
  );
}

async function pictureSize(options: CalibrateOptions, told?: PictureSize): Promise<PictureSize> {
  if (options.size) return { width: options.size[0], height: options.size[1] };
  if (options.clip !== undefined) {
    const { width, height } = await probeClip(options.clip);
    return { width, height };
  }
  if (options.frame !== undefined) {
    const { width, height } = await sharp(await readPicture(options.frame)).metadata();
    return { width, height };
  }
  if (told) return told;
  throw new HitonamiError(
    'CONFIG',
    'how large is the picture? Give --size 640x480, or --frame picture.jpg or --clip clip.mp4',
  );
}

async function readPicture(file: string): Promise<Buffer> {
  try {
    const picture = await readFile(file);
    if (picture.length <= PICTURE_BYTES_MAX) return picture;
  } catch (cause) {
    throw new HitonamiError('INPUT', `${file} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
  throw new HitonamiError('INPUT', `${file} is larger than ${PICTURE_BYTES_MAX} bytes`);
}

/** The numbers as they go into a plan: enough digits for a thousandth of a pixel. */
function planBlock({ calibration, size }: Found): PlanCalibration {
  const { homography, distortion } = calibration;
  const largest = Math.max(...homography.map(Math.abs));
  const rounded = homography.map((value) => Number((value / largest).toPrecision(12)));
  return {
    imageWidth: size.width,
    imageHeight: size.height,
    homography: rounded as unknown as PlanCalibration['homography'],
    ...(distortion && { distortion: { ...distortion, k3: distortion.k3 ?? 0 } }),
  };
}

/** Draws the grid; on the picture only where nobody is left in it. @returns what to say about it */
async function drawOverlay(file: string, found: Found, options: CalibrateOptions): Promise<string> {
  const kind = extname(file).toLowerCase();
  if (!['.png', '.jpg', '.jpeg', '.svg'].includes(kind)) {
    throw new HitonamiError('CONFIG', `--overlay ${file}: it must end in .png, .jpg or .svg`);
  }
  const grid = floorGrid(found.calibration, found.size, found.points);
  if (kind === '.svg') {
    await writeFile(file, grid);
    return `${file}: the floor's grid by itself`;
  }
  const ground = await groundOf(options, found.size);
  const drawn = sharp(ground.png).composite([{ input: await rasterised(grid) }]);
  await (kind === '.png' ? drawn.png() : drawn.jpeg({ quality: 90 })).toFile(file);
  const people =
    ground.paintedOver > 0
      ? `; ${ground.paintedOver} boxes with people in them were painted over`
      : '';
  return `${file}: the floor's grid over the picture${people}`;
}

async function groundOf(
  { clip, frame, model }: CalibrateOptions,
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
