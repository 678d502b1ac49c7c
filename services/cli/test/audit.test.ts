import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLog } from '@hitonami/event-log';
import type { SitePlan } from '@hitonami/model';
import type { RiskReport } from '@hitonami/privacy';
import type { LeftEntry } from '@hitonami/records';
import { publishPlan, topicSpecs } from '@hitonami/service';
import { scenario, startScenario, type SimulatedPerson } from '@hitonami/simulator';
import { openWarehouse, startEmbeddedWarehouse } from '@hitonami/warehouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineFrom, testGovernance } from '../../../test/support/plans.js';
import { openPlaces } from '../src/audit/places.js';
import { readPositions } from '../src/audit/read-warehouse.js';
import { audit, type AuditCommandOptions } from '../src/commands/audit.js';

// Minutes of the simulated station, attacked as its stored data would be. The figures of a day are in the README.

const SECONDS = 150;
const START_MS = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000;
const GATES = [0, 1, 2, 3, 4, 5, 6].map((i) => ({
  floor: 'f1',
  line: lineFrom([16, 1.8 + i], [16, 2.8 + i]),
}));

let folder: string;
let seconds: (readonly SimulatedPerson[])[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hitonami-audit-'));
  const run = startScenario(scenario('quiet-morning'), 3);
  seconds = Array.from({ length: SECONDS }, () => {
    run.step(1);
    return run.people();
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The station's plan with gates, and with limits of the risk. */
function planWith(riskLimits: Record<string, number>): SitePlan {
  const { plan } = scenario('quiet-morning');
  const [floor] = plan.floors;
  return {
    ...plan,
    datasets: [],
    ticketGates: GATES.map((gate) => ({ ...gate, floor: floor!.id })),
    retention: { positionsHours: 24, flowLegsDays: 3, measuresDays: 7, rollupDays: 400 },
    cameras: plan.cameras.map(({ governance: _, ...camera }) => camera),
    governance: { ...testGovernance(), riskLimits } as unknown as SitePlan['governance'],
  };
}

const ANY = { rebuiltShareMax: 1, rejoinedShareMax: 1, legUnicityMax: 1, gateLogMax: 1 };
let runs = 0;

async function attack(changes: Partial<AuditCommandOptions>) {
  const out = join(folder, `report-${++runs}`);
  const lines: string[] = [];
  const options = { data: folder, seed: 1, out, ...changes };
  const code = await audit(options, {}, (line) => lines.push(line));
  const read = (end: string) => readFile(join(out, `risk-report.${end}`), 'utf8');
  const report = JSON.parse(await read('json')) as RiskReport;
  return {
    code,
    text: lines.join('\n'),
    report,
    ja: await read('ja.md'),
    en: await read('en.md'),
    out,
  };
}

describe('hitonami audit of a recording whose people are known', () => {
  const files = async (name: string, riskLimits: Record<string, number>) => {
    const rows = seconds.flatMap((people, atS) =>
      people.map(({ id, x, y }) => `${atS},${id},${x.toFixed(3)},${y.toFixed(3)}`),
    );
    const [truth, plan] = [join(folder, `${name}.csv`), join(folder, `${name}.json`)];
    await writeFile(truth, ['time,id,x,y', ...rows].join('\n'));
    await writeFile(plan, JSON.stringify(planWith(riskLimits)));
    return { truth, plan };
  };

  it('says how strong the attack is, in both languages, and is content where the plan allows it', async () => {
    const { code, text, report, ja, en } = await attack(await files('allowed', ANY));
    expect(code).toBe(0);
    const { rebuilt, rejoined, gateLog, unicity } = report.figures;
    expect(rebuilt.people?.people).toBeGreaterThan(50);
    expect(rejoined[0]?.share).toBeGreaterThan(0.9);
    expect(unicity.paths[0]?.shares[0]).toBeGreaterThan(0.9);
    expect(gateLog?.passagesFrom).toBe('truth');
    // Those within 5 m are not stored, and it helps.
    expect(gateLog!.paths.rightShare).toBeLessThan(gateLog!.pathsWithoutExclusion!.rightShare!);
    expect(text).toContain('ok    rebuilt: ');
    expect(en).toContain('Nothing is above the limits of the plan.');
    expect(en).toMatch(/By the truth, \d+ of \d+ people \(\d+\.\d %\) were rebuilt whole/);
    expect(ja).toContain('計画の上限を超えたものはありません。');
    expect(ja).toMatch(/正解と比べると、\d+ 人のうち \d+ 人/);
  });

  it('fails above the limits with a clear word, names the keys of the plan, and what it could change', async () => {
    const given = await files('refused', { ...ANY, rejoinedShareMax: 0.5, gateLogMax: 0.05 });
    const first = await attack(given);
    expect(first.code).toBe(1);
    expect(first.text).toMatch(/ABOVE rejoined: \d\d\.\d %; the plan allows 50\.0 %/);
    expect(first.text).toContain(
      're-identification is easier than the plan allows: governance.riskLimits.rejoinedShareMax, governance.riskLimits.gateLogMax',
    );
    expect(first.en).toContain('Store no positions (retention.positionsHours to 0');
    expect(first.ja).toContain('位置を保存しない（retention.positionsHours を 0 にし');
    expect(first.en).toContain('Give nothing of this to whoever holds the log of the gates');
    // The next time it says how things have changed since; the same data and seed: not at all.
    const again = await attack({ ...given, previous: join(first.out, 'risk-report.json') });
    expect(again.report.figures).toEqual(first.report.figures);
    expect(again.report.trend.map(({ before, now }) => now === before)).not.toContain(false);
    expect(again.en).toMatch(/Since the report of 20.*\n\n.*\n.*\n.* \+0\.0 % \|/);
  });

  it('refuses a report that is none, a log of gates that there are not, and a truth without a plan', async () => {
    const { truth, plan } = await files('wrong', ANY);
    await expect(attack({ truth, plan, previous: plan })).rejects.toThrow(/is no risk report/);
    await expect(attack({ truth })).rejects.toThrow(/name it with --plan/);
  });
});

describe('hitonami audit of what is stored', () => {
  let data: string;
  beforeAll(async () => {
    data = join(folder, 'station');
    await mkdir(data);
    const log = await openEmbeddedLog({ folder: join(data, 'log') });
    await log.createTopics(topicSpecs());
    await publishPlan(log, JSON.stringify(planWith({ ...ANY, legUnicityMax: 0.3 })), 0);
    await log.close();
    const engine = await startEmbeddedWarehouse({ folder: join(data, 'warehouse') });
    const warehouse = openWarehouse({ url: engine.url, database: 'hitonami' });
    await warehouse.migrate();
    const people = seconds.flatMap((all, atS) => all.map((one) => ({ ...one, atS })));
    const far = people.filter(({ x }) => Math.abs(x - 16) >= 5);
    const plan = planWith(ANY);
    const empty = { areas: [], lines: [], flows: [], journeys: [], cameras: [] };
    const at = new Map(people.map(({ id, atS }) => [id, atS]));
    await warehouse.insertWindows(
      [
        {
          ...{
            site: plan.site,
            startUs: START_MS * 1000,
            lengthUs: 60e6,
            planVersion: 1,
            ...empty,
          },
          legs: [...at].map(([id, atS]) => ({
            ...{ site: plan.site, trackHi: 1, trackLo: id, fromPlace: 'west-hall', nth: 0 },
            ...{ toPlace: 'inner-hall', insideUs: 0, joins: 0, confidencePermille: 1000 },
            leftUs: (START_MS + Math.floor(atS / 60) * 60_000) * 1000,
            reachedUs: (START_MS + Math.floor(atS / 60) * 60_000) * 1000,
          })),
          positions: {
            ...{
              count: far.length,
              floors: [plan.floors[0]!.id],
              floor: new Uint8Array(far.length),
            },
            kind: new Uint8Array(far.length).fill(1),
            capturedUs: Float64Array.from(far, ({ atS }) => (START_MS + atS * 1000) * 1000),
            xMm: Int32Array.from(far, ({ x }) => Math.round(x * 1000)),
            yMm: Int32Array.from(far, ({ y }) => Math.round(y * 1000)),
            ...{ vxMmS: new Int32Array(far.length), vyMmS: new Int32Array(far.length) },
          },
        },
      ],
      { retention: plan.retention, areaKinds: new Map() },
    );
    await warehouse.close();
    await engine.stop();
  }, 60_000);

  it('reads nothing where the read cannot be noted in the audit log, and says what to do', async () => {
    await writeFile(join(data, 'records'), 'no folder');
    await expect(attack({ data })).rejects.toThrow(
      /nothing was read, for the read cannot be noted in the audit log: .*HITONAMI_RECORDS_URL/,
    );
    await rm(join(data, 'records'));
  }, 30_000);

  it('rebuilds, rejoins, and knows the gates by the passages that the paths tell; the read is in the audit log', async () => {
    const { code, report, en } = await attack({ data });
    const { figures, source, positionsThere, from } = report;
    expect(source).toBe('warehouse');
    expect(figures.positions).toBe(positionsThere);
    expect(from).toMatch(new Date(START_MS).toISOString().slice(0, 16));
    expect(figures.rebuilt.people).toBeNull();
    expect(figures.rebuilt.paths).toBeGreaterThan(30);
    expect(figures.rejoined[0]?.share).toBeGreaterThan(0.9);
    expect(figures.gateLog).toMatchObject({ gates: 7, passagesFrom: 'paths' });
    // Everybody at one place in three minutes: a movement hides among many others.
    expect(figures.unicity.legs.map(({ shares }) => shares[1])).toEqual([0]);
    expect(report.findings.find(({ id }) => id === 'rebuilt')).toMatchObject({ isEstimated: true });
    expect(en).toContain('| paths rebuilt from positions without a name | estimated ');
    expect(code).toBe(0);
    // Left beside the records, from where the console takes it into the audit log.
    const inbox = join(data, 'records/inbox');
    const [left = '', ...more] = await readdir(inbox);
    expect(more).toEqual([]);
    const entry = JSON.parse(await readFile(join(inbox, left), 'utf8')) as LeftEntry;
    expect(entry).toMatchObject({ action: 'data.audit', subject: report.site });
    expect(entry.user).toMatch(/^os:/);
    expect(entry.detail).toMatch(/reads all stored positions and flow legs/);
  }, 60_000);

  it('of more positions than can be attacked at once draws stretches of time, the same with the same seed, and says so', async () => {
    const places = await openPlaces({ data }, {}, Date.now());
    const [plan] = places.plans;
    const read = (most: number, seed: number) => readPositions(places.warehouse, plan!, most, seed);
    const all = await read(1_000_000, 1);
    expect(all.sightings.count).toBe(all.there);
    const [some, same, few] = [
      await read(all.there - 1, 1),
      await read(all.there - 1, 1),
      await read(1, 1),
    ];
    await places.close();
    expect(some.there).toBe(all.there);
    expect(some.sightings.count).toBeLessThan(all.there);
    expect(same.sightings).toEqual(some.sightings);
    // A minute at least, for nothing read would look like no risk.
    expect(few.sightings.count).toBeGreaterThan(100);
  }, 30_000);

  it('takes the operator’s own gate log, and looks at nothing in it but time and gate', async () => {
    const gateLog = join(folder, 'gates.csv');
    const rows = [10, 40, 70].map(
      (atS) => `${new Date(START_MS + atS * 1000).toISOString()},card ${atS},3`,
    );
    await writeFile(gateLog, ['time,card,gate', ...rows].join('\n'));
    const { report, out } = await attack({ data, gateLog });
    expect(report.figures.gateLog).toMatchObject({ passagesFrom: 'log', paths: { passages: 3 } });
    expect(await readFile(join(out, 'risk-report.json'), 'utf8')).not.toContain('card');
    await writeFile(gateLog, 'time,gate\n2026-04-01T00:00:00Z,8');
    await expect(attack({ data, gateLog })).rejects.toThrow(/gates\.csv, line 2: .* from 1 to 7/);
  }, 60_000);
});
