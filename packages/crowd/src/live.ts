import { FrameState, isPeople, type PositionFrameView } from '@hitonami/model';
import type { CameraGeometry, SiteGeometry } from './geometry.js';
import { cellAt, type FloorRaster } from './raster.js';

/** A camera silent for longer than this, or two of its periods, shows nothing any more; µs. */
const LIVE_HOLD_MIN_US = 2_000_000;

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
}

/**
 * The newest frame of every camera of a site, after ownership: the picture that must not wait for a window to close.
 * It knows no order and no past, so it is not part of the measures.
 */
export class LiveView {
  readonly site: SiteGeometry;
  private readonly newest = new Map<string, PositionFrameView>();

  private readonly movedSinceUs: () => ReadonlyMap<string, number>;

  /** @param movedSinceUs cameras that were probably moved, and since when, as the stream of the site knows them */
  constructor(
    site: SiteGeometry,
    movedSinceUs: () => ReadonlyMap<string, number> = () => new Map<string, number>(),
  ) {
    this.site = site;
    this.movedSinceUs = movedSinceUs;
  }

  /** Takes a frame; an older one than the camera's newest is passed over. */
  update(frame: PositionFrameView): void {
    if (!this.site.cameraIndex.has(frame.camera)) return;
    const known = this.newest.get(frame.camera);
    if (known === undefined || known.capturedUs < frame.capturedUs)
      this.newest.set(frame.camera, frame);
  }

  /** Undefined until a frame has come. */
  snapshot(): LiveSnapshot | undefined {
    const frames = [...this.newest.values()];
    if (frames.length === 0) return undefined;
    const capturedUs = Math.max(...frames.map((frame) => frame.capturedUs));
    const people = new Int32Array(this.site.areas.length);
    const observedDm2 = new Float64Array(this.site.areas.length);
    const doubtfulDm2 = new Float64Array(this.site.areas.length);
    const moved = this.movedSinceUs();
    const shown = new Positions();
    for (const frame of frames) {
      if (frame.capturedUs + Math.max(2 * frame.periodUs, LIVE_HOLD_MIN_US) < capturedUs) continue;
      if (frame.state === FrameState.blind) continue;
      const camera = this.site.cameras[this.site.cameraIndex.get(frame.camera) ?? -1];
      if (camera === undefined) continue;
      camera.areas.forEach((area, i) => {
        const share = camera.sharesDm2[i] ?? 0;
        observedDm2[area] = (observedDm2[area] ?? 0) + share;
        if (moved.has(camera.id)) doubtfulDm2[area] = (doubtfulDm2[area] ?? 0) + share;
      });
      this.addOwned(camera, frame, people, shown);
    }
    return {
      site: this.site.plan.site,
      capturedUs,
      areas: this.site.areas.map((area) => ({
        area: area.plan.id,
        people: people[area.index] ?? 0,
        coverage: Math.min(1, (observedDm2[area.index] ?? 0) / area.areaDm2),
        doubtful: Math.min(1, (doubtfulDm2[area.index] ?? 0) / area.areaDm2),
        peakDensity: 0,
        saturation: 0,
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
    };
  }

  private addOwned(
    camera: CameraGeometry,
    frame: PositionFrameView,
    people: Int32Array,
    shown: Positions,
  ): void {
    const { view } = frame;
    for (let i = 0; i < frame.count; i++) {
      const floor = this.site.floorIndex.get(frame.floors[view.getUint8(frame.floorAt + i)] ?? '');
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
      for (const area of cell.inside) people[area] = (people[area] ?? 0) + 1;
      for (const area of cell.cut) {
        if (area.contains(xMm, yMm)) people[area.index] = (people[area.index] ?? 0) + 1;
      }
    }
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
