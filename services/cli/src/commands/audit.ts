import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HitonamiError, parsePlan, type SitePlan } from '@hitonami/model';
import {
  auditRisk,
  riskReport,
  riskReportText,
  type AuditData,
  type ReportInput,
  type RiskReport,
} from '@hitonami/privacy';
import type { Environment } from '@hitonami/service';
import { gatesOf, placesOfGates } from '../audit/gates.js';
import { openPlaces, planOf } from '../audit/places.js';
import { readGateLog, readReport, readTruth } from '../audit/read-files.js';
import { readGroups, readLegs, readPositions } from '../audit/read-warehouse.js';
import { noteRead } from '../note-read.js';
import { readText } from '../read-text.js';

/** Positions that are attacked at once; a day of a busy station has ten times as many, of which hours are drawn then. */
const POSITIONS_MAX = 5_000_000;

export interface AuditCommandOptions {
  data: string;
  url?: string;
  database?: string;
  site?: string;
  /** A recording whose people are known, instead of what is stored; with its plan. */
  truth?: string;
  plan?: string;
  gateLog?: string;
  /** An earlier report. */
  previous?: string;
  /** Where the report goes. */
  out: string;
  seed: number;
}

/**
 * `hitonami audit`: attacks what is stored as an adversary would, and writes what he would find, in both languages and as
 * data. @returns the exit code: 1 where something is above the plan's limits
 */
export async function audit(
  options: AuditCommandOptions,
  environment: Environment,
  print: (line: string) => void,
): Promise<number> {
  if (options.truth !== undefined && options.gateLog !== undefined) {
    throw new HitonamiError(
      'CONFIG',
      '--gate-log is of no use with --truth: the passages of the gates are taken from the truth itself',
    );
  }
  const previous = options.previous === undefined ? undefined : await readReport(options.previous);
  const input =
    options.truth === undefined
      ? await ofWarehouse(options, environment)
      : await ofTruth(options, options.truth);
  const report = riskReport({ ...input, previous });
  await write(options.out, report);
  for (const { id, value, limit, isOver, isEstimated } of report.findings) {
    const found =
      value === null ? 'nothing to measure' : `${isEstimated ? 'estimated ' : ''}${percent(value)}`;
    print(`${isOver ? 'ABOVE' : 'ok   '} ${id}: ${found}; the plan allows ${percent(limit)}`);
  }
  const over = report.findings.filter(({ isOver }) => isOver);
  const files = `${join(options.out, 'risk-report')}.{ja.md,en.md,json}`;
  print(`the report: ${files}`);
  if (over.length === 0) return 0;
  print(
    `re-identification is easier than the plan allows: ${over.map(({ key }) => key).join(', ')}; the report says what could be changed`,
  );
  return 1;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** What is stored; the read is in the audit log before it is made. */
async function ofWarehouse(
  options: AuditCommandOptions,
  environment: Environment,
): Promise<ReportInput> {
  const nowMs = Date.now();
  const places = await openPlaces(options, environment, nowMs);
  try {
    const plan = planOf(places.plans, options.site);
    const { warehouse } = places;
    const { smallestGroup } = plan.governance;
    const gates = gatesOf(plan);
    const passages =
      options.gateLog === undefined ? undefined : await readGateLog(options.gateLog, gates);
    const { isServer, recordsUrl } = places;
    await noteRead(
      { data: options.data, recordsUrl, isServer },
      {
        action: 'data.audit',
        subject: plan.site,
        detail: `hitonami audit reads all stored positions and flow legs of the site, to measure the risk of re-identification; it keeps figures alone (seed ${options.seed})`,
      },
    );
    const stored = await readPositions(warehouse, plan, POSITIONS_MAX, options.seed);
    const legs = await readLegs(warehouse, plan.site);
    return {
      ...headOf(plan, options.seed, nowMs),
      source: 'warehouse',
      from: iso(stored.fromMs),
      to: iso(stored.toMs),
      positionsThere: stored.there,
      figures: auditRisk(
        { ...dataOf(plan), sightings: stored.sightings, legs, ...(passages && { passages }) },
        { seed: options.seed },
      ),
      groups: {
        smallestGroup,
        cells: await readGroups(warehouse, plan.site, smallestGroup, nowMs),
      },
    };
  } finally {
    await places.close();
  }
}

/** A recording whose people are known: how strong the attack is. */
async function ofTruth(options: AuditCommandOptions, file: string): Promise<ReportInput> {
  if (options.plan === undefined)
    throw new HitonamiError('INPUT', '--truth needs the plan of its site too: name it with --plan');
  const plan = parsePlan(await readText(options.plan));
  const { sightings, person } = await readTruth(file);
  const figures = auditRisk(
    { ...dataOf(plan), sightings, person, legs: [] },
    { seed: options.seed },
  );
  return {
    ...headOf(plan, options.seed, Date.now()),
    ...{ source: 'truth', from: null, to: null, positionsThere: sightings.count, figures },
    groups: { smallestGroup: plan.governance.smallestGroup, cells: [] },
  };
}

function dataOf(plan: SitePlan): Pick<AuditData, 'gates' | 'placesOfGates' | 'legTimeStepS'> {
  return {
    gates: gatesOf(plan),
    placesOfGates: placesOfGates(plan),
    legTimeStepS: plan.governance.legTimeStepS,
  };
}

function headOf(plan: SitePlan, seed: number, nowMs: number) {
  const { positionsHours, flowLegsDays } = plan.retention;
  return {
    ...{ site: plan.site, siteName: plan.name, planVersion: plan.version, seed },
    madeAt: new Date(nowMs).toISOString(),
    kept: { positionsHours, flowLegsDays, legTimeStepS: plan.governance.legTimeStepS },
    limits: plan.governance.riskLimits,
  };
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

async function write(folder: string, report: RiskReport): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    const file = (end: string): string => join(folder, `risk-report.${end}`);
    await writeFile(file('ja.md'), riskReportText(report, 'ja'));
    await writeFile(file('en.md'), riskReportText(report, 'en'));
    await writeFile(file('json'), `${JSON.stringify(report, null, 2)}\n`);
  } catch (cause) {
    throw new HitonamiError(
      'INPUT',
      `the report cannot be written into ${folder}: ${(cause as Error).message}; name another folder with --out`,
      { cause },
    );
  }
}
