import { FrameState, isPeople, type CountFrame, type PositionFrameView } from '@hitonami/model';
import { LineMinutes, type LineMinute } from './alerts/line-minute.js';
import type { AreaGeometry, CameraGeometry, SiteGeometry } from './geometry.js';
import { cellAt, type FloorRaster } from './raster.js';

/** A camera silent for longer than this, or two of its periods, shows nothing any more; µs. */
const LIVE_HOLD_MIN_US = 2_000_000;
/** Where all cameras are this far behind the clock, they are slow; further, and they are silent, µs. */
const LIVE_BEHIND_MAX_US = 5_000_000;

/** Everybody present, each once, and how far to believe it. */
export interface LiveSnapshot {
  site: string;
  /** The newest capture in it. */
  capturedUs: number;
  /** `doubtful`: share of the area seen by cameras that were probably moved. */
  areas: {
    area: string;
    people: number;
    coverage: number;
    doubtful: number;
    /** Highest local density, persons/m². */
    peakDensity: number;
    /** Highest saturation of the detectors that see any of it, 0 to 1. */
    saturation: number;
  }[];
  /** `movedSinceUs`: since when it was probably moved or turned; 0 where it was not. */
  cameras: { camera: string; capturedUs: number; blind: boolean; movedSinceUs: number }[];
  floors: readonly string[];
  xMm: number[];
  yMm: number[];
  vxMmS: number[];
  vyMmS: number[];
  floor: Uint8Array;
  kind: Uint8Array;
  lines: LineMinute[];
}

/**
 * The newest frame of every camera of a site, after ownership: the picture that must not wait for a window to close.
 * It knows no order and no past, so it is not part of the measures.
 */
export class LiveView {
  readonly site: SiteGeometry;
  private readonly newest = new Map<string, PositionFrameView>();
  private readonly lines: LineMinutes;
  private readonly movedSinceUs: () => ReadonlyMap<string, number>;

  /** @param movedSinceUs cameras that were probably moved, and since when, as the stream of the site knows them */
  constructor(
    site: SiteGeometry,
    movedSinceUs: () => ReadonlyMap<string, number> = () => new Map<string, number>(),
  ) {
    this.site = site;
    this.movedSinceUs = movedSinceUs;
    this.lines = new LineMinutes(site);
  }

  /** Takes a frame; an older one than the camera's newest is passed over. */
  update(frame: PositionFrameView): void {
    if (!this.site.cameraIndex.has(frame.camera)) return;
    const known = this.newest.get(frame.camera);
    if (known === undefined || known.capturedUs < frame.capturedUs)
      this.newest.set(frame.camera, frame);
    this.lines.frame(frame);
  }

  /** Takes what another sensor counted. */
  count(counts: CountFrame): void {
    this.lines.count(counts);
  }

  /**
   * Undefined until a frame has come.
   * @param nowUs event time: a camera that is silent is noticed also where all are
   */
  snapshot(nowUs = -Infinity): LiveSnapshot | undefined {
    const frames = [...this.newest.values()];
    if (frames.length === 0) return undefined;
    const capturedUs = Math.max(...frames.map((frame) => frame.capturedUs));
    const freshUs = Math.max(capturedUs, nowUs - LIVE_BEHIND_MAX_US);
    const inside = this.site.areas.map(() => new Places());
    const observedDm2 = new Float64Array(this.site.areas.length);
    const doubtfulDm2 = new Float64Array(this.site.areas.length);
    const saturationPermille = new Uint16Array(this.site.areas.length);
    const moved = this.movedSinceUs();
    const shown = new Positions();
    const seeing = new Set<string>();
    for (const frame of frames) {
      if (frame.capturedUs + Math.max(2 * frame.periodUs, LIVE_HOLD_MIN_US) < freshUs) continue;
      if (frame.state === FrameState.blind) continue;
      seeing.add(frame.camera);
      const camera = this.site.cameras[this.site.cameraIndex.get(frame.camera) ?? -1];
      if (camera === undefined) continue;
      camera.areas.forEach((area, i) => {
        const share = camera.sharesDm2[i] ?? 0;
        observedDm2[area] = (observedDm2[area] ?? 0) + share;
        if (moved.has(camera.id)) doubtfulDm2[area] = (doubtfulDm2[area] ?? 0) + share;
        if (share > 0)
          saturationPermille[area] = Math.max(
            saturationPermille[area] ?? 0,
            frame.saturationPermille,
          );
      });
      this.addOwned(camera, frame, inside, shown);
    }
    return {
      site: this.site.plan.site,
      capturedUs,
      areas: this.site.areas.map((area) => ({
        area: area.plan.id,
        people: inside[area.index]?.xMm.length ?? 0,
        coverage: Math.min(1, (observedDm2[area.index] ?? 0) / area.areaDm2),
        doubtful: Math.min(1, (doubtfulDm2[area.index] ?? 0) / area.areaDm2),
        peakDensity: this.peakDensity(area, inside[area.index]),
        saturation: (saturationPermille[area.index] ?? 0) / 1000,
      })),
      cameras: frames.map((frame) => ({
        camera: frame.camera,
        capturedUs: frame.capturedUs,
        blind: frame.state === FrameState.blind,
        movedSinceUs: moved.get(frame.camera) ?? 0,
      })),
      floors: this.site.plan.floors.map((floor) => floor.id),
      xMm: shown.xMm,
      yMm: shown.yMm,
      vxMmS: shown.vxMmS,
      vyMmS: shown.vyMmS,
      floor: Uint8Array.from(shown.floor),
      kind: Uint8Array.from(shown.kind),
      lines: this.lines.minutes(Math.max(capturedUs, nowUs), (camera) => seeing.has(camera)),
    };
  }

  private peakDensity(area: AreaGeometry, places: Places | undefined): number {
    if (places === undefined || places.xMm.length === 0) return 0;
    return this.site.localDensity(area).peak(places.xMm, places.yMm);
  }

  private addOwned(
    camera: CameraGeometry,
    frame: PositionFrameView,
    inside: readonly Places[],
    shown: Positions,
  ): void {
    const { view } = frame;
    let named = -1;
    let floor: number | undefined;
    for (let i = 0; i < frame.count; i++) {
      // Looked up where it changes: nearly every frame is of one floor.
      const name = view.getUint8(frame.floorAt + i);
      if (name !== named) {
        floor = this.site.floorIndex.get(frame.floors[name] ?? '');
        named = name;
      }
      if (floor === undefined) continue;
      const xMm = view.getInt32(frame.xAt + 4 * i, true);
      const yMm = view.getInt32(frame.yAt + 4 * i, true);
      const raster = this.site.floors[floor] as FloorRaster;
      const cell = cellAt(raster, xMm, yMm);
      if (cell.owner !== camera.index) continue;
      const kind = view.getUint8(frame.kindAt + i);
      shown.xMm.push(xMm);
      shown.yMm.push(yMm);
      shown.vxMmS.push(view.getInt32(frame.vxAt + 4 * i, true));
      shown.vyMmS.push(view.getInt32(frame.vyAt + 4 * i, true));
      shown.floor.push(floor);
      shown.kind.push(kind);
      if (!isPeople(kind)) continue;
      for (const area of cell.inside) inside[area]?.add(xMm, yMm);
      for (const area of cell.cut) if (area.contains(xMm, yMm)) inside[area.index]?.add(xMm, yMm);
    }
  }
}

/** Where the people of one area are. */
class Places {
  readonly xMm: number[] = [];
  readonly yMm: number[] = [];

  add(xMm: number, yMm: number): void {
    this.xMm.push(xMm);
    this.yMm.push(yMm);
  }
}

class Positions {
  readonly xMm: number[] = [];
  readonly yMm: number[] = [];
  readonly vxMmS: number[] = [];
  readonly vyMmS: number[] = [];
  readonly floor: number[] = [];
  readonly kind: number[] = [];
}
