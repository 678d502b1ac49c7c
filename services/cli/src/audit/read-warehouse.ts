import type { SitePlan } from '@hitonami/model';
import {
  SeededRandom,
  SightingList,
  type GroupFigure,
  type Sightings,
  type StoredLeg,
} from '@hitonami/privacy';
import type { Warehouse } from '@hitonami/warehouse';

/** Newest flow legs that are read. */
const LEGS_MAX = 2_000_000;

export interface StoredPositions {
  sightings: Sightings;
  /** Positions that are stored, of which the sightings are those of some hours where there are too many. */
  there: number;
  fromMs: number | null;
  toMs: number | null;
}

/** Lengths of the stretches of time that chance picks from, s: the longest of which enough fit. */
const STRETCHES_S = [3_600, 600, 60] as const;
/** So many at least, or it is one place of the day alone. */
const STRETCHES_MIN = 4;

/**
 * Reads the positions of a site: all, or, where there are more than may be attacked at once, those of whole hours (of
 * minutes, where an hour has too many) that chance picks with the seed until it is enough.
 */
export async function readPositions(
  warehouse: Warehouse,
  plan: SitePlan,
  positionsMax: number,
  seed: number,
): Promise<StoredPositions> {
  const { site } = plan;
  const { there, stretchS, chosen } = await draw(warehouse, site, positionsMax, seed);
  const list = new SightingList();
  if (chosen.length > 0) {
    const text = await warehouse.query(
      `SELECT toUnixTimestamp64Micro(captured), floor, x_mm, y_mm FROM positions FINAL
       WHERE site = {site: String}
         AND intDiv(toUnixTimestamp(captured), {stretch: UInt32}) IN {chosen: Array(UInt32)}
       ORDER BY captured`,
      { site, stretch: stretchS, chosen },
      'TabSeparated',
    );
    const floors = new Map(plan.floors.map(({ id }, i) => [id, i]));
    for await (const line of linesOf(text)) {
      const [us = '', floor = '', xMm = '', yMm = ''] = line.split('\t');
      const number = floors.get(floor) ?? floors.size;
      floors.set(floor, number);
      list.add({
        ...{ atS: Number(us) / 1e6, floor: number },
        ...{ xM: Number(xMm) / 1000, yM: Number(yMm) / 1000 },
      });
    }
  }
  const { sightings } = list.take();
  const [first, last] = [sightings.atS[0], sightings.atS[sightings.count - 1]];
  const ms = (atS: number | undefined): number | null => (atS === undefined ? null : atS * 1000);
  return { sightings, there, fromMs: ms(first), toMs: ms(last) };
}

interface Draw {
  there: number;
  stretchS: number;
  /** Numbers of the stretches since 1970. */
  chosen: number[];
}

async function draw(
  warehouse: Warehouse,
  site: string,
  positionsMax: number,
  seed: number,
): Promise<Draw> {
  let found: Draw = { there: 0, stretchS: 0, chosen: [] };
  for (const stretchS of STRETCHES_S) {
    const stretches = await warehouse.rows<{ stretch: number; positions: number }>(
      `SELECT intDiv(toUnixTimestamp(captured), {stretch: UInt32}) AS stretch, count() AS positions
       FROM positions FINAL WHERE site = {site: String} GROUP BY stretch ORDER BY stretch`,
      { site, stretch: stretchS },
    );
    const there = stretches.reduce((sum, { positions }) => sum + positions, 0);
    let left = positionsMax;
    const chosen: number[] = [];
    for (const { stretch, positions } of new SeededRandom(seed).some(stretches, stretches.length)) {
      // One is always read, however many it has: nothing read would look like no risk.
      if (positions > left && (chosen.length > 0 || stretchS !== STRETCHES_S.at(-1))) continue;
      left -= positions;
      chosen.push(stretch);
    }
    found = { there, stretchS, chosen };
    if (chosen.length === stretches.length || chosen.length >= STRETCHES_MIN) break;
  }
  return found;
}

export async function readLegs(warehouse: Warehouse, site: string): Promise<StoredLeg[]> {
  const legs: StoredLeg[] = [];
  const text = await warehouse.query(
    `SELECT hex(track), from_place, to_place, toUnixTimestamp(left), toUnixTimestamp(reached)
     FROM flow_legs FINAL WHERE site = {site: String} ORDER BY reached DESC LIMIT ${LEGS_MAX}`,
    { site },
    'TabSeparated',
  );
  for await (const line of linesOf(text)) {
    const [pseudonym = '', fromPlace = '', toPlace = '', left = '', reached = ''] =
      line.split('\t');
    legs.push({ pseudonym, fromPlace, toPlace, leftS: Number(left), reachedS: Number(reached) });
  }
  return legs;
}

/** What is counted, and in which view. */
const COUNTS: readonly { of: GroupFigure['of']; view: string; count: string; where: string }[] = [
  { of: 'movements', view: 'flow_measures_read', count: 'legs', where: '1' },
  { of: 'journeys', view: 'journey_measures_read', count: 'journeys', where: '1' },
  { of: 'lines', view: 'line_measures_read', count: 'forward + backward', where: 'length_s <= 60' },
  { of: 'areas', view: 'area_measures_read', count: 'people_max', where: 'length_s <= 60' },
];

/** Cells of the last day that count anybody, and those of them that count fewer than the smallest group. */
export async function readGroups(
  warehouse: Warehouse,
  site: string,
  smallestGroup: number,
  nowMs: number,
): Promise<GroupFigure[]> {
  const found: GroupFigure[] = [];
  for (const { of, view, count, where } of COUNTS) {
    const rows = await warehouse.rows<{ lengthS: number; cells: number; under: number }>(
      `SELECT length_s AS lengthS, countIf(${count} > 0) AS cells,
         countIf(${count} > 0 AND ${count} < {least: UInt32}) AS under
       FROM ${view}
       WHERE site = {site: String} AND ${where} AND start >= toDateTime({from: UInt32}, 'UTC')
       GROUP BY length_s ORDER BY length_s`,
      { site, least: smallestGroup, from: Math.max(0, Math.floor(nowMs / 1000) - 86_400) },
    );
    found.push(...rows.map((row) => ({ of, ...row })));
  }
  return found;
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
