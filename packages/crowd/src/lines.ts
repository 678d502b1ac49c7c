import type { Counting } from './counting.js';
import type { LineGeometry, SiteGeometry } from './geometry.js';
import type { Journeys } from './journeys.js';
import {
  leaveBand,
  passageTo,
  startAtLine,
  stepAcrossLine,
  type BandVisit,
  type Passage,
} from './passage.js';
import type { LineRow } from './rows.js';
import { Field, type TrackTable } from './track-table.js';

/** Passages of count lines, each counted by the tracks of the line's own camera. */
export class Lines {
  private readonly site: SiteGeometry;
  private readonly tracks: TrackTable;
  private readonly journeys: Journeys;
  private readonly counting: Counting;
  private readonly leadOf: (slot: number) => number;

  /** @param leadOf the track whose journey a passage belongs to */
  constructor(
    site: SiteGeometry,
    tracks: TrackTable,
    journeys: Journeys,
    counting: Counting,
    leadOf: (slot: number) => number,
  ) {
    this.site = site;
    this.tracks = tracks;
    this.journeys = journeys;
    this.counting = counting;
    this.leadOf = leadOf;
  }

  /** A track's first position on a floor. */
  start(camera: number, floor: number, slot: number, xMm: number, yMm: number): void {
    const visits: BandVisit[] = [];
    for (const line of this.linesOf(camera)) {
      if (line.floor === floor) startAtLine(line, visits, xMm, yMm);
    }
    this.keep(slot, visits);
  }

  /** A track went from its place in the table to another. */
  step(camera: number, slot: number, xMm: number, yMm: number, atUs: number): void {
    const { tracks } = this;
    const [x, y] = [tracks.get(slot, Field.xMm), tracks.get(slot, Field.yMm)];
    const floor = tracks.get(slot, Field.floor);
    const visits = tracks.bands[slot] ?? [];
    for (const line of this.linesOf(camera)) {
      if (line.floor !== floor) continue;
      this.note(line, stepAcrossLine(line, visits, x, y, xMm, yMm), slot, atUs);
    }
    this.keep(slot, visits);
  }

  /**
   * A track turned out to be the continuation of an earlier one of the same camera, which was last seen at `from`: what
   * happened at the lines between is made up for, as if it had been one track.
   */
  continued(
    slot: number,
    from: {
      xMm: number;
      yMm: number;
      floor: number;
      camera: number;
      bands: BandVisit[] | undefined;
    },
    born: { xMm: number; yMm: number },
    atUs: number,
  ): void {
    const { tracks } = this;
    const [x, y] = [tracks.get(slot, Field.xMm), tracks.get(slot, Field.yMm)];
    const visits = tracks.bands[slot] ?? [];
    for (const line of this.linesOf(from.camera)) {
      if (line.floor !== from.floor) continue;
      const earlier = (from.bands ?? []).filter((visit) => visit.line === line.index);
      const passage = stepAcrossLine(line, earlier, from.xMm, from.yMm, born.xMm, born.yMm);
      this.note(line, passage, slot, atUs);
      const [open] = earlier;
      if (open === undefined) continue;
      const own = visits.find((visit) => visit.line === line.index);
      if (own === undefined) this.note(line, leaveBand(line, open, x, y), slot, atUs);
      // It began inside the band, so it did not know from where it had come.
      else if (own.from === 0) own.from = open.from;
      // It has left the band since, and is back.
      else this.note(line, passageTo(own.from, open), slot, atUs);
    }
  }

  private linesOf(camera: number): readonly LineGeometry[] {
    return this.site.cameras[camera]?.lines ?? [];
  }

  private note(line: LineGeometry, passage: Passage, slot: number, atUs: number): void {
    if (passage === 'none') return;
    const row = this.counting.rows.lines[line.index] as LineRow;
    row[passage] += 1;
    const place = this.site.areas.length + line.index;
    this.journeys.pass(this.tracks, this.leadOf(slot), place, atUs);
  }

  private keep(slot: number, visits: BandVisit[]): void {
    this.tracks.bands[slot] = visits.length > 0 ? visits : undefined;
  }
}
