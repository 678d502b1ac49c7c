import { locate, trackerOptions } from '@hitonami/ingestor';
import { HitonamiError } from '@hitonami/model';
import {
  boxOfMotRow,
  evaluateTracking,
  framesOfMotRows,
  imagePlaneOptions,
  parseMot,
  Tracker,
  type IdentifiedBox,
  type MotRow,
  type PlaneDetection,
  type TrackingEvaluation,
} from '@hitonami/tracking';
import { FOOT_SD_DEFAULT, type Detections, type FloorProjection } from '@hitonami/vision';
import { readText } from '../read-text.js';
import { formatTable, shown } from '../table.js';
import { projectionFrom } from './homography.js';

/** Frames a second of a detections file, which does not say it itself: that of the MOT15 clips. */
const FRAMES_PER_S = 25;
/** More frames than a day has at 25 a second are a mistake in the file. */
const FRAMES_MAX = 2_160_000;
/** Boxes overlap enough from here on. */
const IOU_MIN = 0.5;
const PERSON = 0;

export interface EvaluateDetectionsOptions {
  detections: string;
  truth: string;
  homography?: string;
  threshold?: number;
  /** Frames a second; default 25. */
  rate?: number;
  json?: boolean;
}

/** The tracker alone on given detections, against the truth. */
export interface TrackerJudgement extends TrackingEvaluation {
  /** Where it tracked: on the floor with a homography, else in the picture. */
  plane: 'floor' | 'picture';
}

/** `hitonami evaluate --detections det.txt --truth gt.txt`: the tracker alone. */
export async function evaluateDetections(
  options: EvaluateDetectionsOptions,
  print: (line: string) => void,
): Promise<void> {
  const [detected, truth] = await Promise.all(
    [options.detections, options.truth].map(async (file) => {
      const rows = parseMot(await readText(file), file);
      if (rows.length === 0) throw new HitonamiError('INPUT', `${file} has no rows to judge by`);
      return rows;
    }),
  );
  const projection =
    options.homography === undefined
      ? undefined
      : projectionFrom(await readText(options.homography), options.homography);
  const judgement = judgeTracker(detected ?? [], truth ?? [], {
    name: options.detections,
    projection,
    threshold: options.threshold,
    framesPerS: options.rate,
  });
  const about = { detections: options.detections, truth: options.truth };
  print(options.json ? JSON.stringify({ ...about, ...judgement }) : asTable(judgement));
}

/**
 * Tracks the detections of each frame, from the first on, with the ingestor's own tracker.
 * @throws HitonamiError `INPUT` that names the frame whose detections cannot be
 */
export function judgeTracker(
  detected: readonly MotRow[],
  truth: readonly MotRow[],
  {
    projection,
    threshold = imagePlaneOptions().confidentFrom,
    framesPerS = FRAMES_PER_S,
    name = 'detections',
  }: {
    projection?: FloorProjection | undefined;
    threshold?: number | undefined;
    framesPerS?: number | undefined;
    /** Of the detections' file. */
    name?: string;
  } = {},
): TrackerJudgement {
  const byFrame = new Map<number, MotRow[]>();
  for (const row of detected) {
    const rows = byFrame.get(row.frame);
    if (rows) rows.push(row);
    else byFrame.set(row.frame, [row]);
  }
  const truthFrames = framesOfMotRows(truth);
  const last = [...byFrame.keys(), ...truthFrames.keys()].reduce((a, b) => Math.max(a, b), 0);
  if (last > FRAMES_MAX) {
    throw new HitonamiError('INPUT', `frame ${last} is beyond the limit of ${FRAMES_MAX} frames`);
  }
  const periodUs = 1e6 / framesPerS;
  const tracker = new Tracker(
    projection
      ? { ...trackerOptions(threshold, periodUs), weakFrom: imagePlaneOptions().weakFrom }
      : imagePlaneOptions({ confidentFrom: threshold }),
  );
  const tracked = new Map<number, IdentifiedBox[]>();
  for (let frame = 1; frame <= last; frame++) {
    const rows = byFrame.get(frame) ?? [];
    const placed = projection
      ? locate(asDetections(rows), projection, FOOT_SD_DEFAULT)
      : rows.map(onPicture);
    tracked.set(
      frame,
      stepOf(tracker, Math.round(frame * periodUs), placed, `${name}, frame ${frame}`).flatMap(
        ({ detection, track }) => {
          const box = placed[detection]?.box;
          return box ? [{ id: track, box }] : [];
        },
      ),
    );
  }
  const figures = evaluateTracking(truthFrames, tracked, { iou: IOU_MIN, frames: last });
  return { plane: projection ? 'floor' : 'picture', ...figures };
}

function stepOf(
  tracker: Tracker,
  atUs: number,
  placed: readonly PlaneDetection[],
  place: string,
): ReturnType<Tracker['step']> {
  try {
    return tracker.step(atUs, placed);
  } catch (error) {
    if (!(error instanceof HitonamiError)) throw error;
    throw new HitonamiError(error.code, `${place}: ${error.message}`, { cause: error });
  }
}

function onPicture(row: MotRow): PlaneDetection {
  return {
    x: row.left + row.width / 2,
    y: row.top + row.height,
    confidence: row.confidence,
    kind: PERSON,
    box: boxOfMotRow(row),
  };
}

function asDetections(rows: readonly MotRow[]): Detections {
  return {
    width: 0,
    height: 0,
    count: rows.length,
    boxes: Float32Array.from(rows.flatMap((row) => [...boxOfMotRow(row)])),
    scores: Float32Array.from(rows, (row) => row.confidence),
    kinds: new Uint8Array(rows.length).fill(PERSON),
    saturation: 0,
    sight: 'clear',
    timing: { queuedMs: 0, decodedMs: 0, inferredMs: 0, totalMs: 0 },
  };
}

function asTable(judgement: TrackerJudgement): string {
  const rows: [string, string][] = [
    ['frames', String(judgement.frames)],
    ['plane', judgement.plane],
    ['MOTA', shown(judgement.mota, 3)],
    ['IDF1', shown(judgement.idf1, 3)],
    ['HOTA', shown(judgement.hota, 3)],
    ['DetA', shown(judgement.detA, 3)],
    ['AssA', shown(judgement.assA, 3)],
    ['identity switches', String(judgement.identitySwitches)],
    ['false positives', String(judgement.falsePositives)],
    ['false negatives', String(judgement.falseNegatives)],
    ['recall', shown(judgement.recall, 3)],
    ['precision', shown(judgement.precision, 3)],
  ];
  return formatTable([{ head: 'figure' }, { head: 'value', align: 'right' }], rows);
}
