import { PlanHistory, SiteStream, type SiteGeometry } from '@hitonami/crowd';
import { decodeObservation } from '@hitonami/model';
import { BareLoop } from './bare-loop.js';
import { cpuSecondsSince, interleave, type BenchOptions, type Figure } from './measure.js';
import { PEOPLE_PER_FRAME, traffic, trafficPlan } from './traffic.js';

/** 2026-01-01T00:00:00Z, µs: the start of a window. */
const START_US = 1_767_225_600_000_000;
const DURATION_S = 40;
/** Records that lie in one buffer, as they come out of a fetch. */
const RECORDS_PER_FETCH = 6_000;

/** The fold of a site's stream against a bare loop over the same bytes, both on this thread and nothing else. */
export async function core({ quick, say }: BenchOptions): Promise<Figure[]> {
  say('aggregator core: the fold of a stream against a bare loop');
  const plan = trafficPlan();
  const records = together([...traffic(START_US, DURATION_S)]);
  const people = records.length * PEOPLE_PER_FRAME;
  const plans = new PlanHistory();
  plans.add(plan, 0);
  // The floor is cut into cells before any clock starts: that happens once for each version of a plan.
  const geometry = plans.inForce(START_US) as SiteGeometry;
  const fold = (): number => {
    const stream = new SiteStream({ site: plan.site, plans });
    let windows = 0;
    const start = process.cpuUsage();
    for (let offset = 0; offset < records.length; offset++) {
      windows += stream.push(decodeObservation(records[offset] as Buffer), offset).closed.length;
    }
    const rate = people / cpuSecondsSince(start);
    if (windows === 0) throw new Error('no window closed');
    return rate;
  };
  const bare = (): number => {
    const loop = new BareLoop(geometry);
    const start = process.cpuUsage();
    for (const record of records) loop.message(record);
    const rate = people / cpuSecondsSince(start);
    if (loop.people !== people) throw new Error('the bare loop missed people');
    return rate;
  };
  fold();
  bare();
  const rounds = await interleave(quick ? 5 : 11, { fold, bare });
  return [
    {
      key: 'aggregator_core_people_per_cpu_s',
      value: rounds.rate('fold'),
      unit: 'people/CPU s',
      what: 'decode and fold a site’s stream, one thread, no log and no warehouse',
    },
    {
      key: 'aggregator_core_ratio',
      value: rounds.ratio('fold', 'bare'),
      unit: '',
      what: '… over a loop that only decodes x and y, looks the cell up and counts',
    },
  ];
}

/** Copies the records into few buffers, one behind the other. */
function together(records: readonly Buffer[]): Buffer[] {
  const placed: Buffer[] = [];
  for (let from = 0; from < records.length; from += RECORDS_PER_FETCH) {
    const part = records.slice(from, from + RECORDS_PER_FETCH);
    const all = Buffer.concat(part);
    let at = 0;
    for (const { length } of part) placed.push(all.subarray(at, (at += length)));
  }
  return placed;
}
