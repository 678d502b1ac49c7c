import { HitonamiError, type BothLanguages, type DataItem, type SitePlan } from '@hitonami/model';
import {
  mayRead,
  outsideBecause,
  planInForce,
  type Answer,
  type Ask,
  type Refusal,
} from '@hitonami/privacy';
import { NO_ROOM } from '@hitonami/records';
import type { Logger, PlanFollower } from '@hitonami/service';
import type { FastifyRequest } from 'fastify';
import type { SitePurposes } from '../contract/index.js';
import type { Gate } from '../http/gate.js';
import { ProblemError } from '../http/problem.js';
import { ReadNotes } from './read-notes.js';
import { placesIn, versionsOf } from './versions.js';

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

/** Of whoever is neither the operator nor works for it. */
interface Outside {
  readonly isGranted: false;
  readonly reason: 'outside';
  readonly because: BothLanguages;
}

type Refused = Outside | Refusal;

/** A later beginning is tried so often: each version of a plan may name one. */
const LATER_MAX = 50;

/**
 * Where the purpose of every read is asked for, and what is not covered is refused; both are noted. Nobody outside gets through:
 * exact numbers stay with the operator and who works for it.
 */
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
      outside: sentenceOf(this.#outside(request, plan.site)?.because),
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
   * @throws ProblemError 403 `purpose` or `outside` with the reason in both languages
   */
  async require(request: FastifyRequest, purpose: string | undefined, read: Read): Promise<void> {
    const answer =
      purpose === undefined
        ? this.#unnamed(request, read)
        : this.#ask(request, purpose, read, Date.now());
    await this.#note(request, purpose ?? '', read, answer);
    if (!answer.isGranted) throw refused(answer);
  }

  /**
   * Of what was measured, and yet needs no purpose, such as alerts: lets through whoever is inside.
   *
   * @throws ProblemError 403 `outside` with the reason, and what to take instead, in both languages
   */
  async requireInside(request: FastifyRequest, site: string): Promise<void> {
    const outside = this.#outside(request, site);
    if (outside === undefined) return;
    await this.#note(request, '', { site, item: 'measures' }, outside);
    throw refused(outside);
  }

  /** Whether that is so still: for streams. */
  isInside(request: FastifyRequest, site: string): boolean {
    return this.#outside(request, site) === undefined;
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
      const later = answer.reason === 'outside' ? undefined : answer.readableFromMs;
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
  ): Answer | Outside {
    const outside = this.#outside(request, site);
    if (outside !== undefined) return outside;
    const versions = versionsOf(this.#plans, site);
    const ask: Ask = {
      ...{ purpose, item, fromMs, toMs, nowMs, isBaseWindow },
      // Where people are is drawn on the plan of the whole site; counts are of its areas and lines.
      places: places ?? (item === 'measures' ? placesIn(versions, fromMs, toMs) : undefined),
      recipient: this.#recipient(request, planInForce(versions, nowMs)),
    };
    return mayRead(versions, ask);
  }

  #outside({ user }: FastifyRequest, site: string): Outside | undefined {
    const plan = planInForce(versionsOf(this.#plans, site), Date.now());
    const because = outsideBecause(plan, user?.recipient ?? null);
    return because && { isGranted: false, reason: 'outside', because };
  }

  #unnamed(request: FastifyRequest, { site, item }: Read): Refused {
    const outside = this.#outside(request, site);
    if (outside !== undefined) return outside;
    const plan = planInForce(versionsOf(this.#plans, site), Date.now());
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

  async #note(
    request: FastifyRequest,
    purpose: string,
    { site, item }: Pick<Read, 'site' | 'item'>,
    answer: Answer | Outside,
  ): Promise<void> {
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

  #recipient({ user }: FastifyRequest, plan: SitePlan | undefined): string {
    const operator = plan?.governance.recipients.find(({ role }) => role === 'operator');
    return user?.recipient ?? operator?.id ?? '';
  }
}

function refused(answer: Refused): ProblemError {
  const { because, reason } = answer;
  const readableFromMs = answer.reason === 'outside' ? undefined : answer.readableFromMs;
  const code = reason === 'outside' ? 'outside' : 'purpose';
  const problem = new ProblemError(403, code, `${because.en}.`);
  Object.assign(problem.problem, {
    sentence: sentenceOf(because),
    ...(readableFromMs !== undefined && {
      readableFrom: new Date(Math.ceil(readableFromMs)).toISOString(),
    }),
  });
  return problem;
}

export function sentenceOf(because: BothLanguages | undefined): BothLanguages | null {
  return because === undefined ? null : { ja: `${because.ja}。`, en: `${because.en}.` };
}
