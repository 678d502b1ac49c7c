import {
  DATA_ITEMS,
  type BothLanguages,
  type DataItem,
  type PlanPurpose,
  type PlanRetention,
  type SitePlan,
} from '@hitonami/model';
import { isSaidAlike } from './may-read.js';
import { both, ITEM_WORDS, KEPT, listed } from './words.js';

/** One thing that is otherwise in a later version of a plan, about one of its purposes. */
export interface PurposeChange {
  readonly purpose: string;
  readonly what:
    | 'purpose'
    | 'words'
    | 'items'
    | 'places'
    | 'recipients'
    | 'retention'
    | 'detail'
    | 'cameras'
    | 'notice';
  /** What is widened or changed needs a new notice; what is narrowed does not. */
  readonly effect: 'widened' | 'changed' | 'narrowed';
  readonly words: BothLanguages;
}

/** What keeps which item, of the plan's and of a purpose's retention. */
const LIMITS_OF: Readonly<Record<DataItem, readonly (keyof PlanRetention)[]>> = {
  live: [],
  positions: ['positionsHours'],
  'flow-legs': ['flowLegsDays'],
  measures: ['measuresDays', 'rollupDays'],
};

type Kept = { readonly [Limit in keyof PlanRetention]?: number | undefined };

/** What is otherwise about a purpose that both versions have. */
export function changesOfPurpose(
  before: SitePlan,
  was: PlanPurpose,
  after: SitePlan,
  is: PlanPurpose,
): PurposeChange[] {
  return [
    ...wordChanges(was, is),
    ...itemChanges(was, is),
    ...placeChanges(was, is),
    ...recipientChanges(before, was, after, is),
    ...retentionChanges(was.id, is, was.retention, is.retention, false),
    ...retentionChanges(was.id, is, before.retention, after.retention, true),
    ...detailChanges(before, after, is),
    ...cameraChanges(before, after, is),
    ...noticeChanges(was, is),
  ];
}

function wordChanges(was: PlanPurpose, is: PlanPurpose): PurposeChange[] {
  if (isSaidAlike(was, is)) return [];
  return [
    change(
      is.id,
      'words',
      'changed',
      `what '${is.name.en}' is for is said otherwise`,
      `目的「${is.name.ja}」の説明を改めました`,
    ),
  ];
}

function itemChanges(was: PlanPurpose, is: PlanPurpose): PurposeChange[] {
  return DATA_ITEMS.flatMap((item) => {
    const [had, has] = [was.items.includes(item), is.items.includes(item)];
    if (had === has) return [];
    const { en, ja } = ITEM_WORDS[item];
    return has
      ? [
          change(
            is.id,
            'items',
            'widened',
            `'${is.name.en}' uses ${en}`,
            `「${is.name.ja}」は${ja}も使います`,
          ),
        ]
      : [
          change(
            is.id,
            'items',
            'narrowed',
            `'${is.name.en}' uses ${en} no more`,
            `「${is.name.ja}」は${ja}を使わなくなりました`,
          ),
        ];
  });
}

function placeChanges(was: PlanPurpose, is: PlanPurpose): PurposeChange[] {
  if (was.places === undefined && is.places === undefined) return [];
  const more = missing(is.places, was.places);
  const fewer = missing(was.places, is.places);
  const all = both('the whole site', '施設全体');
  return [
    ...lists(more, all, (en, ja) =>
      change(
        is.id,
        'places',
        'widened',
        `'${is.name.en}' is about ${en} too`,
        `「${is.name.ja}」の対象に${ja}を加えました`,
      ),
    ),
    ...lists(fewer, all, (en, ja) =>
      change(
        is.id,
        'places',
        'narrowed',
        `'${is.name.en}' is no more about ${en}`,
        `「${is.name.ja}」の対象から${ja}を外しました`,
      ),
    ),
  ];
}

/** Those of the first that the second lacks; `all` where the first is about everything and the second is not. */
function missing(
  first: readonly string[] | undefined,
  second: readonly string[] | undefined,
): readonly string[] | 'all' {
  if (second === undefined) return [];
  return first === undefined ? 'all' : first.filter((id) => !second.includes(id));
}

function lists(
  ids: readonly string[] | 'all',
  all: BothLanguages,
  say: (en: string, ja: string) => PurposeChange,
): PurposeChange[] {
  if (ids.length === 0) return [];
  const { en, ja } = ids === 'all' ? all : listed(ids);
  return [say(en, ja)];
}

/** A recipient under the same id that is another body, or has another part in it, is another recipient. */
function recipientChanges(
  before: SitePlan,
  was: PlanPurpose,
  after: SitePlan,
  is: PlanPurpose,
): PurposeChange[] {
  const nameIn = (plan: SitePlan, id: string) =>
    plan.governance.recipients.find((recipient) => recipient.id === id);
  const same = (id: string): boolean => {
    const [a, b] = [nameIn(before, id), nameIn(after, id)];
    return JSON.stringify([a?.name, a?.role]) === JSON.stringify([b?.name, b?.role]);
  };
  const more = is.recipients.filter((id) => !was.recipients.includes(id));
  const other = is.recipients.filter((id) => was.recipients.includes(id) && !same(id));
  const fewer = was.recipients.filter((id) => !is.recipients.includes(id));
  const names = (plan: SitePlan, ids: readonly string[], language: 'en' | 'ja'): string =>
    ids.map((id) => nameIn(plan, id)?.name[language] ?? id).join(language === 'en' ? ', ' : '、');
  const say = (
    ids: readonly string[],
    plan: SitePlan,
    effect: PurposeChange['effect'],
    en: (who: string) => string,
    ja: (who: string) => string,
  ): PurposeChange[] =>
    ids.length === 0
      ? []
      : [
          change(
            is.id,
            'recipients',
            effect,
            en(names(plan, ids, 'en')),
            ja(names(plan, ids, 'ja')),
          ),
        ];
  return [
    ...say(
      more,
      after,
      'widened',
      (who) => `'${is.name.en}' gives data to ${who}`,
      (who) => `「${is.name.ja}」の提供先に${who}を加えました`,
    ),
    ...say(
      other,
      after,
      'changed',
      (who) => `a recipient of '${is.name.en}' is now ${who}`,
      (who) => `「${is.name.ja}」の提供先が${who}に変わりました`,
    ),
    ...say(
      fewer,
      before,
      'narrowed',
      (who) => `'${is.name.en}' gives no more data to ${who}`,
      (who) => `「${is.name.ja}」の提供先から${who}を外しました`,
    ),
  ];
}

/** A purpose's own retention, or the plan's for the purposes that use what it keeps. */
function retentionChanges(
  id: string,
  { name, items }: PlanPurpose,
  was: Kept,
  is: Kept,
  isPlans: boolean,
): PurposeChange[] {
  const limits = new Set(items.flatMap((item) => LIMITS_OF[item]));
  return [...limits].flatMap((limit) => {
    const [from, to] = [was[limit] ?? 0, is[limit] ?? 0];
    if (from === to) return [];
    const { words, unit } = KEPT[limit];
    const [en, ja] = isPlans ? ['the site keeps', '施設で'] : ['keeps', ''];
    return [
      change(
        id,
        'retention',
        to > from ? 'widened' : 'narrowed',
        `for '${name.en}' ${en} ${words.en} for ${to} ${unit.en} instead of ${from}`,
        `「${name.ja}」のため、${ja}${words.ja}を${from}${unit.ja}ではなく${to}${unit.ja}保ちます`,
      ),
    ];
  });
}

/** How fine the kept data is: smaller steps and smaller groups tell more of each person. */
function detailChanges(before: SitePlan, after: SitePlan, is: PlanPurpose): PurposeChange[] {
  const [was, now] = [before.governance, after.governance];
  const found: PurposeChange[] = [];
  const effect = (a: number, b: number): PurposeChange['effect'] =>
    b < a ? 'widened' : 'narrowed';
  if (is.items.includes('flow-legs') && was.legTimeStepS !== now.legTimeStepS)
    found.push(
      change(
        is.id,
        'detail',
        effect(was.legTimeStepS, now.legTimeStepS),
        `times of movements are kept in steps of ${now.legTimeStepS} s instead of ${was.legTimeStepS} s`,
        `移動の時刻を${was.legTimeStepS}秒ではなく${now.legTimeStepS}秒刻みで保ちます`,
      ),
    );
  if (is.items.includes('measures') && was.smallestGroup !== now.smallestGroup)
    found.push(
      change(
        is.id,
        'detail',
        effect(was.smallestGroup, now.smallestGroup),
        `groups of ${now.smallestGroup} people are kept for long, instead of ${was.smallestGroup}`,
        `長く保つ集団の最少人数を${was.smallestGroup}人から${now.smallestGroup}人に改めます`,
      ),
    );
  return found;
}

/** A camera that films already and is to serve another purpose too. A new one waits for `cameraStart` by itself. */
function cameraChanges(before: SitePlan, after: SitePlan, is: PlanPurpose): PurposeChange[] {
  const serves = (plan: SitePlan): Map<string, boolean> =>
    new Map(
      plan.cameras.flatMap(({ id, governance }) =>
        governance === undefined ? [] : [[id, governance.purposes.includes(is.id)] as const],
      ),
    );
  const [was, now] = [serves(before), serves(after)];
  const more = [...now].filter(([id, does]) => does && was.get(id) === false).map(([id]) => id);
  const fewer = [...was].filter(([id, did]) => did && now.get(id) !== true).map(([id]) => id);
  const none = both('', '');
  return [
    ...lists(more, none, (en, ja) =>
      change(
        is.id,
        'cameras',
        'widened',
        `the cameras ${en} serve '${is.name.en}' too`,
        `カメラ${ja}を「${is.name.ja}」にも使います`,
      ),
    ),
    ...lists(fewer, none, (en, ja) =>
      change(
        is.id,
        'cameras',
        'narrowed',
        `the cameras ${en} serve '${is.name.en}' no more`,
        `カメラ${ja}を「${is.name.ja}」に使わなくなりました`,
      ),
    ),
  ];
}

/** A notice cannot have been put up earlier than was said; a newer one begins its days anew. */
function noticeChanges(was: PlanPurpose, is: PlanPurpose): PurposeChange[] {
  if (was.noticePublishedOn === is.noticePublishedOn) return [];
  return [
    change(
      is.id,
      'notice',
      'changed',
      `the notice of '${is.name.en}' is of ${is.noticePublishedOn} instead of ${was.noticePublishedOn}`,
      `「${is.name.ja}」の告知日を${was.noticePublishedOn}から${is.noticePublishedOn}に改めました`,
    ),
  ];
}

export function change(
  purpose: string,
  what: PurposeChange['what'],
  effect: PurposeChange['effect'],
  en: string,
  ja: string,
): PurposeChange {
  return { purpose, what, effect, words: both(en, ja) };
}
