import type { ClosedWindow, FlowLeg, PositionColumns } from '@hitonami/crowd';
import {
  polygonContains,
  purposeStartMs,
  US_PER_S,
  type DataItem,
  type Point,
  type SitePlan,
} from '@hitonami/model';
import { distanceM, GATE_EXCLUSION_M } from '@hitonami/privacy';

/** What was seen and is not stored, and why. */
export interface Withheld {
  /** Positions near a ticket gate, whose log could name them. */
  atGate: number;
  /** Positions and flow legs that no purpose of the plan in force covers. */
  positions: number;
  legs: number;
}

/**
 * A window as it may be stored under its plan: positions and flow legs only where a purpose in force has them, no position
 * within 5 m of a ticket gate of its floor, and the times of flow legs in steps of the plan's length. Counts stay as they
 * are.
 *
 * @param isRecording the plan's purposes count from the beginning: a recording is older than its plan
 */
export function storable(
  window: ClosedWindow,
  plan: SitePlan,
  isRecording: boolean,
): { window: ClosedWindow; withheld: Withheld } {
  const scopeOf = (item: DataItem): Scope => scopeAt(plan, item, window.startUs, isRecording);
  const near = nearGates(plan);
  const isInScope = positionScope(plan, scopeOf('positions'));
  let [atGate, uncovered] = [0, 0];
  const positions = keep(window.positions, (floor, xM, yM) => {
    if (near(floor, xM, yM)) atGate += 1;
    else if (isInScope(floor, xM, yM)) return true;
    else uncovered += 1;
    return false;
  });
  const legs = legsIn(window.legs, scopeOf('flow-legs'), plan.governance.legTimeStepS);
  const withheld = { atGate, positions: uncovered, legs: window.legs.length - legs.length };
  return { window: { ...window, positions, legs }, withheld };
}

/** The places for which an item may be stored: some, all of the site, or none. */
type Scope = ReadonlySet<string> | 'site' | 'none';

function scopeAt(plan: SitePlan, item: DataItem, startUs: number, isRecording: boolean): Scope {
  const purposes = plan.governance.purposes.filter(
    (purpose) =>
      purpose.items.includes(item) &&
      (isRecording || purposeStartMs(plan, purpose) * 1000 <= startUs),
  );
  if (purposes.length === 0) return 'none';
  if (purposes.some(({ places }) => places === undefined)) return 'site';
  return new Set(purposes.flatMap(({ places }) => places ?? []));
}

type PlaceTest = (floor: string, xM: number, yM: number) => boolean;

function positionScope(plan: SitePlan, scope: Scope): PlaceTest {
  if (scope === 'none') return () => false;
  if (scope === 'site') return () => true;
  const areas = plan.areas.filter(({ id }) => scope.has(id));
  return (floor, xM, yM) =>
    areas.some((area) => area.floor === floor && polygonContains(area.polygon.coordinates, xM, yM));
}

function nearGates({ ticketGates }: SitePlan): PlaceTest {
  const lines = new Map<string, (readonly [Point, Point])[]>();
  for (const { floor, line } of ticketGates)
    lines.set(floor, [...(lines.get(floor) ?? []), line.coordinates]);
  return (floor, xM, yM) =>
    (lines.get(floor) ?? []).some((line) => distanceM(line, xM, yM) < GATE_EXCLUSION_M);
}

function keep(from: PositionColumns, isKept: PlaceTest): PositionColumns {
  const rows: number[] = [];
  for (let i = 0; i < from.count; i++) {
    const floor = from.floors[from.floor[i] ?? -1] ?? '';
    if (isKept(floor, (from.xMm[i] ?? NaN) / 1000, (from.yMm[i] ?? NaN) / 1000)) rows.push(i);
  }
  if (rows.length === from.count) return from;
  return {
    count: rows.length,
    floors: from.floors,
    capturedUs: Float64Array.from(rows, (i) => from.capturedUs[i] as number),
    floor: Uint8Array.from(rows, (i) => from.floor[i] as number),
    xMm: Int32Array.from(rows, (i) => from.xMm[i] as number),
    yMm: Int32Array.from(rows, (i) => from.yMm[i] as number),
    vxMmS: Int32Array.from(rows, (i) => from.vxMmS[i] as number),
    vyMmS: Int32Array.from(rows, (i) => from.vyMmS[i] as number),
    kind: Uint8Array.from(rows, (i) => from.kind[i] as number),
  };
}

/** A leg is about both of its ends: both must be in scope; where it came from nowhere, or went there, the other. */
function legsIn(legs: readonly FlowLeg[], scope: Scope, stepS: number): FlowLeg[] {
  if (scope === 'none') return [];
  const isIn = (place: string): boolean => scope === 'site' || place === '' || scope.has(place);
  const stepUs = stepS * US_PER_S;
  const inSteps = (us: number): number => Math.floor(us / stepUs) * stepUs;
  return legs
    .filter(({ fromPlace, toPlace }) => isIn(fromPlace) && isIn(toPlace))
    .map((leg) => ({
      ...leg,
      leftUs: inSteps(leg.leftUs),
      reachedUs: inSteps(leg.reachedUs),
      insideUs: inSteps(leg.insideUs),
    }));
}
