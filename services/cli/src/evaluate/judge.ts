import { locate, trackerOptions, weakestUseful } from '@hitonami/ingestor';
import {
  boxOfMotRow,
  evaluateTracking,
  framesOfMotRows,
  imagePlaneOptions,
  intersectionOverUnion,
  Tracker,
  type Box,
  type IdentifiedBox,
  type MotRow,
  type PlaneDetection,
  type TrackingEvaluation,
} from '@hitonami/tracking';
import type { Detections, FloorProjection } from '@hitonami/vision';
import type { Observed } from './observe.js';

const PERSON = 0;
const IOU_MIN = 0.5;

/** A place in the picture, pixels. */
type Foot = readonly [u: number, v: number];

interface Found {
  box: Box;
  /** The foot point that the model gives, else the middle of the box's lower side: as the ingestor has it. */
  foot: Foot;
  score: number;
  kind: number;
}

/** The figures of a clip against its truth; boxes matched at IoU 0.5. Undefined is what there was nothing to measure by. */
export interface Judgement {
  frames: number;
  /** Of the detections alone. */
  recall: number | undefined;
  precision: number | undefined;
  /** Mean |detected − true people| a frame. */
  countError: number | undefined;
  /** Of the tracks. */
  mota: number | undefined;
  idf1: number | undefined;
  hota: number | undefined;
  identitySwitches: number | undefined;
  /** With a homography: mean distance of matched foot points on the floor, m. */
  positionErrorM?: number | undefined;
  /** With a homography: mean |detected − true density| a frame over the rectangle around the truth, persons/m², and as a share of the mean density. */
  densityError?: number | undefined;
  densityErrorShare?: number | undefined;
}

/** @param projection from the picture to the floor; without one the plane of the tracks is the picture */
export function judge(
  observed: Observed,
  truth: readonly MotRow[],
  framesPerS: number,
  projection?: FloorProjection,
): Judgement {
  const truthFrames = framesOfMotRows(truth);
  if (observed.frames.some(({ people }) => people !== undefined)) {
    return judgeCount(observed, truthFrames);
  }
  const options = { iou: IOU_MIN, frames: observed.frames.length };
  const detected = evaluateTracking(truthFrames, detectionFrames(observed), options);
  const tracked: TrackingEvaluation = evaluateTracking(
    truthFrames,
    trackFrames(observed, framesPerS, projection),
    options,
  );
  return {
    frames: observed.frames.length,
    recall: detected.recall,
    precision: detected.precision,
    countError: detected.countError,
    mota: tracked.mota,
    idf1: tracked.idf1,
    hota: tracked.hota,
    identitySwitches: tracked.identitySwitches,
    ...(projection && floorErrors(observed, truth, projection)),
  };
}

/** Of a model that counts without finding, there is nothing else to judge. */
function judgeCount(
  { frames }: Observed,
  truth: ReadonlyMap<number, readonly unknown[]>,
): Judgement {
  const error = frames.reduce(
    (sum, { people = 0 }, i) => sum + Math.abs(people - (truth.get(i + 1)?.length ?? 0)),
    0,
  );
  return {
    frames: frames.length,
    recall: undefined,
    precision: undefined,
    countError: ratio(error, frames.length),
    mota: undefined,
    idf1: undefined,
    hota: undefined,
    identitySwitches: undefined,
  };
}

/** Confident persons of every frame, each with an identity of its own: what is judged is the detector alone. */
function detectionFrames({ frames, threshold }: Observed): Map<number, IdentifiedBox[]> {
  let id = 0;
  return new Map(
    frames.map((detections, i) => [
      i + 1,
      confident(detections, threshold).map(({ box }) => ({ id: ++id, box })),
    ]),
  );
}

function trackFrames(
  { frames, threshold, footSd }: Observed,
  framesPerS: number,
  projection: FloorProjection | undefined,
): Map<number, IdentifiedBox[]> {
  const levels = { confidentFrom: threshold, weakFrom: weakestUseful(threshold) };
  const options = projection
    ? trackerOptions(threshold, 1e6 / framesPerS)
    : imagePlaneOptions(levels);
  const tracker = new Tracker(options);
  return new Map(
    frames.map((detections, i) => {
      const placed = (
        projection ? locate(detections, projection, footSd) : onPicture(detections)
      ).filter(({ kind }) => kind === PERSON);
      const tracked = tracker.step(Math.round((i * 1e6) / framesPerS), placed);
      return [
        i + 1,
        tracked.flatMap(({ track, detection }) => identified(track, placed[detection])),
      ];
    }),
  );
}

function identified(id: number, detection: PlaneDetection | undefined): IdentifiedBox[] {
  return detection?.box ? [{ id, box: detection.box }] : [];
}

function onPicture(detections: Detections): PlaneDetection[] {
  return boxesOf(detections).map(({ box, score, kind }) => ({
    x: (box[0] + box[2]) / 2,
    y: box[3],
    confidence: score,
    kind,
    box,
  }));
}

function floorErrors(
  { frames, threshold }: Observed,
  truth: readonly MotRow[],
  projection: FloorProjection,
) {
  const places = truth
    .map((row) => ({ row, place: placeOf(row, projection) }))
    .filter(({ place }) => place !== undefined);
  const xs = places.map(({ place }) => place?.x ?? 0);
  const ys = places.map(({ place }) => place?.y ?? 0);
  const [minX, maxX, minY, maxY] = [
    min(xs),
    -min(xs.map((x) => -x)),
    min(ys),
    -min(ys.map((y) => -y)),
  ];
  const areaM2 = places.length === 0 ? 0 : (maxX - minX) * (maxY - minY);
  const isInside = ({ x, y }: { x: number; y: number }): boolean =>
    x >= minX && x <= maxX && y >= minY && y <= maxY;
  let distance = 0;
  let matched = 0;
  let people = 0;
  let miscounted = 0;
  frames.forEach((detections, i) => {
    const truths = places.filter(({ row }) => row.frame === i + 1);
    const found = confident(detections, threshold);
    for (const [i, j] of matches(
      found.map(({ box }) => box),
      truths.map(({ row }) => boxOfMotRow(row)),
    )) {
      const place = onFloor(found[i]?.foot, projection);
      const true_ = truths[j]?.place;
      if (!place || !true_) continue;
      distance += Math.hypot(place.x - true_.x, place.y - true_.y);
      matched++;
    }
    const seen = found
      .map(({ foot }) => onFloor(foot, projection))
      .filter((place) => place !== undefined && isInside(place));
    people += truths.length;
    miscounted += Math.abs(seen.length - truths.length);
  });
  return {
    positionErrorM: ratio(distance, matched),
    densityError: ratio(miscounted, frames.length * areaM2),
    densityErrorShare: ratio(miscounted, people),
  };
}

/** Where a truth row says that somebody stands: its own metres, else its foot point projected. */
function placeOf(row: MotRow, projection: FloorProjection) {
  if (row.x !== -1 || row.y !== -1) return { x: row.x, y: row.y };
  return onFloor(underBox(boxOfMotRow(row)), projection);
}

/** The middle of the box's lower side. */
function underBox(box: Box): Foot {
  return [(box[0] + box[2]) / 2, box[3]];
}

function onFloor(foot: Foot | undefined, projection: FloorProjection) {
  return foot && projection.toFloor(foot[0], foot[1]);
}

/** Pairs of the index of a box and that of a truth, the best overlap first. */
function matches(boxes: readonly Box[], truths: readonly Box[]): [number, number][] {
  const pairs = boxes
    .flatMap((box, i) =>
      truths.map((truth, j) => ({ i, j, overlap: intersectionOverUnion(box, truth) })),
    )
    .filter(({ overlap }) => overlap >= IOU_MIN)
    .sort((a, b) => b.overlap - a.overlap);
  const usedBoxes = new Set<number>();
  const usedTruths = new Set<number>();
  return pairs.flatMap(({ i, j }): [number, number][] => {
    if (usedBoxes.has(i) || usedTruths.has(j)) return [];
    usedBoxes.add(i);
    usedTruths.add(j);
    return [[i, j]];
  });
}

function confident(detections: Detections, threshold: number): Found[] {
  return boxesOf(detections).filter(({ score, kind }) => score >= threshold && kind === PERSON);
}

function boxesOf({ boxes, feet, scores, kinds, count }: Detections): Found[] {
  return Array.from({ length: count }, (_, i) => {
    const box = [
      boxes[4 * i] ?? 0,
      boxes[4 * i + 1] ?? 0,
      boxes[4 * i + 2] ?? 0,
      boxes[4 * i + 3] ?? 0,
    ] as const;
    const [middle, lower] = underBox(box);
    return {
      box,
      foot: [feet?.[2 * i] ?? middle, feet?.[2 * i + 1] ?? lower],
      score: scores[i] ?? 0,
      kind: kinds[i] ?? PERSON,
    };
  });
}

/** Undefined where there is nothing to divide by. */
function ratio(value: number, by: number): number | undefined {
  return by > 0 ? value / by : undefined;
}

function min(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}
