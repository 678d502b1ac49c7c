import { polygonArea, type SitePlan } from '@hitonami/model';
import type { LiveSnapshot } from '@hitonami/service';
import type { Parameters, Warehouse } from '@hitonami/warehouse';

const EXPIRES = "toDateTime('2100-01-01 00:00:00', 'UTC')";
const MINUTE_US = 60e6;

/** Persons/m² of a station's day by local hour: two rush hours of working days, an afternoon at the weekend. */
const DENSITY = `(if(toDayOfWeek(start, 0, 'Asia/Tokyo') < 6,
    0.04 + 0.9 * exp(-pow(hour - 8, 2) / 1.3) + 0.7 * exp(-pow(hour - 18.2, 2) / 3) + if(hour BETWEEN 9 AND 21, 0.15, 0),
    0.03 + 0.45 * exp(-pow(hour - 14, 2) / 14))
  * (0.4 + cityHash64(subject) % 100 / 60) * (0.75 + cityHash64(subject, start) % 1000 / 2000))`;

/** Puts rows as a station would have them into the warehouse, made there: a month of minutes takes seconds. */
export async function fillMeasures(
  warehouse: Warehouse,
  plan: SitePlan,
  { lengthS, fromUs, toUs }: { lengthS: number; fromUs: number; toUs: number },
): Promise<void> {
  const run = async (sql: string, parameters: Parameters): Promise<void> => {
    const common = {
      site: plan.site,
      length_s: lengthS,
      from_us: fromUs,
      count: Math.floor((toUs - fromUs) / (lengthS * 1e6)),
    };
    const answer = await warehouse.query(sql, { ...common, ...parameters });
    for await (const _ of answer);
  };
  const times = `SELECT fromUnixTimestamp64Micro({from_us: Int64} + toInt64(number) * {length_s: UInt32} * 1000000, 'UTC') AS start,
      toHour(start, 'Asia/Tokyo') + toMinute(start, 'Asia/Tokyo') / 60 AS hour FROM numbers({count: UInt64})`;
  await run(
    `INSERT INTO area_measures (site, area, length_s, start, generation, kind, area_dm2, person_us, observed_dm2_us, people_max,
       speed_mm_us, saturation_dm2_us, doubtful_dm2_us, peak_samples, peak_per_1000_m2, pressure_samples, pressure_micro_sum,
       pressure_micro_max, expires_at)
     SELECT {site: String}, subject, {length_s: UInt32}, start, 0, kind, dm2,
       toInt64(${DENSITY} * dm2 / 100 * {length_s: UInt32} * 1000000) AS persons, dm2 * {length_s: UInt32} * 1000000,
       toUInt32(ceil(persons / {length_s: UInt32} / 1000000 * 1.4)), persons * 1100, 0, 0,
       {length_s: UInt32}, toInt64(280 + 3000 * ${DENSITY}) AS peak, if(peak >= 2153, intDiv({length_s: UInt32}, 2), 0) AS pressing,
       pressing * 4 * (peak - 1000), if(pressing > 0, 6 * (peak - 1000), 0), ${EXPIRES}
     FROM (${times}) AS times
     ARRAY JOIN {subjects: Array(String)} AS subject, {kinds: Array(String)} AS kind, {dm2s: Array(Int64)} AS dm2`,
    {
      subjects: plan.areas.map(({ id }) => id),
      kinds: plan.areas.map(({ kind }) => kind),
      dm2s: plan.areas.map(({ polygon }) => Math.round(polygonArea(polygon.coordinates) * 100)),
    },
  );
  await run(
    `INSERT INTO line_measures (site, line, length_s, start, generation, forward, backward, observed_us, doubtful_us, expires_at)
     SELECT {site: String}, subject, {length_s: UInt32}, start, 0, toInt64(${DENSITY} * {length_s: UInt32} * 0.9) AS passed,
       intDiv(passed, 3), {length_s: UInt32} * 1000000, 0, ${EXPIRES}
     FROM (${times}) AS times ARRAY JOIN {subjects: Array(String)} AS subject`,
    { subjects: plan.lines.map(({ id }) => id) },
  );
  const pairs = plan.areas.flatMap(({ id: from }, i) =>
    plan.areas.flatMap(({ id: to }, j) => (i !== j && Math.abs(i - j) < 2 ? [{ from, to }] : [])),
  );
  for (const [table, count, time, from] of [
    ['journey_measures', 'journeys', 'travel_us', 42],
    ['flow_measures', 'legs', 'inside_us', 17],
  ] as const) {
    await run(
      `INSERT INTO ${table} (site, from_place, to_place, length_s, start, generation, ${count}, ${time}, joined, confidence_permille, expires_at)
       SELECT {site: String}, subject, to_place, {length_s: UInt32}, start, 0, toInt64(${DENSITY} * {length_s: UInt32} * 0.1) AS people,
         people * ${from}000000, intDiv(people, 4), people * 930, ${EXPIRES}
       FROM (${times}) AS times ARRAY JOIN {froms: Array(String)} AS subject, {tos: Array(String)} AS to_place`,
      { froms: pairs.map((pair) => pair.from), tos: pairs.map((pair) => pair.to) },
    );
  }
}

/** Minutes, quarters and hours of the days before an instant. */
export async function fillPast(
  warehouse: Warehouse,
  plan: SitePlan,
  days: number,
  nowUs: number,
): Promise<void> {
  const toUs = Math.floor(nowUs / MINUTE_US) * MINUTE_US;
  for (const lengthS of [3_600, 900, 60]) {
    const lengthUs = lengthS * 1e6;
    const endUs = Math.floor(toUs / lengthUs) * lengthUs;
    const spanUs = Math.floor((days * 86_400e6) / lengthUs) * lengthUs;
    await fillMeasures(warehouse, plan, { lengthS, fromUs: endUs - spanUs, toUs: endUs });
  }
}

/** A live record of people at these places, as the aggregator would have made it with every camera seeing. */
export function liveRecord(
  plan: SitePlan,
  capturedUs: number,
  people: readonly { x: number; y: number; vx: number; vy: number; floor: number }[],
  inside: (area: string) => number,
): LiveSnapshot {
  const mm = (metres: number): number => Math.round(metres * 1000);
  return {
    site: plan.site,
    capturedUs,
    areas: plan.areas.map((area) => ({
      area: area.id,
      people: inside(area.id),
      coverage: 1,
      doubtful: 0,
      peakDensity: (1.6 * inside(area.id)) / polygonArea(area.polygon.coordinates),
      saturation: 0,
    })),
    cameras: plan.cameras.map(({ id }) => ({
      camera: id,
      capturedUs,
      blind: false,
      movedSinceUs: 0,
    })),
    floors: plan.floors.map(({ id }) => id),
    xMm: people.map(({ x }) => mm(x)),
    yMm: people.map(({ y }) => mm(y)),
    vxMmS: people.map(({ vx }) => mm(vx)),
    vyMmS: people.map(({ vy }) => mm(vy)),
    floor: Buffer.from(people.map(({ floor }) => floor)),
    kind: Buffer.alloc(people.length),
    lines: plan.lines.map(({ id }, i) => ({ line: id, forward: 20 + i, backward: 8, seen: true })),
  };
}
