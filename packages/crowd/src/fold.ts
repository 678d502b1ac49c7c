import { isPeople, type PositionFrameView } from '@hitonami/model';
import { Counting, speedMmS } from './counting.js';
import { flowsOf, journeysOf } from './flow-rows.js';
import type { SiteGeometry } from './geometry.js';
import { HandOver, memoryStartUs } from './hand-over/hand-over.js';
import { GAP_FILLED_MAX_US } from './hand-over/persons.js';
import { PlaceErrors } from './hand-over/place-error.js';
import { HeldFrame } from './held-frame.js';
import { Journeys } from './journeys.js';
import { Lines } from './lines.js';
import { Peaks } from './peaks.js';
import { PositionStore } from './position-store.js';
import { cellAt, NEAR_LINE_MM, type CellClass, type FloorRaster } from './raster.js';
import type { ClosedWindow } from './rows.js';
import { Field, Rule, TrackTable } from './track-table.js';

/** A track not seen for this long has ended, µs. */
export const TRACK_GONE_US = 5_000_000;

/**
 * A track that its camera did not see for so long, while it saw others, may have gone over to somebody else: a tracker that
 * finds nobody where it looks takes who is nearest, such as the next who comes in where the last went out. Whose
 * continuation it is, is then decided as if it were new, µs.
 */
const DOUBT_US = 700_000;
const DOUBT_PERIODS = 2.5;

/** A frame with the place of its record in the log. */
export interface LoggedFrame {
  frame: PositionFrameView;
  offset: number;
}

/**
 * The fold of one site under one plan: frames in order of capture go in, the integers of one window after another come
 * out. Between windows it keeps the frame that each camera still holds, the live tracks, and what hand-over knows; nothing
 * else.
 *
 * Ownership, hand-over, crossings, dwell and flows happen here and nowhere else.
 */
export class WindowFold {
  readonly site: SiteGeometry;
  private readonly tracks = new TrackTable();
  private readonly journeys: Journeys;
  private readonly positions: PositionStore;
  private readonly cameras: HeldFrame[];
  private readonly counting: Counting;
  private readonly peaks: Peaks;
  private readonly lines: Lines;
  private readonly handOver: HandOver;
  private startUs = 0;
  private endUs = 0;
  /** Start of the stretch of time that hand-over remembers. */
  private memoryUs = -Infinity;
  /** No hold ends before this, so no camera needs to be looked at before it. */
  private nextExpiryUs = -Infinity;
  /** Position in `CameraGeometry.areas` of an area index, for the camera whose frame is being read; −1 elsewhere. */
  private readonly slotOfArea: Int32Array;

  constructor(site: SiteGeometry) {
    this.site = site;
    this.journeys = new Journeys(site.plan.site, site.places);
    this.positions = new PositionStore(site);
    this.slotOfArea = new Int32Array(site.areas.length).fill(-1);
    const key = { site: site.plan.site, startUs: 0, lengthUs: 0, generation: 0 };
    this.cameras = site.cameras.map((geometry) => new HeldFrame(geometry, key));
    const { tracks, journeys, cameras } = this;
    this.counting = new Counting(site, tracks, cameras);
    this.peaks = new Peaks(site, tracks, cameras);
    const { counting } = this;
    const floorIds = site.plan.floors.map(({ id }) => id);
    // Not by spreading, which would give the parts of every fold a shape of their own, and slow down all that reads them.
    const errors = site.plan.cameras.map((camera) => new PlaceErrors(camera));
    const parts = { tracks, journeys, counting, cameras, errors, floors: site.floors, floorIds };
    this.handOver = new HandOver(parts, (slot, from, born, atUs) => {
      this.lines.continued(slot, from, born, atUs);
    });
    const leadOf = (slot: number): number => this.handOver.persons.leadOf(slot);
    this.lines = new Lines(site, tracks, journeys, counting, leadOf);
  }

  /** Nothing is held and nobody is followed: windows without frames would be empty. */
  isIdle(atUs: number): boolean {
    return (
      this.tracks.size === 0 &&
      this.handOver.isIdle &&
      this.cameras.every((camera) => camera.endUs <= atUs)
    );
  }

  /** Offset of the earliest record that is still held when the next window begins, `Infinity` for none. */
  earliestHeld(atUs: number): number {
    let earliest = Infinity;
    for (const camera of this.cameras) {
      if (camera.endUs > atUs) earliest = Math.min(earliest, camera.offset);
    }
    return earliest;
  }

  /** The earliest capture that the next window needs, µs: of the oldest journey, or since hand-over began anew. */
  neededUs(nextStartUs: number): number {
    return memoryStartUs(Math.min(nextStartUs, this.handOver.earliestUs()));
  }

  /** By camera: since when it is believed to have been moved, µs; 0 where it is not. Written to by a recovery. */
  get movedSinceUs(): Float64Array {
    return this.handOver.disagreements.movedSinceUs;
  }

  /**
   * Folds one window. Windows must follow one another without a gap unless the fold is idle.
   * @param frames frames captured in the window, in order
   * @param isLast another plan comes in force at its end, so that every track ends with it
   */
  window(
    startUs: number,
    lengthUs: number,
    frames: readonly LoggedFrame[],
    isLast: boolean,
  ): ClosedWindow {
    this.open(startUs, lengthUs);
    for (const { frame, offset } of frames) this.frame(frame, offset);
    this.peaks.lookUntil(this.endUs - 1, this.counting.rows.areas);
    for (const camera of this.cameras) camera.settle(this.endUs, this.counting.rows);
    this.endTracks(isLast);
    this.handOver.disagreements.judge(startUs);
    return this.close();
  }

  private open(startUs: number, lengthUs: number): void {
    this.expire(startUs);
    if (memoryStartUs(startUs) !== this.memoryUs) this.beginAnew(startUs);
    this.startUs = startUs;
    this.endUs = startUs + lengthUs;
    const key = { site: this.site.plan.site, startUs, lengthUs, generation: 0 };
    this.counting.open(startUs, lengthUs);
    this.peaks.open(startUs);
    for (const camera of this.cameras)
      camera.open(key, this.movedSinceUs[camera.geometry.index] as number);
  }

  private close(): ClosedWindow {
    const legs = this.journeys.take();
    const { startUs } = this;
    const { rows } = this.counting;
    const lengthUs = this.endUs - startUs;
    const key = { site: this.site.plan.site, startUs, lengthUs, generation: 0 };
    const seen = this.cameras.some(({ row }) => row.observedUs > 0 || row.blindUs > 0);
    return {
      site: this.site.plan.site,
      startUs,
      lengthUs,
      planVersion: this.site.plan.version,
      areas: seen ? rows.areas : [],
      // Those of lines with a counter are made of its reports (`CounterRows`).
      lines: seen ? rows.lines.filter((_, i) => this.site.lines[i]?.ownerKind === 'camera') : [],
      flows: flowsOf(legs, key),
      journeys: journeysOf(this.journeys.takeEnded(), key),
      cameras: seen ? this.cameras.map((camera) => camera.row) : [],
      legs,
      positions: this.positions.take(),
    };
  }

  private frame(frame: PositionFrameView, offset: number): void {
    const index = this.site.cameraIndex.get(frame.camera);
    const camera = index === undefined ? undefined : this.cameras[index];
    if (camera === undefined) return;
    const atUs = frame.capturedUs;
    // Not yet at this instant itself: other frames of it may come, and this one is to be held by then.
    if (atUs > this.peaks.nextUs) this.peaks.lookUntil(atUs - 1, this.counting.rows.areas);
    if (atUs >= this.nextExpiryUs) this.expire(atUs);
    if (atUs >= this.handOver.nextRoundUs) this.handOver.round(atUs);
    this.counting.letGo(camera, atUs);
    camera.hold(frame, offset);
    this.nextExpiryUs = Math.min(this.nextExpiryUs, camera.endUs);
    this.people(camera, frame);
    this.counting.show(camera);
  }

  /** The hot loop: every person of one frame. */
  private people(camera: HeldFrame, frame: PositionFrameView): void {
    const { view, count, trackAt, xAt, yAt, vxAt, vyAt, floorAt, kindAt, capturedUs } = frame;
    const { geometry, counts, speeds } = camera;
    const { slotOfArea, tracks } = this;
    for (let i = 0; i < geometry.areas.length; i++) slotOfArea[geometry.areas[i] as number] = i;
    const storing = this.positions.wants(geometry.index, capturedUs);
    let people = 0;
    let named = -1;
    let floor: number | undefined;
    for (let i = 0; i < count; i++) {
      const kind = view.getUint8(kindAt + i);
      if (!isPeople(kind)) continue;
      people++;
      // Looked up where it changes: nearly every frame is of one floor.
      const name = view.getUint8(floorAt + i);
      if (name !== named) {
        floor = this.site.floorIndex.get(frame.floors[name] as string);
        named = name;
      }
      if (floor === undefined) continue;
      const raster = this.site.floors[floor] as FloorRaster;
      const xMm = view.getInt32(xAt + 4 * i, true);
      const yMm = view.getInt32(yAt + 4 * i, true);
      const cell = cellAt(raster, xMm, yMm);
      // Signed, since a number that does not fit 32 signed bits would be allocated on its way.
      const lo = view.getInt32(trackAt + 8 * i, true);
      const hi = view.getInt32(trackAt + 8 * i + 4, true);
      const slot = this.sight(camera, floor, cell, hi, lo, xMm, yMm, capturedUs);
      const vx = view.getInt32(vxAt + 4 * i, true);
      const vy = view.getInt32(vyAt + 4 * i, true);
      tracks.set(slot, Field.vxMmS, vx);
      tracks.set(slot, Field.vyMmS, vy);
      let place = -1;
      const rule = tracks.get(slot, Field.rule);
      const counted = this.isCounted(slot, rule, geometry.index, cell, capturedUs);
      if (counted || rule === Rule.leads) {
        place = cell.place;
        for (const area of cell.cut) {
          const best = this.site.areas[place];
          if ((best === undefined || area.rank < best.rank) && area.contains(xMm, yMm))
            place = area.index;
        }
      }
      if (counted) {
        const speed = speedMmS(vx, vy);
        const { inside, cut } = cell;
        for (let k = 0; k < inside.length; k++) {
          const area = slotOfArea[inside[k] as number] as number;
          if (area < 0) continue;
          counts[area] = (counts[area] as number) + 1;
          speeds[area] = (speeds[area] as number) + speed;
        }
        if (cut.length > 0) this.countInCut(camera, cut, xMm, yMm, speed);
        if (storing) this.positions.add(capturedUs, floor, xMm, yMm, vx, vy, kind);
        tracks.set(slot, Field.countedUs, capturedUs);
      }
      if (cell.shared && capturedUs >= tracks.get(slot, Field.dueUs))
        this.handOver.compare(slot, capturedUs);
      if (!counted && rule === Rule.follows) continue;
      if (place === tracks.get(slot, Field.place)) {
        tracks.set(slot, Field.lastInUs, capturedUs);
        tracks.set(slot, Field.candidate, -2);
      } else this.journeys.elsewhere(tracks, slot, place, capturedUs);
    }
    camera.people = people;
    for (let i = 0; i < geometry.areas.length; i++) slotOfArea[geometry.areas[i] as number] = -1;
  }

  /**
   * Whether a track counts where it is. Who speaks for a person does so on all floor of the cameras that follow the person;
   * on that of another, which follows somebody else there or nobody, that one counts: else its own track of the same
   * person, not yet joined, would count too. On floor that nobody's coverage holds nobody counts: it is not observed.
   */
  private isCounted(
    slot: number,
    rule: number,
    camera: number,
    cell: CellClass,
    atUs: number,
  ): boolean {
    const { owner } = cell;
    if (rule === Rule.owner) return owner === camera;
    const { persons } = this.handOver;
    return rule === Rule.leads
      ? persons.isFollowedBy(slot, owner)
      : persons.takesOver(slot, camera, cell, atUs);
  }

  /** A cell that the edge of an area runs through: those areas are tested exactly. */
  private countInCut(
    camera: HeldFrame,
    cut: CellClass['cut'],
    xMm: number,
    yMm: number,
    speed: number,
  ): void {
    for (const area of cut) {
      const slot = this.slotOfArea[area.index] as number;
      if (slot < 0 || !area.contains(xMm, yMm)) continue;
      camera.counts[slot] = (camera.counts[slot] as number) + 1;
      camera.speeds[slot] = (camera.speeds[slot] as number) + speed;
    }
  }

  /** One person's track is seen: where it is now, and which lines it passed on the way. @returns its slot */
  private sight(
    camera: HeldFrame,
    floor: number,
    cell: CellClass,
    hi: number,
    lo: number,
    xMm: number,
    yMm: number,
    atUs: number,
  ): number {
    const { tracks } = this;
    let slot = tracks.find(hi, lo);
    if (slot >= 0 && this.isDoubtful(camera, tracks.get(slot, Field.lastSeenUs), atUs)) {
      this.handOver.gone(slot);
      tracks.remove(slot);
      slot = -1;
    }
    const isNew = slot < 0;
    if (isNew) slot = tracks.add(hi, lo, atUs);
    const { geometry } = camera;
    const hasLines = geometry.lines.length > 0;
    if (isNew || tracks.get(slot, Field.floor) !== floor) {
      tracks.bands[slot] = undefined;
      if (hasLines && cell.nearLine) this.lines.start(geometry.index, floor, slot, xMm, yMm);
    } else {
      const lastUs = tracks.get(slot, Field.lastSeenUs);
      if (lastUs < camera.previousUs) this.missed(camera, slot, lastUs, atUs);
      if (
        hasLines &&
        (cell.nearLine ||
          Math.abs(xMm - tracks.get(slot, Field.xMm)) +
            Math.abs(yMm - tracks.get(slot, Field.yMm)) >
            NEAR_LINE_MM)
      )
        this.lines.step(geometry.index, slot, xMm, yMm, atUs);
    }
    tracks.set(slot, Field.xMm, xMm);
    tracks.set(slot, Field.yMm, yMm);
    tracks.set(slot, Field.floor, floor);
    tracks.set(slot, Field.lastSeenUs, atUs);
    if (isNew) {
      tracks.set(slot, Field.camera, geometry.index);
      this.handOver.born(slot);
    }
    return slot;
  }

  /** Its camera saw in between, and not this person: who was counted before was there all the time. */
  private missed(camera: HeldFrame, slot: number, lastUs: number, atUs: number): void {
    const { tracks } = this;
    if (tracks.get(slot, Field.countedUs) !== lastUs || atUs - lastUs > GAP_FILLED_MAX_US) return;
    if (tracks.get(slot, Field.rule) === Rule.follows) return;
    this.counting.fill(camera.geometry.index, slot, camera.heldUntilUs(lastUs), atUs);
  }

  /** Lets go of every frame whose hold has ended by `atUs`. */
  private expire(atUs: number): void {
    let next = Infinity;
    for (const camera of this.cameras) {
      if (camera.frame === undefined) continue;
      if (camera.endUs <= atUs) {
        this.counting.letGo(camera, atUs);
        camera.frame = undefined;
      } else next = Math.min(next, camera.endUs);
    }
    this.nextExpiryUs = next;
  }

  private endTracks(isLast: boolean): void {
    const { tracks, handOver } = this;
    const lastSeenUs = isLast ? Infinity : this.endUs - TRACK_GONE_US;
    // From the last, since a removal puts the last into the slot that it frees.
    for (let slot = tracks.size - 1; slot >= 0; slot--) {
      if (tracks.get(slot, Field.lastSeenUs) > lastSeenUs) continue;
      handOver.gone(slot);
      tracks.remove(slot);
    }
    if (isLast) handOver.end();
    else handOver.settle(this.endUs);
  }

  /** Hand-over begins anew: who is counted by whom is again a matter of the owner of the cell alone. */
  private beginAnew(atUs: number): void {
    this.memoryUs = memoryStartUs(atUs);
    this.handOver.begin(atUs);
    this.counting.recount(atUs);
  }

  /** Whether a track that is back after it was last seen at `lastUs` is looked at as if it were a new one. */
  private isDoubtful({ frame, previousUs }: HeldFrame, lastUs: number, atUs: number): boolean {
    const unseenUs = atUs - lastUs;
    if (unseenUs <= DOUBT_US) return false;
    if (unseenUs >= TRACK_GONE_US) return true;
    return lastUs < previousUs && unseenUs > DOUBT_PERIODS * (frame?.periodUs ?? 0);
  }
}
