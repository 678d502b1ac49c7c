import type { AreaKind, ClosedWindow, FlowLeg } from '@hitonami/crowd';
import { addDays, localInstantMs, type SitePlan } from '@hitonami/model';
import type { Warehouse } from '@hitonami/warehouse';
import { label, lineFrom, rectangle, testGovernance, testPlan } from './plans.js';

/** A local day as releases have it. */
export interface Day {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const STARTS_ON = '2026-01-01';

/** A dataset of a plan for tests, open and without noise. */
export function dataset(id: string, changes: Record<string, unknown> = {}) {
  return {
    ...{ id, title: label, description: label, subject: 'areas', stepS: 900, period: 'day' },
    ...{ startsOn: STARTS_ON, purpose: 'open', audience: 'open', licence: 'CC-BY-4.0' },
    ...changes,
  };
}

/** Five as a station would have them: two steps of areas, lines with noise, movements between areas, sequences for buyers. */
export const DATASETS = [
  dataset('quarters'),
  dataset('hours', { stepS: 3_600, period: 'month' }),
  dataset('passages', {
    ...{ subject: 'lines', stepS: 3_600 },
    noise: { mechanism: 'laplace', epsilon: 0.5, contributionsMax: 4 },
  }),
  dataset('sequences', { subject: 'sequences', audience: 'buyers', licence: 'contract' }),
];

/** Areas of 10 m × 20 m side by side, a line between each two of the first ones; measured since 1970 for everybody. */
export function stationPlan(changes: Record<string, unknown> = {}, areas = 4, lines = 2): SitePlan {
  const governance = testGovernance();
  const [first] = governance.purposes;
  const all = Array.from({ length: areas }, (_, i) => `a${String(i).padStart(2, '0')}`);
  return testPlan({
    areas: all.map((id, i) => ({
      ...{ id, floor: 'f1', name: label, kind: 'walkway' },
      polygon: rectangle(i * 10, 0, i * 10 + 10, 20),
    })),
    lines: Array.from({ length: lines }, (_, i) => ({
      ...{ id: `l${i}`, floor: 'f1', name: label },
      line: lineFrom([i * 10 + 10, 0], [i * 10 + 10, 20]),
    })),
    cameras: [{ id: 'c1', floor: 'f1', coverage: rectangle(0, 0, areas * 10, 20) }],
    retention: { positionsHours: 0, flowLegsDays: 30, measuresDays: 7, rollupDays: 36_500 },
    governance: {
      ...governance,
      recipients: [
        ...governance.recipients,
        { id: 'everybody', name: label, role: 'public' },
        { id: 'buyers', name: label, role: 'buyers' },
      ],
      purposes: [
        ...governance.purposes,
        {
          ...first,
          ...{ id: 'open', items: ['live', 'measures', 'flow-legs'] },
          recipients: ['everybody', 'buyers'],
          retention: { measuresDays: 7, rollupDays: 36_500, flowLegsDays: 30 },
        },
      ],
    },
    datasets: DATASETS,
    ...changes,
  });
}

/** Numbers from 0 to 1 that a seed repeats (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const QUARTER_MS = 900_000;
const HOUR_MS = 3_600_000;

/** How busy a station is, 0 to 1: two rush hours, and nobody at night. */
function busy(hour: number): number {
  const peak = (at: number, width: number): number => Math.exp(-(((hour - at) / width) ** 2));
  return Math.min(1, 0.9 * peak(8, 1.3) + 0.8 * peak(18, 2) + 0.3 * peak(13, 4));
}

export interface DayOptions {
  readonly seed?: number;
  /** Pseudonyms of the day. */
  readonly walks?: number;
  /** Most people in the busiest area. */
  readonly crowd?: number;
  /** False: the aggregator is behind, and nothing of the next day is rolled up. Default true. */
  readonly isOver?: boolean;
}

/** The rollups and flow legs that the aggregator would have written of a day, from a seed. */
export async function writeDay(
  warehouse: Pick<Warehouse, 'insertWindows'>,
  plan: SitePlan,
  day: Day,
  { seed = 1, walks = 1_000, crowd = 60, isOver = true }: DayOptions = {},
): Promise<void> {
  const random = seeded(seed + day.fromMs / HOUR_MS);
  const windows = new Map<string, ClosedWindow>();
  const windowAt = (startMs: number, lengthMs: number): ClosedWindow => {
    const key = `${startMs} ${lengthMs}`;
    const found = windows.get(key) ?? emptyWindow(plan, startMs, lengthMs);
    windows.set(key, found);
    return found;
  };
  for (let startMs = day.fromMs; startMs < day.toMs; startMs += QUARTER_MS) {
    const hour = (startMs - day.fromMs) / HOUR_MS;
    const rows = plan.areas.map(({ id, polygon }, i) =>
      areaRow(plan.site, id, polygon.coordinates, startMs, {
        people: crowd * busy(hour) * (0.1 + ((i * 7) % 10) / 10) * (0.6 + 0.8 * random()),
        peak: 1.2 + random(),
        coverage: random() < 0.01 ? 0.3 : 0.97,
      }),
    );
    windowAt(startMs, QUARTER_MS).areas.push(...rows);
    addTo(windowAt(Math.floor(startMs / HOUR_MS) * HOUR_MS, HOUR_MS), rows);
  }
  const legs = walksOf(plan, day, walks, random);
  for (const leg of legs) {
    const line = plan.lines.find(({ id }) => id === leg.toPlace);
    if (!line) continue;
    const isForward = random() < 0.6;
    for (const lengthMs of [QUARTER_MS, HOUR_MS]) {
      const startMs = Math.floor(leg.reachedUs / 1000 / lengthMs) * lengthMs;
      const row = windowAt(startMs, lengthMs).lines.find((one) => one.line === line.id);
      if (row) row[isForward ? 'forward' : 'backward'] += 1;
    }
  }
  const all = [...windows.values()];
  const [first] = all;
  if (first) first.legs.push(...legs);
  // One minute of the next day: what shows that the day is rolled up.
  const after = emptyWindow(plan, day.toMs, 60_000);
  after.areas.push(
    ...plan.areas.map(({ id, polygon }) =>
      areaRow(
        plan.site,
        id,
        polygon.coordinates,
        day.toMs,
        { people: 0, peak: 1, coverage: 1 },
        60_000,
      ),
    ),
  );
  const areaKinds = new Map(plan.areas.map(({ id, kind }): [string, AreaKind] => [id, kind]));
  await warehouse.insertWindows(isOver ? [...all, after] : all, { retention: 'keep', areaKinds });
}

type AreaRow = ClosedWindow['areas'][number];

function areaRow(
  site: string,
  area: string,
  [ring]: readonly (readonly (readonly [number, number])[])[],
  startMs: number,
  { people, peak, coverage }: { people: number; peak: number; coverage: number },
  lengthMs = QUARTER_MS,
): AreaRow {
  const xs = (ring ?? []).map(([x]) => x);
  const ys = (ring ?? []).map(([, y]) => y);
  const areaDm2 = Math.round(
    (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys)) * 100,
  );
  const lengthUs = lengthMs * 1000;
  const observedDm2Us = Math.round(areaDm2 * lengthUs * coverage);
  const personUs = Math.round(people * lengthUs * coverage);
  return {
    ...{ site, area, startUs: startMs * 1000, lengthUs, generation: 0, areaDm2, personUs },
    ...{ observedDm2Us, peopleMax: Math.ceil(people * peak), speedMmUs: personUs * 1_100 },
    ...{ saturationDm2Us: 0, doubtfulDm2Us: 0, peakSamples: 0, peakPer1000M2: 0 },
    ...{ pressureSamples: 0, pressureMicroSum: 0, pressureMicroMax: 0 },
  };
}

/** Sums are summed, and maxima maxima, as a rollup does. */
function addTo(window: ClosedWindow, rows: readonly AreaRow[]): void {
  for (const row of rows) {
    const sum = window.areas.find(({ area }) => area === row.area);
    if (sum === undefined) {
      window.areas.push({ ...row, startUs: window.startUs, lengthUs: window.lengthUs });
      continue;
    }
    for (const key of ['personUs', 'observedDm2Us', 'speedMmUs'] as const) sum[key] += row[key];
    sum.peopleMax = Math.max(sum.peopleMax, row.peopleMax);
  }
}

/** Each pseudonym walks to neighbours, over the line between them where there is one. */
function walksOf(plan: SitePlan, day: Day, walks: number, random: () => number): FlowLeg[] {
  const legs: FlowLeg[] = [];
  const areas = plan.areas.map(({ id }) => id);
  const hours = (day.toMs - day.fromMs) / HOUR_MS;
  for (let walk = 0; walk < walks; walk += 1) {
    let hour = random() * hours;
    while (random() > busy(hour)) hour = random() * hours;
    let atUs = Math.floor((day.fromMs + hour * HOUR_MS) / 60_000) * 60e6;
    let at = Math.floor(random() ** 2 * areas.length);
    let from = '';
    const track = { trackHi: Math.floor(random() * 2 ** 32), trackLo: walk };
    const go = (to: string): void => {
      if (atUs >= day.toMs * 1000) return;
      legs.push({
        ...{ site: plan.site, ...track, fromPlace: from, toPlace: to },
        ...{ leftUs: atUs - (from === '' ? 0 : 60e6), reachedUs: atUs, insideUs: 0, joins: 0 },
        ...{ confidencePermille: 1_000, nth: legs.length },
      });
      from = to;
      atUs += 60e6;
    };
    go(areas[at] ?? '');
    for (let steps = 1 + Math.floor(random() * 3); steps > 0; steps -= 1) {
      const next = Math.max(0, Math.min(areas.length - 1, at + (random() < 0.7 ? 1 : -1)));
      const line = `l${Math.min(at, next)}`;
      if (plan.lines.some(({ id }) => id === line)) go(line);
      at = next;
      go(areas[at] ?? '');
    }
  }
  return legs;
}

function emptyWindow(plan: SitePlan, startMs: number, lengthMs: number): ClosedWindow {
  const key = {
    site: plan.site,
    startUs: startMs * 1000,
    lengthUs: lengthMs * 1000,
    generation: 0,
  };
  const { site, startUs, lengthUs } = key;
  return {
    ...{ site, startUs, lengthUs, planVersion: plan.version, areas: [], flows: [], journeys: [] },
    lines: plan.lines.map(({ id }) => ({
      ...{ ...key, line: id, forward: 0, backward: 0 },
      ...{ observedUs: key.lengthUs, doubtfulUs: 0 },
    })),
    ...{ cameras: [], legs: [] },
    positions: {
      ...{ count: 0, capturedUs: new Float64Array(0), floor: new Uint8Array(0), floors: [] },
      ...{ xMm: new Int32Array(0), yMm: new Int32Array(0), vxMmS: new Int32Array(0) },
      ...{ vyMmS: new Int32Array(0), kind: new Uint8Array(0) },
    },
  };
}

/** The local days of a month, `2026-10`. */
export function daysOf(month: string, timeZone: string): Day[] {
  const days: Day[] = [];
  for (let name = `${month}-01`; name.startsWith(month); name = addDays(name, 1)) {
    const [fromMs = 0, toMs = 0] = [name, addDays(name, 1)].map((day) =>
      localInstantMs(day, 0, timeZone),
    );
    days.push({ name, fromMs, toMs });
  }
  return days;
}
