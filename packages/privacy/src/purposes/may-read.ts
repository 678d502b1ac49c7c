import {
  localDay,
  purposeStartMs,
  type BothLanguages,
  type DataItem,
  type PlanPurpose,
  type PlanRetention,
  type SitePlan,
} from '@hitonami/model';
import { stretchesOf, type PlanVersionInForce } from './versions.js';
import { both, ITEM_WORDS, KEPT } from './words.js';

/** What somebody wants to read of what was captured in `[fromMs, toMs)`. */
export interface Ask {
  /** Id of a purpose of the plan. */
  readonly purpose: string;
  readonly item: DataItem;
  /** The areas and lines that it is about; left out: the whole site. */
  readonly places?: readonly string[] | undefined;
  /** Id of the recipient that the reader acts for. */
  readonly recipient: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly nowMs: number;
  /** Of `measures`: rows of the base window, which are kept for days and not for years. */
  readonly isBaseWindow?: boolean | undefined;
}

export type RefusalReason =
  'time' | 'purpose' | 'item' | 'places' | 'recipient' | 'not-begun' | 'too-old';

export interface Refusal {
  readonly isGranted: false;
  readonly reason: RefusalReason;
  /** Why, and what to do. */
  readonly because: BothLanguages;
  /** From when on the same could be read, where a later beginning is all that is missing. */
  readonly readableFromMs?: number | undefined;
}

export type Answer = { readonly isGranted: true; readonly purpose: PlanPurpose } | Refusal;

/**
 * A read may begin this much before what its purpose keeps, ms: who asks for "the last seven days" is not refused for the
 * moment that asking takes.
 */
export const ASKING_MS_MAX = 5 * 60_000;

/**
 * Whether a purpose covers a read: it is in the plan that is in force now and in every one that was in force while the data
 * was captured; there it covers the item, the places and the recipient; it had begun by then; and nothing is older than it
 * keeps it. A purpose that was added later is none for what had been collected before.
 *
 * Data that was captured before any plan was in force does not exist, and is no reason to refuse.
 */
export function mayRead(versions: readonly PlanVersionInForce[], ask: Ask): Answer {
  if (!(ask.fromMs < ask.toMs))
    return refuse(
      'time',
      'the time asked for ends before it begins',
      '期間の終わりが始まりより前です',
    );
  const stretches = stretchesOf(versions);
  // A plan that will be the first is not in force, and yet the only one that says anything.
  const now = stretches.findLast(({ fromMs }) => fromMs <= ask.nowMs) ?? stretches[0];
  const current = now?.plan.governance.purposes.find(({ id }) => id === ask.purpose);
  if (now === undefined || current === undefined) return unknown(now?.plan, ask);
  const refused = coverRefusal(now.plan, current, ask) ?? ageRefusal(now.plan, current, ask);
  if (refused !== undefined) return refused;
  const then = stretches.filter(({ fromMs, toMs }) => fromMs < ask.toMs && toMs > ask.fromMs);
  // The newest first: what it says about a later beginning is then about all of them.
  for (const { plan, fromMs, toMs } of then.reverse()) {
    const purpose = plan.governance.purposes.find(({ id }) => id === ask.purpose);
    const covers = purpose !== undefined && coverRefusal(plan, purpose, ask) === undefined;
    if (!covers || !isSaidAlike(purpose, current)) return laterThan(plan, toMs, ask);
    const startMs = purposeStartMs(plan, purpose);
    if (Math.max(fromMs, ask.fromMs) < startMs) return notBegun(plan, purpose, startMs);
  }
  return { isGranted: true, purpose: current };
}

/** Under the same id, what is described otherwise is another purpose. */
export function isSaidAlike(a: PlanPurpose, b: PlanPurpose): boolean {
  const said = ({ name, description }: PlanPurpose): string => JSON.stringify([name, description]);
  return said(a) === said(b);
}

/** The item, the recipient and the places; undefined where the purpose covers them. */
function coverRefusal(plan: SitePlan, purpose: PlanPurpose, ask: Ask): Refusal | undefined {
  const { item, recipient, places } = ask;
  const { en, ja } = ITEM_WORDS[item];
  if (!purpose.items.includes(item)) {
    const others = purposesWith(plan, item);
    return refuse(
      'item',
      `the purpose '${purpose.id}' does not use ${en}; ${others.en}`,
      `目的「${purpose.name.ja}」は${ja}を使いません。${others.ja}`,
    );
  }
  if (!purpose.recipients.includes(recipient)) {
    const known = plan.governance.recipients.find(({ id }) => id === recipient);
    return refuse(
      'recipient',
      `the purpose '${purpose.id}' gives nothing to '${recipient}'; name a purpose that does, or have the notice changed first`,
      `目的「${purpose.name.ja}」の提供先に「${known?.name.ja ?? recipient}」は含まれません。含まれる目的を選ぶか、先に告知を改めてください`,
    );
  }
  const { places: covered } = purpose;
  const outside = covered && (places ?? []).filter((place) => !covered.includes(place));
  if (covered === undefined || (places !== undefined && outside?.length === 0)) return undefined;
  const what = outside?.slice(0, 5).join(', ') ?? '';
  return refuse(
    'places',
    `the purpose '${purpose.id}' is about ${covered.slice(0, 5).join(', ')} alone, and not about ${what === '' ? 'the whole site' : what}; ask for those`,
    `目的「${purpose.name.ja}」の対象は ${covered.slice(0, 5).join('、')} だけで、${what === '' ? '施設全体' : what}は含まれません。対象の場所を指定してください`,
  );
}

/** By which limit of its retention a purpose keeps what is asked for; undefined for what is not kept. */
function keptBy({ item, isBaseWindow }: Ask): keyof PlanRetention | undefined {
  if (item === 'live') return undefined;
  if (item === 'positions') return 'positionsHours';
  if (item === 'flow-legs') return 'flowLegsDays';
  return isBaseWindow === true ? 'measuresDays' : 'rollupDays';
}

function ageRefusal(plan: SitePlan, purpose: PlanPurpose, ask: Ask): Refusal | undefined {
  const limit = keptBy(ask);
  if (limit === undefined) return undefined;
  const kept = KEPT[limit];
  const most = purpose.retention[limit] ?? 0;
  const oldestMs = ask.nowMs - most * kept.unitMs;
  if (ask.fromMs >= oldestMs - ASKING_MS_MAX) return undefined;
  return refuse(
    'too-old',
    `the purpose '${purpose.id}' keeps ${kept.words.en} for ${most} ${kept.unit.en}, and this is older; ask from ${instant(plan, oldestMs)} on`,
    `目的「${purpose.name.ja}」が${kept.words.ja}を保つのは${most}${kept.unit.ja}までで、求められた期間はそれより前です。${instant(plan, oldestMs)} 以降を指定してください`,
    oldestMs,
  );
}

function notBegun(plan: SitePlan, purpose: PlanPurpose, startMs: number): Refusal {
  const day = localDay(startMs, plan.timeZone);
  return refuse(
    'not-begun',
    `the purpose '${purpose.id}' begins on ${day}, when its notice has stood for ${plan.governance.noticeDays} days; what was captured before is not for it, so ask from that day on`,
    `目的「${purpose.name.ja}」は、告知から${plan.governance.noticeDays}日が過ぎる${day}に始まります。それより前に得たデータには使えないので、この日以降を指定してください`,
    startMs,
  );
}

/** Of an earlier version that did not have the purpose, or not so wide. */
function laterThan(plan: SitePlan, toMs: number, ask: Ask): Refusal {
  return refuse(
    'not-begun',
    `when this was captured version ${plan.version} of the plan was in force, in which '${ask.purpose}' did not cover it; a purpose is not added to what is collected already, so ask from ${instant(plan, toMs)} on`,
    `このデータは計画の第${plan.version}版のもとで得たもので、当時の目的「${ask.purpose}」には含まれません。集めたデータに後から目的を加えることはできないので、${instant(plan, toMs)} 以降を指定してください`,
    toMs,
  );
}

function unknown(plan: SitePlan | undefined, ask: Ask): Refusal {
  const others = plan && purposesWith(plan, ask.item);
  return refuse(
    'purpose',
    `'${ask.purpose}' is no purpose of the plan in force; ${others?.en ?? 'there is no plan'}`,
    `「${ask.purpose}」は、いま有効な計画の目的ではありません。${others?.ja ?? '計画がありません'}`,
  );
}

function purposesWith({ governance }: SitePlan, item: DataItem): BothLanguages {
  const ids = governance.purposes.filter(({ items }) => items.includes(item)).map(({ id }) => id);
  const { en, ja } = ITEM_WORDS[item];
  if (ids.length === 0) return both(`no purpose uses ${en}`, `${ja}を使う目的はありません`);
  return both(
    `for ${en} name ${ids.join(' or ')}`,
    `${ja}には ${ids.join(' または ')} を指定してください`,
  );
}

/** Local time of the site to the minute, rounded up, so that what it names is granted. */
function instant(plan: SitePlan, ms: number): string {
  const minute = Math.ceil(ms / 60_000) * 60_000;
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone: plan.timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(minute);
}

function refuse(reason: RefusalReason, en: string, ja: string, readableFromMs?: number): Refusal {
  return {
    isGranted: false,
    reason,
    because: both(en, ja),
    ...(readableFromMs !== undefined && { readableFromMs }),
  };
}
