import { isPeople, type CountFrame, type PositionFrameView } from '@hitonami/model';
import type { SiteGeometry } from './geometry.js';
import { HeldFrame } from './held-frame.js';
import { flowsOf, Journeys } from './journeys.js';
import { startAtLine, stepAcrossLine, type BandVisit } from './passage.js';
import { PositionStore } from './position-store.js';
import { cellAt, NEAR_LINE_MM, type CellClass, type FloorRaster } from './raster.js';
import type { AreaRow, ClosedWindow, LineRow } from './rows.js';
import { Field, TrackTable } from './track-table.js';

/** A track not seen for this long has ended, µs. */
const TRACK_GONE_US = 5_000_000;

/** A frame with the place of its record in the log. */
export interface LoggedFrame {
  frame: PositionFrameView;
  offset: number;
}

/**
 * The fold of one site under one plan: frames in order of capture go in, the integers of one window after another come
 * out. Between windows it keeps the frame that each camera still holds, and the live tracks; nothing else.
 *
 * Ownership, crossings, dwell and flows happen here and nowhere else.
 */
export class WindowFold {
  readonly site: SiteGeometry;
  private readonly tracks = new TrackTable();
  private readonly journeys: Journeys;
  private readonly positions: PositionStore;
  private readonly cameras: HeldFrame[];
  private readonly areaNow: Int32Array;
  private rows: { areas: AreaRow[]; lines: LineRow[] } = { areas: [], lines: [] };
  private startUs = 0;
  private endUs = 0;
  /** No hold ends before this, so no camera needs to be looked at before it. */
  private nextExpiryUs = -Infinity;
  /** Position in `CameraGeometry.areas` of an area index, for the camera whose frame is being read; −1 elsewhere. */
  private readonly slotOfArea: Int32Array;

  constructor(site: SiteGeometry) {
    this.site = site;
    this.journeys = new Journeys(site.plan.site, site.places);
    this.positions = new PositionStore(site);
    this.areaNow = new Int32Array(site.areas.length);
    this.slotOfArea = new Int32Array(site.areas.length).fill(-1);
    const key = { site: site.plan.site, startUs: 0, lengthUs: 0, generation: 0 };
    this.cameras = site.cameras.map((geometry) => new HeldFrame(geometry, key));
  }

  /** Nothing is held and nobody is followed: windows without frames would be empty. */
  isIdle(atUs: number): boolean {
    return this.tracks.size === 0 && this.cameras.every((camera) => camera.endUs <= atUs);
  }

  /** Offset of the earliest record that the next window needs, `Infinity` for none. */
  earliestNeeded(atUs: number): number {
    let earliest = Infinity;
    for (const camera of this.cameras) {
      if (camera.endUs > atUs) earliest = Math.min(earliest, camera.offset);
    }
    for (let slot = 0; slot < this.tracks.size; slot++) {
      earliest = Math.min(earliest, this.tracks.get(slot, Field.firstOffset));
    }
    return earliest;
  }

  /**
   * Folds one window. Windows must follow one another without a gap unless the fold is idle.
   * @param frames frames captured in the window, in order
   * @param counts what other sensors counted in it
   * @param isLast another plan comes in force at its end, so that every track ends with it
   */
  window(
    startUs: number,
    lengthUs: number,
    frames: readonly LoggedFrame[],
    counts: readonly CountFrame[],
    isLast: boolean,
  ): ClosedWindow {
    this.open(startUs, lengthUs);
    for (const { frame, offset } of frames) this.frame(frame, offset);
    for (const count of counts) this.count(count);
    for (const camera of this.cameras) camera.settle(this.endUs, this.rows);
    this.endTracks(isLast ? Infinity : this.endUs - TRACK_GONE_US);
    return this.close();
  }

  private open(startUs: number, lengthUs: number): void {
    this.startUs = startUs;
    this.endUs = startUs + lengthUs;
    const key = { site: this.site.plan.site, startUs, lengthUs, generation: 0 };
    this.expire(startUs);
    const areas = this.site.areas.map((area) => ({
      ...key,
      area: area.plan.id,
      areaDm2: area.areaDm2,
      personUs: 0,
      observedDm2Us: 0,
      peopleMax: this.areaNow[area.index] as number,
      speedMmUs: 0,
      saturationDm2Us: 0,
    }));
    const lines = this.site.lines.map((line) => ({
      ...key,
      line: line.plan.id,
      forward: 0,
      backward: 0,
      observedUs: 0,
    }));
    this.rows = { areas, lines };
    for (const camera of this.cameras) {
      camera.open(key);
    }
  }

  private close(): ClosedWindow {
    const legs = this.journeys.take();
    const { startUs, rows } = this;
    const lengthUs = this.endUs - startUs;
    const key = { site: this.site.plan.site, startUs, lengthUs, generation: 0 };
    const seen =
      this.cameras.some(({ row }) => row.observedUs > 0 || row.blindUs > 0) ||
      rows.lines.some((row) => row.observedUs > 0);
    return {
      site: this.site.plan.site,
      startUs,
      lengthUs,
      planVersion: this.site.plan.version,
      areas: seen ? rows.areas : [],
      lines: seen ? rows.lines : [],
      flows: flowsOf(legs, key),
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
    if (atUs >= this.nextExpiryUs) this.expire(atUs);
    camera.settle(atUs, this.rows);
    camera.release(this.areaNow);
    camera.hold(frame, offset);
    this.nextExpiryUs = Math.min(this.nextExpiryUs, camera.endUs);
    this.people(camera, frame, offset);
    const { areas } = camera.geometry;
    for (let i = 0; i < areas.length; i++) {
      const area = areas[i] as number;
      const now = (this.areaNow[area] as number) + (camera.counts[i] as number);
      this.areaNow[area] = now;
      const row = this.rows.areas[area] as AreaRow;
      if (now > row.peopleMax) row.peopleMax = now;
    }
  }

  /** The hot loop: every person of one frame. */
  private people(camera: HeldFrame, frame: PositionFrameView, offset: number): void {
    const { view, count, trackAt, xAt, yAt, vxAt, vyAt, floorAt, kindAt, capturedUs } = frame;
    const { geometry, counts, speeds } = camera;
    const { slotOfArea } = this;
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
      let place = -1;
      if (cell.owner === geometry.index) {
        const vx = view.getInt32(vxAt + 4 * i, true);
        const vy = view.getInt32(vyAt + 4 * i, true);
        const speed = Math.round(Math.sqrt(vx * vx + vy * vy));
        const { inside, cut } = cell;
        place = cell.place;
        for (let k = 0; k < inside.length; k++) {
          const slot = slotOfArea[inside[k] as number] as number;
          if (slot < 0) continue;
          counts[slot] = (counts[slot] as number) + 1;
          speeds[slot] = (speeds[slot] as number) + speed;
        }
        if (cut.length > 0) place = this.cutCell(camera, cut, xMm, yMm, speed, place);
        if (storing) this.positions.add(capturedUs, floor, xMm, yMm, vx, vy, kind);
      }
      const lo = view.getUint32(trackAt + 8 * i, true);
      const hi = view.getUint32(trackAt + 8 * i + 4, true);
      this.follow(camera, floor, cell, hi, lo, xMm, yMm, place, capturedUs, offset);
    }
    camera.people = people;
    for (let i = 0; i < geometry.areas.length; i++) slotOfArea[geometry.areas[i] as number] = -1;
  }

  /** A cell that the edge of an area runs through: those areas are tested exactly. @returns the person's place */
  private cutCell(
    camera: HeldFrame,
    cut: readonly SiteGeometry['areas'][number][],
    xMm: number,
    yMm: number,
    speed: number,
    placeBefore: number,
  ): number {
    let place = placeBefore;
    for (const area of cut) {
      if (!area.contains(xMm, yMm)) continue;
      const slot = this.slotOfArea[area.index] as number;
      if (slot >= 0) {
        camera.counts[slot] = (camera.counts[slot] as number) + 1;
        camera.speeds[slot] = (camera.speeds[slot] as number) + speed;
      }
      const best = this.site.areas[place];
      if (best === undefined || area.rank < best.rank) place = area.index;
    }
    return place;
  }

  /** One person's track: where it is now, and which lines it passed on the way. */
  private follow(
    camera: HeldFrame,
    floor: number,
    cell: CellClass,
    hi: number,
    lo: number,
    xMm: number,
    yMm: number,
    place: number,
    atUs: number,
    offset: number,
  ): void {
    const { tracks, journeys } = this;
    let slot = tracks.find(hi, lo);
    if (slot >= 0 && atUs - tracks.get(slot, Field.lastSeenUs) >= TRACK_GONE_US) {
      journeys.end(tracks, slot);
      tracks.remove(slot);
      slot = -1;
    }
    const isNew = slot < 0;
    if (isNew) {
      slot = tracks.add(hi, lo);
      tracks.set(slot, Field.firstOffset, offset);
    } else if (offset < tracks.get(slot, Field.firstOffset))
      tracks.set(slot, Field.firstOffset, offset);
    const isFirstHere = isNew || tracks.get(slot, Field.floor) !== floor;
    if (isFirstHere) tracks.bands[slot] = undefined;
    if (camera.geometry.lines.length > 0) {
      const x0 = tracks.get(slot, Field.xMm);
      const y0 = tracks.get(slot, Field.yMm);
      if (
        cell.nearLine ||
        (!isFirstHere && Math.abs(xMm - x0) + Math.abs(yMm - y0) > NEAR_LINE_MM)
      ) {
        this.lines(camera, floor, slot, isFirstHere, x0, y0, xMm, yMm, atUs);
      }
    }
    tracks.set(slot, Field.xMm, xMm);
    tracks.set(slot, Field.yMm, yMm);
    tracks.set(slot, Field.floor, floor);
    tracks.set(slot, Field.lastSeenUs, atUs);
    if (place === tracks.get(slot, Field.place)) {
      tracks.set(slot, Field.lastInUs, atUs);
      tracks.set(slot, Field.candidate, -2);
    } else journeys.elsewhere(tracks, slot, place, atUs);
  }

  private lines(
    camera: HeldFrame,
    floor: number,
    slot: number,
    isFirstHere: boolean,
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    atUs: number,
  ): void {
    const { tracks } = this;
    const visits: BandVisit[] = tracks.bands[slot] ?? [];
    for (const line of camera.geometry.lines) {
      if (line.floor !== floor) continue;
      if (isFirstHere) {
        startAtLine(line, visits, x1, y1);
        continue;
      }
      const passage = stepAcrossLine(line, visits, x0, y0, x1, y1);
      if (passage === 'none') continue;
      const row = this.rows.lines[line.index] as LineRow;
      row[passage] += 1;
      this.journeys.pass(tracks, slot, this.site.areas.length + line.index, atUs);
    }
    tracks.bands[slot] = visits.length > 0 ? visits : undefined;
  }

  private count(count: CountFrame): void {
    const row = this.rows.lines[this.site.lineOfCounter.get(count.counter) ?? -1];
    if (row === undefined) return;
    row.forward += count.forward;
    row.backward += count.backward;
    row.observedUs = Math.min(row.lengthUs, row.observedUs + count.toUs - count.fromUs);
  }

  /** Lets go of every frame whose hold has ended by `atUs`. */
  private expire(atUs: number): void {
    let next = Infinity;
    for (const camera of this.cameras) {
      if (camera.frame === undefined) continue;
      if (camera.endUs <= atUs) {
        camera.settle(atUs, this.rows);
        camera.release(this.areaNow);
        camera.frame = undefined;
      } else next = Math.min(next, camera.endUs);
    }
    this.nextExpiryUs = next;
  }

  private endTracks(lastSeenUs: number): void {
    const { tracks } = this;
    // From the last, since a removal puts the last into the slot that it frees.
    for (let slot = tracks.size - 1; slot >= 0; slot--) {
      if (tracks.get(slot, Field.lastSeenUs) > lastSeenUs) continue;
      this.journeys.end(tracks, slot);
      tracks.remove(slot);
    }
  }
}
