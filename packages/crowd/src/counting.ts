import type { SiteGeometry } from './geometry.js';
import type { HeldFrame } from './held-frame.js';
import { cellAt, type CellClass, type FloorRaster } from './raster.js';
import type { AreaRow, LineRow } from './rows.js';
import { Field, type TrackTable } from './track-table.js';

/** Who is counted in which area now, and the rows of the window at hand. */
export class Counting {
  rows: { areas: AreaRow[]; lines: LineRow[] } = { areas: [], lines: [] };
  private readonly site: SiteGeometry;
  private readonly tracks: TrackTable;
  private readonly cameras: readonly HeldFrame[];
  /** People in each area now. */
  private readonly areaNow: Int32Array;
  private startUs = 0;

  constructor(site: SiteGeometry, tracks: TrackTable, cameras: readonly HeldFrame[]) {
    this.site = site;
    this.tracks = tracks;
    this.cameras = cameras;
    this.areaNow = new Int32Array(site.areas.length);
  }

  open(startUs: number, lengthUs: number): void {
    this.startUs = startUs;
    const key = { site: this.site.plan.site, startUs, lengthUs, generation: 0 };
    const areas = this.site.areas.map((area) => ({
      ...key,
      area: area.plan.id,
      areaDm2: area.areaDm2,
      personUs: 0,
      observedDm2Us: 0,
      peopleMax: this.areaNow[area.index] as number,
      speedMmUs: 0,
      saturationDm2Us: 0,
      doubtfulDm2Us: 0,
      peakSamples: 0,
      peakPer1000M2: 0,
      pressureSamples: 0,
      pressureMicroSum: 0,
      pressureMicroMax: 0,
    }));
    const lines = this.site.lines.map((line) => ({
      ...key,
      line: line.plan.id,
      forward: 0,
      backward: 0,
      observedUs: 0,
      doubtfulUs: 0,
    }));
    this.rows = { areas, lines };
  }

  /** Counts what a camera's frame has shown up to `atUs`, and takes its people out of the present counts. */
  letGo(camera: HeldFrame, atUs: number): void {
    camera.settle(atUs, this.rows);
    camera.release(this.areaNow);
  }

  /** The people of a camera's new frame, counted in `camera.counts`, are now present. */
  show(camera: HeldFrame): void {
    const { areas } = camera.geometry;
    for (let i = 0; i < areas.length; i++) {
      const area = areas[i] as number;
      const now = (this.areaNow[area] as number) + (camera.counts[i] as number);
      this.areaNow[area] = now;
      const row = this.rows.areas[area] as AreaRow;
      if (now > row.peopleMax) row.peopleMax = now;
    }
  }

  /** Takes somebody out of what its camera's frame counts from `atUs` on: another speaks for the person now. */
  uncount(slot: number, atUs: number): void {
    const { tracks } = this;
    const camera = this.cameras[tracks.get(slot, Field.camera)];
    if (camera?.frame?.capturedUs !== tracks.get(slot, Field.countedUs)) return;
    camera.settle(atUs, this.rows);
    const speed = this.speedOf(slot);
    this.eachArea(tracks.get(slot, Field.floor), this.placeOf(slot), (area) => {
      const at = camera.geometry.areas.indexOf(area);
      if (at < 0) return;
      camera.counts[at] = (camera.counts[at] as number) - 1;
      camera.speeds[at] = (camera.speeds[at] as number) - speed;
      this.areaNow[area] = (this.areaNow[area] as number) - 1;
    });
    tracks.set(slot, Field.countedUs, -1);
  }

  /**
   * Makes good what was missed of a person who was there all the time: the detector saw nobody for a frame or two. Only
   * in the window at hand, and while its camera was seeing.
   * @param at where it is found again, mm; left out: where it was last seen
   */
  fill(
    camera: number,
    slot: number,
    fromUs: number,
    toUs: number,
    at: { readonly xMm: number; readonly yMm: number } = this.placeOf(slot),
  ): void {
    const since = Math.max(fromUs, this.startUs, this.cameras[camera]?.seeingSinceUs ?? Infinity);
    const spanUs = toUs - since;
    if (spanUs <= 0) return;
    const speed = this.speedOf(slot);
    this.eachArea(this.tracks.get(slot, Field.floor), at, (area) => {
      if (this.cameras[camera]?.geometry.areas.includes(area) !== true) return;
      const row = this.rows.areas[area] as AreaRow;
      row.personUs += spanUs;
      row.speedMmUs += speed * spanUs;
    });
  }

  /** Counts the frames that are held again, each person where the owner of the cell sees it. Between two windows. */
  recount(atUs: number): void {
    const { tracks } = this;
    for (const camera of this.cameras) {
      const { people } = camera;
      this.letGo(camera, atUs);
      camera.people = people;
    }
    for (let slot = 0; slot < tracks.size; slot++) {
      const camera = this.cameras[tracks.get(slot, Field.camera)];
      const lastUs = tracks.get(slot, Field.lastSeenUs);
      const floor = tracks.get(slot, Field.floor);
      const place = this.placeOf(slot);
      const isOwned = this.cellAt(floor, place.xMm, place.yMm).owner === camera?.geometry.index;
      tracks.set(slot, Field.countedUs, isOwned ? lastUs : -1);
      if (camera === undefined || !isOwned || camera.frame?.capturedUs !== lastUs) continue;
      const speed = this.speedOf(slot);
      this.eachArea(floor, place, (area) => {
        const at = camera.geometry.areas.indexOf(area);
        if (at < 0) return;
        camera.counts[at] = (camera.counts[at] as number) + 1;
        camera.speeds[at] = (camera.speeds[at] as number) + speed;
        this.areaNow[area] = (this.areaNow[area] as number) + 1;
      });
    }
  }

  /** As it was computed when the person was counted: with integers, so that it can be taken back exactly. */
  private speedOf(slot: number): number {
    return speedMmS(this.tracks.get(slot, Field.vxMmS), this.tracks.get(slot, Field.vyMmS));
  }

  private eachArea(
    floor: number,
    { xMm, yMm }: { readonly xMm: number; readonly yMm: number },
    visit: (area: number) => void,
  ): void {
    const { inside, cut } = this.cellAt(floor, xMm, yMm);
    inside.forEach(visit);
    for (const area of cut) if (area.contains(xMm, yMm)) visit(area.index);
  }

  private placeOf(slot: number): { xMm: number; yMm: number } {
    return { xMm: this.tracks.get(slot, Field.xMm), yMm: this.tracks.get(slot, Field.yMm) };
  }

  private cellAt(floor: number, xMm: number, yMm: number): CellClass {
    return cellAt(this.site.floors[floor] as FloorRaster, xMm, yMm);
  }
}

export function speedMmS(vx: number, vy: number): number {
  return Math.round(Math.sqrt(vx * vx + vy * vy));
}
