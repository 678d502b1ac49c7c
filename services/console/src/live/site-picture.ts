import { levelOfService } from '@hitonami/crowd';
import { polygonArea, type PlanArea, type SitePlan } from '@hitonami/model';
import type { LiveSnapshot as LiveRecord } from '@hitonami/service';
import type { LiveSnapshot } from '../contract/index.js';
import { encodePeople } from './people.js';

/** Of an area that is seen less, a density would be a guess. */
export const COVERAGE_MIN = 0.5;
/** People may be seen this far outside of everything that the plan draws, m. */
const MARGIN_M = 50;
/** A camera silent for longer than this, or for two of its periods, shows nothing any more; ms. As in the snapshot. */
const HOLD_MIN_MS = 2_000;

interface CameraTimes {
  capturedUs: number;
  periodMs: number;
}

/** Turns the records of one site's live topic into what viewers are shown. */
export class SitePicture {
  readonly #areas = new Map<string, { plan: PlanArea; areaM2: number }>();
  readonly #cameras = new Map<string, CameraTimes>();
  #origin: [number, number] = [0, 0];

  usePlan(plan: SitePlan): void {
    this.#areas.clear();
    for (const area of plan.areas)
      this.#areas.set(area.id, { plan: area, areaM2: polygonArea(area.polygon.coordinates) });
    this.#origin = originOf(plan);
  }

  /** Learns how often each camera sends. */
  observe(record: LiveRecord): void {
    for (const { camera, capturedUs } of record.cameras) {
      const known = this.#cameras.get(camera);
      if (known?.capturedUs === capturedUs) continue;
      const periodMs =
        known === undefined ? 0 : Math.max(0, (capturedUs - known.capturedUs) / 1000);
      this.#cameras.set(camera, { capturedUs, periodMs });
    }
  }

  /**
   * @param silentMs for how long nothing has come of this site at all: once that is longer than a camera is waited for,
   *   nothing in the record is still so, and it is shown as not seen
   */
  snapshot(record: LiveRecord, silentMs: number): LiveSnapshot {
    const cameras = record.cameras.map((camera) => {
      const ageMs = (record.capturedUs - camera.capturedUs) / 1000 + silentMs;
      const isSilent = ageMs > this.#holdMs(camera.camera);
      return {
        camera: camera.camera,
        at: iso(camera.capturedUs),
        state: isSilent
          ? ('silent' as const)
          : camera.blind
            ? ('blind' as const)
            : ('seeing' as const),
        movedSince: camera.movedSinceUs > 0 ? iso(camera.movedSinceUs) : null,
      };
    });
    const isAllSilent = silentMs > 0 && cameras.every(({ state }) => state === 'silent');
    return {
      at: iso(record.capturedUs),
      floors: record.floors,
      origin: this.#origin,
      areas: record.areas.map((area) => (isAllSilent ? unseen(area.area) : this.#area(area))),
      cameras,
      lines: record.lines.map(({ line, forward, backward, seen }) => ({
        line,
        forwardPerMin: seen && !isAllSilent ? forward : null,
        backwardPerMin: seen && !isAllSilent ? backward : null,
      })),
      people: isAllSilent ? '' : encodePeople(record, this.#origin),
    };
  }

  #holdMs(camera: string): number {
    return Math.max(HOLD_MIN_MS, 2 * (this.#cameras.get(camera)?.periodMs ?? 0));
  }

  #area(live: LiveRecord['areas'][number]): LiveSnapshot['areas'][number] {
    const known = this.#areas.get(live.area);
    const density =
      known === undefined || live.coverage < COVERAGE_MIN
        ? null
        : live.people / (known.areaM2 * live.coverage);
    return {
      area: live.area,
      people: live.people,
      density: density === null ? null : rounded(density),
      los: density === null || !known ? null : levelOfService(known.plan.kind, density),
      peakDensity: rounded(live.peakDensity),
      coverage: rounded(live.coverage),
      doubtful: rounded(live.doubtful),
      saturation: rounded(live.saturation),
    };
  }
}

function unseen(area: string): LiveSnapshot['areas'][number] {
  const nothing = { people: 0, peakDensity: 0, coverage: 0, doubtful: 0, saturation: 0 };
  return { area, density: null, los: null, ...nothing };
}

/** South-west of everything that the plan draws, with a margin, whole metres. */
function originOf(plan: SitePlan): [number, number] {
  const shapes = [
    ...plan.areas.map((area) => area.polygon),
    ...plan.cameras.map((c) => c.coverage),
  ];
  let [x, y] = [Infinity, Infinity];
  for (const { coordinates } of shapes) {
    for (const [px, py] of coordinates.flat()) [x, y] = [Math.min(x, px), Math.min(y, py)];
  }
  return Number.isFinite(x) ? [Math.floor(x) - MARGIN_M, Math.floor(y) - MARGIN_M] : [0, 0];
}

/** Three digits behind the point are more than any camera can tell. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

export function iso(us: number): string {
  return new Date(us / 1000).toISOString();
}
