import { FrameState, US_PER_S } from '@hitonami/model';
import type { SiteGeometry } from './geometry.js';
import type { HeldFrame } from './held-frame.js';
import { PRESSURE_DENSITY_MIN } from './local-density.js';
import { cellAt, type FloorRaster } from './raster.js';
import type { AreaRow } from './rows.js';
import { Field, type TrackTable } from './track-table.js';

/** Everybody who is counted in an area at one instant, in no order. */
interface Crowd {
  readonly xMm: number[];
  readonly yMm: number[];
  readonly vxMmS: number[];
  readonly vyMmS: number[];
}

/**
 * The densest spot of every area, and how hard it presses there: looked for at the beginning of every whole second of event
 * time, since it costs more than a count, and a crush does not come and go within one. As the frames stand that are held at
 * that instant; of everybody once, by the track that speaks for the person.
 *
 * An area of which only a part is seen has its highest value there: what was not seen may be denser. Coverage goes with the row.
 */
export class Peaks {
  private readonly site: SiteGeometry;
  private readonly tracks: TrackTable;
  private readonly cameras: readonly HeldFrame[];
  private readonly crowds: readonly Crowd[];
  private readonly isSeen: Uint8Array;
  /** Capture of the frame that each camera shows, NaN where it shows none. */
  private readonly shownUs: Float64Array;
  /** The next instant, µs. */
  nextUs = Infinity;

  constructor(site: SiteGeometry, tracks: TrackTable, cameras: readonly HeldFrame[]) {
    this.site = site;
    this.tracks = tracks;
    this.cameras = cameras;
    this.crowds = site.areas.map(() => ({ xMm: [], yMm: [], vxMmS: [], vyMmS: [] }));
    this.isSeen = new Uint8Array(site.areas.length);
    this.shownUs = new Float64Array(site.cameras.length);
  }

  /** A window begins, at a whole second. */
  open(startUs: number): void {
    this.nextUs = startUs;
  }

  /** Looks at every instant up to and with `untilUs`, before any later frame is taken. */
  lookUntil(untilUs: number, rows: readonly AreaRow[]): void {
    for (; this.nextUs <= untilUs; this.nextUs += US_PER_S) this.look(this.nextUs, rows);
  }

  private look(atUs: number, rows: readonly AreaRow[]): void {
    this.isSeen.fill(0);
    for (const { geometry, frame, endUs } of this.cameras) {
      const isShown = frame !== undefined && endUs > atUs && frame.state !== FrameState.blind;
      this.shownUs[geometry.index] = isShown ? frame.capturedUs : NaN;
      if (!isShown) continue;
      for (let i = 0; i < geometry.areas.length; i++)
        if ((geometry.sharesDm2[i] as number) > 0) this.isSeen[geometry.areas[i] as number] = 1;
    }
    this.gather();
    for (const area of this.site.areas) {
      if (this.isSeen[area.index] === 0) continue;
      const row = rows[area.index] as AreaRow;
      const { xMm, yMm, vxMmS, vyMmS } = this.crowds[area.index] as Crowd;
      row.peakSamples += 1;
      if (xMm.length === 0) continue;
      const local = this.site.localDensity(area);
      const peak = local.peak(xMm, yMm);
      row.peakPer1000M2 = Math.max(row.peakPer1000M2, Math.round(1e3 * peak));
      if (peak < PRESSURE_DENSITY_MIN) continue;
      const pressure = Math.round(1e6 * (local.pressure(xMm, yMm, vxMmS, vyMmS) ?? 0));
      row.pressureSamples += 1;
      row.pressureMicroSum += pressure;
      row.pressureMicroMax = Math.max(row.pressureMicroMax, pressure);
    }
  }

  /** Puts everybody who is counted now into the areas. */
  private gather(): void {
    const { tracks, shownUs, site } = this;
    for (const { xMm, yMm, vxMmS, vyMmS } of this.crowds)
      xMm.length = yMm.length = vxMmS.length = vyMmS.length = 0;
    for (let slot = 0; slot < tracks.size; slot++) {
      const camera = tracks.get(slot, Field.camera);
      if (tracks.get(slot, Field.countedUs) !== shownUs[camera]) continue;
      const x = tracks.get(slot, Field.xMm);
      const y = tracks.get(slot, Field.yMm);
      const raster = site.floors[tracks.get(slot, Field.floor)] as FloorRaster;
      const { inside, cut } = cellAt(raster, x, y);
      for (let k = 0; k < inside.length; k++) this.add(inside[k] as number, camera, slot, x, y);
      for (const area of cut) if (area.contains(x, y)) this.add(area.index, camera, slot, x, y);
    }
  }

  private add(area: number, camera: number, slot: number, x: number, y: number): void {
    // As in the counts: a camera has nobody in an area that it does not reach.
    if (this.site.cameras[camera]?.areas.includes(area) !== true) return;
    const { xMm, yMm, vxMmS, vyMmS } = this.crowds[area] as Crowd;
    xMm.push(x);
    yMm.push(y);
    vxMmS.push(this.tracks.get(slot, Field.vxMmS));
    vyMmS.push(this.tracks.get(slot, Field.vyMmS));
  }
}
