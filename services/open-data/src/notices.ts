import type { SitePlan } from '@hitonami/model';
import type { AuditFigures, NoticeInput } from '@hitonami/privacy';
import { TOPIC_NAMES, topicSpecs } from '@hitonami/service';
import type { PlanVersion } from './site-documents.js';

const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;
/** What changed is said for so long after a plan came in force, days. */
const CHANGES_SHOWN_DAYS = 30;

/** A plan with the one that it follows. */
export interface Notice {
  readonly plan: SitePlan;
  /** The plan before, where its changes are to be said. */
  readonly before: SitePlan | undefined;
  readonly inForceFromMs: number;
}

export interface SiteNotices {
  /** What is in force, or will be first. */
  readonly current: Notice;
  /** What is published and not in force yet, the next first. */
  readonly coming: readonly Notice[];
}

/** The notices of a site as the published versions of its plan say; undefined for a site that has none. */
export function noticesOf(
  versions: readonly PlanVersion[],
  nowMs: number,
): SiteNotices | undefined {
  const all = [...versions].sort((a, b) => a.fromMs - b.fromMs || a.plan.version - b.plan.version);
  const inForce = all.filter(({ fromMs }) => fromMs <= nowMs);
  const at = Math.max(inForce.length - 1, 0);
  const current = all[at];
  if (current === undefined) return undefined;
  const isRecent = nowMs - current.fromMs < CHANGES_SHOWN_DAYS * MS_PER_DAY;
  return {
    current: noticeOf(current, isRecent ? all[at - 1] : undefined),
    coming: all.slice(at + 1).map((version, i) => noticeOf(version, all[at + i])),
  };
}

function noticeOf({ plan, fromMs }: PlanVersion, before: PlanVersion | undefined): Notice {
  return { plan, before: before?.plan, inForceFromMs: fromMs };
}

/** What the documents are made from. */
export function inputOf(
  { plan, before }: Notice,
  url: string,
  audit: AuditFigures | undefined,
): NoticeInput {
  return { plan, before, url, audit, logHours: logHours() };
}

/** How long positions stay on the log, hours. */
function logHours(): number {
  const spec = topicSpecs().find(({ name }) => name === TOPIC_NAMES.observations);
  return (spec?.retentionMs ?? Number.POSITIVE_INFINITY) / MS_PER_HOUR;
}
