import type { SitePlan } from '@hitonami/model';
import { AlertEngine, SiteGeometry, type LiveSnapshot, type SiteAlert } from '../src/index.js';
import { label, lineFrom, rectangle, testPlan } from '../../../test/support/plans.js';
import { T0 } from './support.js';

/** A hall of 100 m² that camera c1 sees, a queue of 20 m² that c2 sees, and a line with a main direction. */
export const alertPlan = (changes: Record<string, unknown> = {}): SitePlan =>
  testPlan({
    areas: [
      { id: 'hall', floor: 'f1', name: label, kind: 'walkway', polygon: rectangle(0, 0, 10, 10) },
      {
        ...{ id: 'queue', floor: 'f1', name: label, kind: 'queue', queueMaxPersons: 20 },
        polygon: rectangle(20, 0, 30, 2),
      },
    ],
    lines: [
      {
        ...{ id: 'gate', floor: 'f1', name: label, capacityPerMMin: 60, mainDirection: 'forward' },
        line: lineFrom([5, 3], [5, 7]),
      },
    ],
    cameras: [
      { id: 'c1', floor: 'f1', coverage: rectangle(0, 0, 10, 10) },
      { id: 'c2', floor: 'f1', coverage: rectangle(20, 0, 30, 2) },
    ],
    alerting: { fireAfterS: 1, resolveAfterS: 30, unseenAfterS: 15 },
    ...changes,
  });

/** What is seen now; everything that is not said is as on a quiet day. */
export interface Scene {
  /** Highest local density of the hall. */
  peak?: number;
  people?: number;
  queue?: number;
  coverage?: number;
  /** Share seen by cameras that were probably moved. */
  doubtful?: number;
  saturation?: number;
  forward?: number;
  backward?: number;
  /** Whether c1 sends frames; whether it sees; since when it is believed to have been moved, s before now. */
  silent?: boolean;
  blind?: boolean;
  movedS?: number;
  /** No frame at all has come. */
  nothing?: boolean;
  /** The same frames are still the newest. */
  stuck?: boolean;
}

/** An engine and its clock: `run` shows it a scene for so long, five times a second, and collects what changed. */
export class Watch {
  readonly engine: AlertEngine;
  nowUs = T0 * 1000;
  readonly changes: SiteAlert[] = [];
  private c1Us = this.nowUs;
  private newestUs = this.nowUs;

  constructor(plan = alertPlan(), engine = new AlertEngine(new SiteGeometry(plan))) {
    this.engine = engine;
  }

  run(seconds: number, scene: Scene | ((atS: number) => Scene) = {}): SiteAlert[] {
    const before = this.changes.length;
    for (let step = 0; step < seconds * 5; step++) {
      this.nowUs += 200_000;
      const now = typeof scene === 'function' ? scene(step / 5) : scene;
      if (now.silent !== true) this.c1Us = this.nowUs;
      if (now.stuck !== true) this.newestUs = this.nowUs;
      this.changes.push(...this.engine.evaluate(this.nowUs, this.snapshot(now)));
    }
    return this.changes.slice(before);
  }

  /** Nothing is evaluated for a while. */
  pause(seconds: number): void {
    this.nowUs += seconds * 1_000_000;
  }

  get active(): string[] {
    return [...this.engine.active()].map(brief);
  }

  private snapshot(scene: Scene): LiveSnapshot | undefined {
    if (scene.nothing === true) return undefined;
    const { people = 10, queue = 2, silent = false, blind = false, movedS } = scene;
    const coverage = scene.coverage ?? (silent || blind ? 0 : 1);
    const quiet = { doubtful: 0, saturation: 0, peakDensity: 0.28, coverage: 1 };
    return {
      ...{ site: 'test', capturedUs: this.newestUs, floors: ['f1'] },
      areas: [
        {
          ...{ ...quiet, area: 'hall', people, coverage, doubtful: scene.doubtful ?? 0 },
          ...{ peakDensity: scene.peak ?? 0.28, saturation: scene.saturation ?? 0 },
        },
        { ...quiet, area: 'queue', people: queue },
      ],
      cameras: [
        {
          ...{ camera: 'c1', capturedUs: this.c1Us, blind },
          movedSinceUs: movedS === undefined ? 0 : this.nowUs - movedS * 1_000_000,
        },
        { camera: 'c2', capturedUs: this.nowUs, blind: false, movedSinceUs: 0 },
      ],
      lines: [
        {
          ...{ line: 'gate', forward: scene.forward ?? 20, backward: scene.backward ?? 0 },
          seen: !silent && !blind,
        },
      ],
      ...{ xMm: [], yMm: [], vxMmS: [], vyMmS: [] },
      ...{ floor: new Uint8Array(0), kind: new Uint8Array(0) },
    };
  }
}

export function brief({ rule, subject, state, severity }: SiteAlert): string {
  return `${rule} ${subject} ${state} ${severity}`;
}
