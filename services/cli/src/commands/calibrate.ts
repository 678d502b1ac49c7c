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
import { drawOverlay, requireOverlay } from '../calibrate/overlay.js';
import { sizeOfPicture } from '../calibrate/picture.js';
import { readLens, readPoints } from '../calibrate/points-file.js';
import { pointFigures, walkerFigures, walkerNotes, type Figure } from '../calibrate/report.js';
import { observeClip } from '../evaluate/observe.js';
import { probeClip } from '../probe.js';
import { progressOn } from '../progress.js';
import { formatTable } from '../table.js';
import { readText } from '../read-text.js';

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

/**
 * `hitonami calibrate points.json`, or from walkers: `hitonami calibrate --clip clip.mp4 --height 1.65`. Prints the
 * residual in metres and the `calibration` of the site plan; draws the floor's grid over the picture.
 */
export async function calibrate(
  pointsFile: string | undefined,
  options: CalibrateOptions,
  print: (line: string) => void,
): Promise<void> {
  const { overlay } = options;
  if (overlay !== undefined) await requireOverlay(overlay, options);
  const lens =
    options.lens === undefined ? undefined : readLens(await readText(options.lens), options.lens);
  const found =
    pointsFile === undefined
      ? await fromWalkers(options, lens)
      : await fromPoints(pointsFile, options, lens);
  // Where the overlay fails, what was found is told all the same.
  const [drawn] = await Promise.allSettled([
    overlay === undefined ? undefined : drawOverlay(overlay, found, options),
  ]);
  if (drawn.status === 'fulfilled' && drawn.value !== undefined) found.notes.push(drawn.value);
  tell(found, options, print);
  if (drawn.status === 'rejected') throw drawn.reason;
}

function tell(found: Found, options: CalibrateOptions, print: (line: string) => void): void {
  const block = planBlock(found);
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
  return parseMot(await readText(file), file).map(({ frame, left, top, width, height }) => ({
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
    return sizeOfPicture(options.frame);
  }
  if (told) return told;
  throw new HitonamiError(
    'CONFIG',
    'how large is the picture? Give --size 640x480, or --frame picture.jpg or --clip clip.mp4',
  );
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
