import type { Observation, SitePlan } from '@hitonami/model';
import {
  PlanHistory,
  SiteStream,
  type ClosedWindow,
  type Fate,
  type SiteStreamOptions,
} from '../src/index.js';
import { frameObservation, type TestFrame } from '../../../test/support/frames.js';

/** 2026-01-01T00:00:00Z, ms: the start of a window of any length. */
export const T0 = 1_767_225_600_000;

export function planHistory(...versions: { plan: SitePlan; fromMs?: number }[]): PlanHistory {
  const plans = new PlanHistory();
  for (const { plan, fromMs } of versions) plans.add(plan, (fromMs ?? 0) * 1000);
  return plans;
}

export interface Run {
  windows: ClosedWindow[];
  fates: Fate[];
  stream: SiteStream;
}

/** Runs observations through a fresh stream, then a tick long after the last, so that every window closes. */
export function runStream(
  plans: PlanHistory,
  observations: readonly Observation[],
  options: Partial<SiteStreamOptions> & { firstOffset?: number; lastTickMs?: number } = {},
): Run {
  const { firstOffset = 0, lastTickMs = T0 + 600_000, ...rest } = options;
  const stream = new SiteStream({ site: 'test', plans, ...rest });
  const windows: ClosedWindow[] = [];
  const fates: Fate[] = [];
  const tick: Observation = { type: 'tick', tick: { site: 'test', nowUs: lastTickMs * 1000 } };
  [...observations, tick].forEach((observation, i) => {
    const pushed = stream.push(observation, firstOffset + i);
    windows.push(...pushed.closed);
    fates.push(pushed.fate);
  });
  return { windows, fates, stream };
}

export function framesOf(frames: readonly TestFrame[]): Observation[] {
  return frames.map(frameObservation);
}
