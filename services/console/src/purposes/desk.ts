import { HitonamiError, type BothLanguages, type DataItem, type SitePlan } from '@hitonami/model';
import { mayRead, type Answer, type Ask, type PlanVersionInForce } from '@hitonami/privacy';
import { NO_ROOM } from '@hitonami/records';
import type { Logger, PlanFollower } from '@hitonami/service';
import type { FastifyRequest } from 'fastify';
import type { SitePurposes } from '../contract/index.js';
import type { Gate } from '../http/gate.js';
import { ProblemError } from '../http/problem.js';
import { ReadNotes } from './read-notes.js';

/** What a route gives, and of when. */
export interface Read {
  readonly site: string;
  readonly item: DataItem;
  /** Left out: every area and line that the site had in that time. */
  readonly places?: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly isBaseWindow?: boolean;
}

/** A later beginning is tried so often: each version of a plan may name one. */
const LATER_MAX = 50;

/** Where the purpose of every read is asked for, and what is not covered is refused; both are noted. */
export class PurposeDesk {
  readonly #plans: PlanFollower;
  readonly #gate: Gate;
  readonly #logger: Logger;
  readonly #notes = new ReadNotes();

  constructor(parts: { plans: PlanFollower; gate: Gate; logger: Logger }) {
    this.#plans = parts.plans;
    this.#gate = parts.gate;
    this.#logger = parts.logger;
  }

  /** What whoever asks may name, of the plan that is in force. */
  of(request: FastifyRequest, plan: SitePlan): SitePurposes {
    const recipient = this.#recipient(request, plan);
    const nowMs = Date.now();
    const known = plan.governance.recipients.find(({ id }) => id === recipient);
    return {
      recipient: { id: recipient, name: known?.name ?? null },
      purposes: plan.governance.purposes
        .filter(({ recipients }) => recipients.includes(recipient))
        .map(({ id, name, description, items, places }) => ({
          ...{ id, name, description, items, places: places ?? null },
          readableFrom: Object.fromEntries(
            items.flatMap((item) => {
              const fromMs = this.#earliest(
                request,
                id,
                {
                  ...(places && { places }),
                  site: plan.site,
                  item,
                  fromMs: item === 'live' ? nowMs : 0,
                  toMs: nowMs + 1,
                },
                nowMs,
              );
              return fromMs === undefined
                ? []
                : [[item, new Date(Math.ceil(fromMs)).toISOString()]];
            }),
          ),
        })),
    };
  }

  /**
   * Lets a read through whose purpose covers it.
   *
   * @throws ProblemError 403 `purpose` with the reason in both languages
   */
  async require(request: FastifyRequest, purpose: string | undefined, read: Read): Promise<void> {
    const answer =
      purpose === undefined
        ? this.#unnamed(request, read)
        : this.#ask(request, purpose, read, Date.now());
    await this.#note(request, purpose ?? '', read, answer);
    if (!answer.isGranted) throw refused(answer.because, answer.readableFromMs);
  }

  /**
   * Like `require`, for what may as well begin later: what is usual on a Monday is known from fewer Mondays too.
   *
   * @returns from when on the purpose covers it, ms
   */
  async requireFrom(
    request: FastifyRequest,
    purpose: string | undefined,
    read: Read,
  ): Promise<number> {
    const fromMs =
      purpose === undefined ? undefined : this.#earliest(request, purpose, read, Date.now());
    const asked = { ...read, fromMs: fromMs ?? read.fromMs };
    await this.require(request, purpose, asked);
    return asked.fromMs;
  }

  /** From when on, within what is asked for, everything is covered; undefined where nothing is. */
  #earliest(
    request: FastifyRequest,
    purpose: string,
    read: Read,
    nowMs: number,
  ): number | undefined {
    let { fromMs } = read;
    for (let i = 0; i < LATER_MAX; i += 1) {
      const answer = this.#ask(request, purpose, { ...read, fromMs }, nowMs);
      if (answer.isGranted) return fromMs;
      const later = answer.readableFromMs;
      if (later === undefined || later >= read.toMs || later <= fromMs) return undefined;
      fromMs = later;
    }
    return undefined;
  }

  /** Whether what was granted still is: for streams, which outlive their request. */
  isCovered(request: FastifyRequest, purpose: string, site: string, item: DataItem): boolean {
    const nowMs = Date.now();
    return this.#ask(request, purpose, { site, item, fromMs: nowMs, toMs: nowMs + 1 }, nowMs)
      .isGranted;
  }

  #ask(
    request: FastifyRequest,
    purpose: string,
    { site, item, fromMs, toMs, isBaseWindow, places }: Read,
    nowMs: number,
  ): Answer {
    const versions = this.#versions(site);
    const ask: Ask = {
      ...{ purpose, item, fromMs, toMs, nowMs, isBaseWindow },
      // Where people are is drawn on the plan of the whole site; counts are of its areas and lines.
      places: places ?? (item === 'measures' ? placesIn(versions, fromMs, toMs) : undefined),
      recipient: this.#recipient(request, inForce(versions, nowMs)),
    };
    return mayRead(versions, ask);
  }

  #unnamed(request: FastifyRequest, { site, item }: Read): Extract<Answer, { isGranted: false }> {
    const plan = inForce(this.#versions(site), Date.now());
    const recipient = this.#recipient(request, plan);
    const ids = (plan?.governance.purposes ?? [])
      .filter(({ items, recipients }) => items.includes(item) && recipients.includes(recipient))
      .map(({ id }) => id);
    const none = ids.length === 0;
    const because: BothLanguages = {
      en: none
        ? `a read names its purpose, and no purpose of the plan gives this to '${recipient}'`
        : `a read names its purpose: add purpose=${ids.join(' or purpose=')}`,
      ja: none
        ? `閲覧には目的が必要ですが、計画の目的のうち「${recipient}」に提供するものはありません`
        : `閲覧には目的が必要です。purpose=${ids.join(' または purpose=')} を付けてください`,
    };
    return { isGranted: false, reason: 'purpose', because };
  }

  async #note(request: FastifyRequest, purpose: string, read: Read, answer: Answer): Promise<void> {
    const { site, item } = read;
    const session = this.#gate.sessionId(request);
    const verb = answer.isGranted ? 'read' : 'refuse';
    const key = [session, site, purpose, item, verb].join(' ');
    if (!this.#notes.isDue(key, item)) return;
    const detail = answer.isGranted
      ? `purpose ${purpose}`
      : `purpose ${purpose === '' ? 'none' : purpose}: ${answer.because.en}`;
    try {
      await this.#gate.audit(request, `${item}.${verb}`, site, detail);
    } catch (error) {
      this.#notes.forget(key);
      // A full disk must not blind those who keep people safe: the process's log has the read then.
      if (!(error instanceof HitonamiError) || error.detail !== NO_ROOM) throw error;
      const user = this.#gate.userName(request);
      this.#logger.warn({ site, item, purpose, user, verb }, 'a read is not in the audit log');
    }
  }

  #versions(site: string): PlanVersionInForce[] {
    return this.#plans
      .versions(site)
      .map(({ plan, inForceFromUs }) => ({ plan, fromMs: inForceFromUs / 1000 }));
  }

  #recipient({ user }: FastifyRequest, plan: SitePlan | undefined): string {
    const operator = plan?.governance.recipients.find(({ role }) => role === 'operator');
    return user?.recipient ?? operator?.id ?? '';
  }
}

export function refused(because: BothLanguages, readableFromMs?: number): ProblemError {
  const problem = new ProblemError(403, 'purpose', `${because.en}.`);
  Object.assign(problem.problem, {
    sentence: { ja: `${because.ja}。`, en: `${because.en}.` },
    ...(readableFromMs !== undefined && {
      readableFrom: new Date(Math.ceil(readableFromMs)).toISOString(),
    }),
  });
  return problem;
}

function inForce(versions: readonly PlanVersionInForce[], nowMs: number): SitePlan | undefined {
  const ordered = versions.toSorted((a, b) => a.fromMs - b.fromMs);
  return (ordered.findLast(({ fromMs }) => fromMs <= nowMs) ?? ordered[0])?.plan;
}

/** Every area and line that the site had in that time. */
function placesIn(versions: readonly PlanVersionInForce[], fromMs: number, toMs: number): string[] {
  const ordered = versions.toSorted((a, b) => a.fromMs - b.fromMs);
  const then = ordered.filter(
    (version, i) => version.fromMs < toMs && (ordered[i + 1]?.fromMs ?? Infinity) > fromMs,
  );
  return [
    ...new Set(then.flatMap(({ plan }) => [...plan.areas, ...plan.lines].map(({ id }) => id))),
  ];
}
