import {
  HitonamiError,
  type BothLanguages,
  type MeasuredCell,
  type PlanDataset,
  type ReleasedCell,
  type ReleaseManifest,
  type SitePlan,
} from '@hitonami/model';
import {
  plansWithin,
  noisyCells,
  type Observation,
  type PlanVersionInForce,
  type RandomBytes,
} from '@hitonami/privacy';
import type { Records } from '@hitonami/records';
import type { PublicFolder, ReleaseDraft, ReleaseWriter } from '@hitonami/releases';
import type { Logger } from '@hitonami/service';
import type { ReleaseReads } from '@hitonami/warehouse';
import { outsideOf } from '../disclosure/outside.js';
import { plainRules } from '../disclosure/rules.js';
import type { Protect } from '../disclosure/thread.js';
import { areaCells } from '../measured/areas.js';
import { noiseInput } from '../measured/contributions.js';
import { lineCells } from '../measured/lines.js';
import { wayCells } from '../measured/ways.js';
import { KnownReader, relatedReleases } from './known.js';
import type { LocalDay, ReleasePeriod } from './periods.js';
import { noiseRules, protectionOf } from './protection.js';

export interface ReleaseParts {
  readonly folder: PublicFolder;
  readonly reads: ReleaseReads;
  readonly records: Pick<Records, 'audit' | 'ledger'>;
  readonly protect: Protect;
  readonly random: RandomBytes;
  readonly logger: Logger;
  /** What travellers were told of a day: it stays known. */
  readonly toldTravellers: (
    site: string,
    day: LocalDay,
    cells: readonly MeasuredCell[],
  ) => Promise<readonly Observation[]>;
}

export interface ReleaseTask {
  readonly plan: SitePlan;
  readonly versions: readonly PlanVersionInForce[];
  readonly dataset: PlanDataset;
  readonly period: ReleasePeriod;
  /** Local days of which something was measured. */
  readonly measuredDays: ReadonlySet<string>;
  /** Everything that was ever told. */
  readonly releases: readonly ReleaseManifest[];
  readonly correction?: BothLanguages | undefined;
  /** Who asked for it; null: the publisher by itself. */
  readonly user: string | null;
  readonly signal: AbortSignal;
  /** Called after each day. */
  readonly onDay?: () => void;
}

const NOISE_KEPT = 'noise';
/** Cells that are given to the writer at once. */
const CELLS_AT_ONCE = 5_000;

/**
 * Computes one release, day by day, and makes it visible. What fails leaves nothing visible; the next run begins anew, but for
 * noise, which is drawn once.
 *
 * @throws HitonamiError of whatever failed; `STOPPED` where the signal ended it
 */
export async function releasePeriod(
  parts: ReleaseParts,
  task: ReleaseTask,
): Promise<ReleaseManifest> {
  const { dataset, period, plan, correction, user } = task;
  const writer = await parts.folder.begin(draftOf(parts, task));
  try {
    const days =
      dataset.noise === undefined
        ? protectedDays(parts, task)
        : noisyDays(parts, task, dataset.noise, writer);
    let cells = 0;
    for await (const day of days) {
      for (let i = 0; i < day.length; i += CELLS_AT_ONCE)
        await writer.write(day.slice(i, i + CELLS_AT_ONCE));
      cells += day.length;
      task.onDay?.();
      if (task.signal.aborted)
        throw new HitonamiError('STOPPED', 'the publisher was asked to stop', { canRetry: true });
    }
    // Before anybody can see it: there is no release without an entry.
    await parts.records.audit.append({
      ...{ user, action: 'release.publish', address: user === null ? '' : 'this machine' },
      subject: `${plan.site}/${dataset.id}/${period.name}`,
      detail: `version ${writer.version}, ${cells} cells, for ${dataset.audience === 'open' ? 'everybody' : 'buyers'}; purpose ${dataset.purpose}${correction === undefined ? '' : `; a correction: ${correction.en}`}`,
    });
    return await writer.finish({ isCountOfProtectedTold: dataset.noise === undefined });
  } catch (error) {
    await writer.leave().catch((fault: unknown) => {
      parts.logger.warn({ err: fault }, 'a release that stopped could not be put away');
    });
    throw error;
  }
}

function draftOf(
  { random }: ReleaseParts,
  { plan, dataset, period, versions, correction }: ReleaseTask,
): ReleaseDraft {
  return {
    ...{ site: plan.site, siteName: plan.name, publisher: plan.operator.name, plan, dataset },
    ...{ contact: plan.operator.contact, timeZone: plan.timeZone, period: period.name },
    ...{ fromMs: period.fromMs, toMs: period.toMs },
    ...(correction !== undefined && { correction }),
    planVersions: plansWithin(versions, period).map(({ version }) => version),
    protection: protectionOf(plan, dataset, random),
  };
}

/** Each day under disclosure control, beside everything that is known of it. */
async function* protectedDays(
  { folder, reads, protect, toldTravellers, logger }: ReleaseParts,
  { plan, versions, dataset, period, releases, measuredDays }: ReleaseTask,
): AsyncGenerator<ReleasedCell[]> {
  const rules = {
    ...plainRules(plan, dataset),
    outside: outsideOf(versions, plan, dataset, period),
  };
  const related = relatedReleases(releases, plan.site, dataset, period);
  const about = { dataset: dataset.id, period: period.name };
  const known = new KnownReader(folder, related, about, (manifest) =>
    outsideOf(versions, plan, manifest.dataset, manifest),
  );
  try {
    for (const day of period.days) {
      // Of a day without a row the warehouse has nothing to say.
      const source = measuredDays.has(day.name) ? reads : NOTHING_MEASURED;
      const measured = await measuredCells(source, plan, dataset, day);
      const observations =
        dataset.subject === 'areas' ? await toldTravellers(plan.site, day, measured) : [];
      const block = await protect(measured, rules, { releases: await known.of(day), observations });
      if (block.exposed.length > 0)
        logger.error(
          { site: plan.site, dataset: dataset.id, day: day.name, cells: block.exposed.length },
          'what was released before gives away cells that are withheld now: have somebody look at it',
        );
      yield dataset.subject === 'areas' || dataset.subject === 'lines'
        ? block.cells
        : withoutWithheld(block.cells);
    }
  } finally {
    await known.close();
  }
}

type CellReads = Parameters<typeof areaCells>[0] &
  Parameters<typeof lineCells>[0] &
  Parameters<typeof wayCells>[0];

const none = () => Promise.resolve([]);
const NOTHING_MEASURED: CellReads = {
  ...{ areaSteps: none, lineSteps: none, lineTracks: none },
  ...{ movementSteps: none, sequenceSteps: none },
};

function measuredCells(
  reads: CellReads,
  plan: SitePlan,
  dataset: PlanDataset,
  day: LocalDay,
): Promise<MeasuredCell[]> {
  if (dataset.subject === 'areas') return areaCells(reads, plan, dataset, day);
  if (dataset.subject === 'lines') return lineCells(reads, plan, dataset, day);
  return wayCells(reads, plan, dataset, day);
}

/** Ways of which nothing is told are left out as if nobody had gone them. */
function withoutWithheld(cells: readonly ReleasedCell[]): ReleasedCell[] {
  const told = new Set(
    cells.filter(({ absent }) => absent === undefined).map(({ key }) => key.places.join('\n')),
  );
  return cells.filter(({ key }) => told.has(key.places.join('\n')));
}

/** Each day with noise: debited before it is drawn, drawn once and kept before anything is written. */
async function* noisyDays(
  { reads, records, random }: ReleaseParts,
  { plan, dataset, period }: ReleaseTask,
  noise: NonNullable<PlanDataset['noise']>,
  writer: ReleaseWriter,
): AsyncGenerator<ReleasedCell[]> {
  for (const day of period.days) {
    const name = `${NOISE_KEPT}-${day.name}`;
    const kept = await writer.kept(name);
    if (kept !== undefined) {
      yield JSON.parse(Buffer.from(kept).toString('utf8')) as ReleasedCell[];
      continue;
    }
    // Read first: what the warehouse does not give must not cost anything.
    const { planned, contributions } = await noiseInput(reads, plan, dataset, day);
    await records.ledger.debit({
      ...{ site: plan.site, day: day.name, dataset: dataset.id, period: period.name },
      ...{ version: writer.version, epsilon: noise.epsilon },
      budget: plan.governance.epsilonPerDay,
    });
    const { cells } = noisyCells(contributions, planned, noiseRules(plan, dataset, noise), random);
    await writer.keep(name, Buffer.from(JSON.stringify(cells)));
    yield cells;
  }
}
