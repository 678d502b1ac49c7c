import type { SiteGeometry } from './geometry.js';
import type { PositionColumns } from './rows.js';

const SAMPLE_US = 1_000_000;

/**
 * Positions to be stored, where the plan keeps any: of each camera the first frame in every second, each person once
 * (by ownership), and without a pseudonym.
 */
export class PositionStore {
  private readonly floors: readonly string[];
  private readonly lastSecond: Float64Array;
  private readonly keeps: boolean;
  private rows: number[] = [];

  constructor(site: SiteGeometry) {
    this.floors = site.plan.floors.map((floor) => floor.id);
    this.lastSecond = new Float64Array(site.plan.cameras.length).fill(-1);
    this.keeps = site.plan.retention.positionsHours > 0;
  }

  /** Whether the frame that this camera captured at `capturedUs` is to be stored; ask once a frame. */
  wants(camera: number, capturedUs: number): boolean {
    if (!this.keeps) return false;
    const second = Math.floor(capturedUs / SAMPLE_US);
    if (this.lastSecond[camera] === second) return false;
    this.lastSecond[camera] = second;
    return true;
  }

  add(
    capturedUs: number,
    floor: number,
    xMm: number,
    yMm: number,
    vxMmS: number,
    vyMmS: number,
    kind: number,
  ): void {
    this.rows.push(capturedUs, floor, xMm, yMm, vxMmS, vyMmS, kind);
  }

  /** What was added since the last call, as columns. */
  take(): PositionColumns {
    const { rows, floors } = this;
    this.rows = [];
    const count = rows.length / FIELDS;
    const column = (field: number) => (_: unknown, i: number) => rows[i * FIELDS + field] as number;
    const from = { length: count };
    return {
      count,
      floors,
      capturedUs: Float64Array.from(from, column(0)),
      floor: Uint8Array.from(from, column(1)),
      xMm: Int32Array.from(from, column(2)),
      yMm: Int32Array.from(from, column(3)),
      vxMmS: Int32Array.from(from, column(4)),
      vyMmS: Int32Array.from(from, column(5)),
      kind: Uint8Array.from(from, column(6)),
    };
  }
}

const FIELDS = 7;
