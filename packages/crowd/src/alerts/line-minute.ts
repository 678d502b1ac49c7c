import {
  isPeople,
  US_PER_S,
  windowStartUs,
  type CountFrame,
  type PositionFrameView,
} from '@hitonami/model';
import { sharedBetween } from '../counter-rows.js';
import type { LineGeometry, SiteGeometry } from '../geometry.js';
import { startAtLine, stepAcrossLine, type BandVisit } from '../passage.js';
import { cellAt, type FloorRaster } from '../raster.js';

/** Passages are counted over this time, s. */
export const LINE_MINUTE_S = 60;
/** A track not seen for this long has ended, µs. */
const TRACK_GONE_US = 5 * US_PER_S;

/** The passages of one count line in the last minute. */
export interface LineMinute {
  line: string;
  forward: number;
  backward: number;
  /** Whether its camera, or counter, sees it now. */
  seen: boolean;
}

interface Tracked {
  xMm: number;
  yMm: number;
  floor: number;
  seenUs: number;
  visits: BandVisit[];
}

/** The passages of a line second by second, for a minute. */
class Seconds {
  private readonly forward = new Uint32Array(LINE_MINUTE_S);
  private readonly backward = new Uint32Array(LINE_MINUTE_S);
  private newestS = -Infinity;

  add(direction: 'forward' | 'backward', atUs: number, count = 1): void {
    const second = Math.floor(atUs / US_PER_S);
    this.advance(second);
    if (second <= this.newestS - LINE_MINUTE_S) return;
    const at = second % LINE_MINUTE_S;
    this[direction][at] = (this[direction][at] as number) + count;
  }

  /** What passed in the minute that ends at an instant; time does not go back. */
  sum(nowUs: number): { forward: number; backward: number } {
    this.advance(Math.floor(nowUs / US_PER_S));
    let [forward, backward] = [0, 0];
    for (let i = 0; i < LINE_MINUTE_S; i++) {
      forward += this.forward[i] as number;
      backward += this.backward[i] as number;
    }
    return { forward, backward };
  }

  private advance(second: number): void {
    const from = Math.max(this.newestS + 1, second - LINE_MINUTE_S + 1);
    for (let s = from; s <= second; s++)
      this.forward[s % LINE_MINUTE_S] = this.backward[s % LINE_MINUTE_S] = 0;
    this.newestS = Math.max(this.newestS, second);
  }
}

/**
 * The passages of every count line in the last minute, as the frames come: by the same rule as the measures (out of the
 * band of ±0.5 m on the other side than in), for whoever cannot wait for a window to close, which takes 10 s and more.
 *
 * It knows nothing of hand-over: a track that its tracker cut within the band is not counted, as the measures would, so
 * the measures are the figure to keep, and this one the figure to act on.
 */
export class LineMinutes {
  readonly site: SiteGeometry;
  private readonly seconds: Seconds[];
  /** By camera that owns lines: who was near one of them. */
  private readonly tracks = new Map<string, Map<number, Tracked>>();
  private readonly lastFrameUs = new Map<string, number>();
  /** Per line: up to when its counter has counted, and how long its batches are, µs. */
  private readonly counted = new Map<number, { toUs: number; lengthUs: number }>();

  constructor(site: SiteGeometry) {
    this.site = site;
    this.seconds = site.lines.map(() => new Seconds());
  }

  /** Takes the next frame of a camera; one that is out of order is passed over. */
  frame(frame: PositionFrameView): void {
    const camera = this.site.cameras[this.site.cameraIndex.get(frame.camera) ?? -1];
    if (camera === undefined || camera.lines.length === 0) return;
    const { view, capturedUs } = frame;
    if (capturedUs <= (this.lastFrameUs.get(frame.camera) ?? -Infinity)) return;
    this.lastFrameUs.set(frame.camera, capturedUs);
    let tracks = this.tracks.get(frame.camera);
    if (tracks === undefined) {
      tracks = new Map<number, Tracked>();
      this.tracks.set(frame.camera, tracks);
    }
    let named = -1;
    let floor: number | undefined;
    for (let i = 0; i < frame.count; i++) {
      if (!isPeople(view.getUint8(frame.kindAt + i))) continue;
      // Looked up where it changes: nearly every frame is of one floor.
      const name = view.getUint8(frame.floorAt + i);
      if (name !== named) {
        floor = this.site.floorIndex.get(frame.floors[name] ?? '');
        named = name;
      }
      if (floor === undefined) continue;
      const xMm = view.getInt32(frame.xAt + 4 * i, true);
      const yMm = view.getInt32(frame.yAt + 4 * i, true);
      if (!cellAt(this.site.floors[floor] as FloorRaster, xMm, yMm).nearLine) continue;
      // Pseudonyms are random: of the few hundred near a line no two share the 53 bits that a number holds.
      const lo = view.getUint32(frame.trackAt + 8 * i, true);
      const key = view.getUint32(frame.trackAt + 8 * i + 4, true) * 2 ** 32 + lo;
      this.step(tracks, key, camera.lines, floor, xMm, yMm, capturedUs);
    }
    for (const [key, { seenUs }] of tracks)
      if (capturedUs - seenUs > TRACK_GONE_US) tracks.delete(key);
  }

  /** Takes what another sensor counted: evenly over its interval, as in the measures. */
  count(count: CountFrame): void {
    const line = this.site.lineOfCounter.get(count.counter);
    if (line === undefined) return;
    const { fromUs, toUs } = count;
    const seconds = this.seconds[line] as Seconds;
    // Before the last minute there is nothing to keep.
    let atUs = Math.max(fromUs, secondStartUs(toUs - 1) - (LINE_MINUTE_S - 1) * US_PER_S);
    while (atUs < toUs) {
      const untilUs = Math.min(toUs, secondStartUs(atUs) + US_PER_S);
      for (const direction of ['forward', 'backward'] as const)
        seconds.add(direction, atUs, sharedBetween(atUs, untilUs, count, count[direction]));
      atUs = untilUs;
    }
    this.counted.set(line, { toUs, lengthUs: toUs - fromUs });
  }

  /** @param isSeeing whether a camera sees at `nowUs` */
  minutes(nowUs: number, isSeeing: (camera: string) => boolean): LineMinute[] {
    return this.site.lines.map((line) => {
      const isCounter = line.ownerKind === 'counter';
      const seen = isCounter ? this.isCounting(line, nowUs) : isSeeing(line.ownerId);
      // What a counter has not reported yet is not nobody: its minute is the last one that it has counted.
      const untilUs = isCounter && seen ? this.countedUntil(line) - 1 : nowUs;
      const sum = (this.seconds[line.index] as Seconds).sum(Math.min(nowUs, untilUs));
      return { line: line.plan.id, ...sum, seen };
    });
  }

  /** A counter sees as long as its next batch is not overdue by another, or by 5 s. */
  private isCounting(line: LineGeometry, nowUs: number): boolean {
    const last = this.counted.get(line.index);
    if (last === undefined) return false;
    return nowUs - last.toUs <= 2 * last.lengthUs + TRACK_GONE_US;
  }

  private countedUntil(line: LineGeometry): number {
    return this.counted.get(line.index)?.toUs ?? Infinity;
  }

  private step(
    tracks: Map<number, Tracked>,
    key: number,
    lines: readonly LineGeometry[],
    floor: number,
    xMm: number,
    yMm: number,
    atUs: number,
  ): void {
    const known = tracks.get(key);
    if (known?.floor !== floor || atUs - known.seenUs > TRACK_GONE_US) {
      const visits: BandVisit[] = [];
      for (const line of lines) if (line.floor === floor) startAtLine(line, visits, xMm, yMm);
      tracks.set(key, { xMm, yMm, floor, seenUs: atUs, visits });
      return;
    }
    for (const line of lines) {
      if (line.floor !== floor) continue;
      const passage = stepAcrossLine(line, known.visits, known.xMm, known.yMm, xMm, yMm);
      if (passage !== 'none') this.seconds[line.index]?.add(passage, atUs);
    }
    known.xMm = xMm;
    known.yMm = yMm;
    known.seenUs = atUs;
  }
}

function secondStartUs(atUs: number): number {
  return windowStartUs(atUs, US_PER_S);
}
