import type { EventLog } from '@hitonami/event-log';
import { HitonamiError, readPlan } from '@hitonami/model';
import { publishPlan, type PlanFollower } from '@hitonami/service';
import { PLAN_VERSION_TAKEN, type Plans } from '@hitonami/records';
import type { PlanVersion } from '../contract/index.js';
import { ProblemError } from '../http/problem.js';

export interface PlanSaving {
  site: string;
  plan: Record<string, unknown>;
  note: string;
  /** The version that was edited. */
  basedOn: number;
  user: string;
}

/** The versions of the site plans: from the event log, where every service learns them; who saved them is in the records. */
export class PlanBook {
  readonly #log: EventLog;
  readonly #plans: PlanFollower;
  readonly #saved: Plans;
  /** One at a time: two of this console would both find the same version free. */
  #saving: Promise<unknown> = Promise.resolve();

  constructor(log: EventLog, plans: PlanFollower, saved: Plans) {
    this.#log = log;
    this.#plans = plans;
    this.#saved = saved;
  }

  /** The newest first. */
  async history(site: string): Promise<PlanVersion[]> {
    const saved = new Map((await this.#saved.list(site)).map((entry) => [entry.version, entry]));
    return this.#plans
      .versions(site)
      .map(({ plan, inForceFromUs }) => {
        const entry = saved.get(plan.version);
        return {
          version: plan.version,
          inForceFrom: inForceFromUs > 0 ? new Date(inForceFromUs / 1000).toISOString() : null,
          savedBy: entry?.savedBy ?? null,
          savedAt: entry?.savedAt.toISOString() ?? null,
          note: entry?.note ?? '',
        };
      })
      .reverse();
  }

  /**
   * Publishes the plan as the next version, in force with the first window that begins half a minute from now, unless it
   * says later.
   *
   * @returns the version it was given
   * @throws ProblemError 409 where another version was saved meanwhile, 400 with every issue of a plan that is not valid
   */
  save(saving: PlanSaving): Promise<number> {
    const work = this.#saving.then(() => this.#save(saving));
    this.#saving = work.catch(() => undefined);
    return work;
  }

  async #save({ site, plan: edited, note, basedOn, user }: PlanSaving): Promise<number> {
    await this.#plans.refresh();
    const newest = this.#plans.versions(site).at(-1)?.plan.version ?? 0;
    if (basedOn !== newest) throw raced(site, newest);
    const { inForceFrom: stated, ...rest } = edited;
    const version = newest + 1;
    // When the version that was edited came in force says nothing about this one.
    const isAhead = typeof stated === 'string' && Date.parse(stated) > Date.now();
    const text = JSON.stringify({ ...rest, ...(isAhead && { inForceFrom: stated }), version });
    const { issues } = readPlan(text);
    if (issues.length > 0) throw new ProblemError(400, 'invalid', 'The plan is not valid.', issues);
    await this.#claim({ site, version, savedBy: user, note, document: text });
    try {
      await publishPlan(this.#log, text, Date.now() * 1000);
    } catch (error) {
      await this.#saved.withdraw(site, version);
      throw refused(error, site, version);
    }
    await this.#plans.refresh();
    return version;
  }

  /** The records give each version to one alone, also of several consoles. */
  async #claim(saved: Parameters<Plans['save']>[0]): Promise<void> {
    try {
      await this.#saved.save(saved);
    } catch (error) {
      if (error instanceof HitonamiError && error.detail === PLAN_VERSION_TAKEN)
        throw raced(saved.site, saved.version);
      throw error;
    }
  }
}

function refused(error: unknown, site: string, version: number): unknown {
  if (!(error instanceof HitonamiError) || error.code !== 'PLAN') return error;
  if (error.message.startsWith('version')) return raced(site, version);
  const mend = error.message.startsWith('governance')
    ? 'put the notice up first, and give the later instant'
    : 'give a later instant';
  const issue = { key: 'inForceFrom', problem: error.message, mend };
  return new ProblemError(400, 'invalid', error.message, [issue]);
}

function raced(site: string, newest: number): ProblemError {
  return new ProblemError(
    409,
    'conflict',
    `Version ${newest} of '${site}' was saved meanwhile: load it, and make the change there again.`,
  );
}
