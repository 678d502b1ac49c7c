import { FrameState, type PositionFrameView } from '@hitonami/model';
import type { CameraGeometry } from './geometry.js';
import type { AreaRow, CameraRow, LineRow, WindowKey } from './rows.js';

/** A frame holds until its camera's next, or this many periods. */
const HOLD_PERIODS = 2;

/** For so long it is known when a frame gave way to the next, µs: a gap that is filled, and until it is decided whose it is. */
const REMEMBERED_US = 5_000_000;

/** The rows of the window at hand, by the indices of the site's geometry. */
export interface WindowRows {
  areas: readonly AreaRow[];
  lines: readonly LineRow[];
}

/** What one camera last saw, and until when that stands. */
export class HeldFrame {
  readonly geometry: CameraGeometry;
  /** The camera's row of the window at hand. */
  row: CameraRow;
  frame: PositionFrameView | undefined;
  /** Offset of the frame's record in the log. */
  offset = Infinity;
  /** The end of its hold, µs; −∞ before the first. */
  endUs = -Infinity;
  people = 0;
  /** Since when it has been seeing without a break, µs; `Infinity` while it does not. */
  seeingSinceUs = Infinity;
  /** Capture of the frame before, −∞ where there was a break. */
  previousUs = -Infinity;
  /** Per area of `geometry.areas`: people in it, and the sum of their speeds in mm/s. */
  readonly counts: Int32Array;
  readonly speeds: Float64Array;
  /** Captures of late, without a break, µs. */
  private readonly capturesUs: number[] = [];
  /** Time up to which the frame has been counted, µs. */
  private settledUs = 0;

  constructor(geometry: CameraGeometry, key: WindowKey) {
    this.geometry = geometry;
    this.row = emptyCameraRow(geometry.id, key);
    this.counts = new Int32Array(geometry.areas.length);
    this.speeds = new Float64Array(geometry.areas.length);
  }

  /** A window begins. */
  open(key: WindowKey, movedSinceUs: number): void {
    this.row = { ...emptyCameraRow(this.geometry.id, key), movedSinceUs };
  }

  /** The camera's next frame takes the place of the one before, which is settled and released by then. */
  hold(frame: PositionFrameView, offset: number): void {
    const isUnbroken = this.seeingSinceUs < Infinity && frame.capturedUs <= this.endUs;
    if (frame.state === FrameState.blind) this.seeingSinceUs = Infinity;
    else if (!isUnbroken) this.seeingSinceUs = frame.capturedUs;
    this.previousUs = isUnbroken ? (this.frame?.capturedUs ?? -Infinity) : -Infinity;
    this.remember(frame.capturedUs, isUnbroken);
    this.frame = frame;
    this.offset = offset;
    this.settledUs = frame.capturedUs;
    this.endUs = frame.capturedUs + HOLD_PERIODS * frame.periodUs;
    this.row.frames += 1;
    this.row.renewed += frame.renewed;
  }

  /** Until when the frame was held that was captured at an instant of late, µs: to the next one, or the end of its hold. */
  heldUntilUs(capturedUs: number): number {
    return this.capturesUs.find((nextUs) => nextUs > capturedUs) ?? this.endUs;
  }

  private remember(capturedUs: number, isUnbroken: boolean): void {
    const { capturesUs } = this;
    if (!isUnbroken) capturesUs.length = 0;
    while ((capturesUs[0] ?? Infinity) < capturedUs - REMEMBERED_US) capturesUs.shift();
    capturesUs.push(capturedUs);
  }

  /** Counts what the frame has shown up to `untilUs` (at most the window's end), or to the end of its hold. */
  settle(untilUs: number, rows: WindowRows): void {
    const { frame, row, geometry } = this;
    if (frame === undefined) return;
    const until = Math.min(untilUs, this.endUs);
    const spanUs = until - this.settledUs;
    if (spanUs <= 0) return;
    this.settledUs = until;
    if (frame.state === FrameState.blind) {
      row.blindUs += spanUs;
      return;
    }
    row.observedUs += spanUs;
    row.personUs += this.people * spanUs;
    row.saturationUs += frame.saturationPermille * spanUs;
    const isDoubtful = row.movedSinceUs > 0;
    for (let i = 0; i < geometry.areas.length; i++) {
      const area = rows.areas[geometry.areas[i] as number] as AreaRow;
      const observed = (geometry.sharesDm2[i] as number) * spanUs;
      area.personUs += (this.counts[i] as number) * spanUs;
      area.speedMmUs += (this.speeds[i] as number) * spanUs;
      area.observedDm2Us += observed;
      area.saturationDm2Us += frame.saturationPermille * observed;
      if (isDoubtful) area.doubtfulDm2Us += observed;
    }
    for (const line of geometry.lines) {
      const passed = rows.lines[line.index] as LineRow;
      passed.observedUs += spanUs;
      if (isDoubtful) passed.doubtfulUs += spanUs;
    }
  }

  /** Takes its people out of the present counts. */
  release(areaNow: Int32Array): void {
    const { areas } = this.geometry;
    for (let i = 0; i < areas.length; i++) {
      const area = areas[i] as number;
      areaNow[area] = (areaNow[area] as number) - (this.counts[i] as number);
    }
    this.counts.fill(0);
    this.speeds.fill(0);
    this.people = 0;
  }
}

function emptyCameraRow(
  camera: string,
  { site, startUs, lengthUs, generation }: WindowKey,
): CameraRow {
  return {
    site,
    startUs,
    lengthUs,
    generation,
    camera,
    frames: 0,
    observedUs: 0,
    blindUs: 0,
    personUs: 0,
    saturationUs: 0,
    renewed: 0,
    movedSinceUs: 0,
  };
}
