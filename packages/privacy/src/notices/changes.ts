import type { SitePlan } from '@hitonami/model';
import { cameraStart, localDay, purposeStartDay } from '@hitonami/model';
import { HOP_NAMES, ITEM_NAMES, placeNames } from './names.js';
import { LANGUAGES, wordsOf, type Language, type Text, type Words } from './language.js';

/** One thing that a notice says otherwise than the one before, in both languages. */
export interface NoticeChange {
  readonly what: Text;
  /** Undefined: it was not there. */
  readonly before?: Text | undefined;
  /** Undefined: it is no more. */
  readonly after?: Text | undefined;
  /** `YYYY-MM-DD`, where it begins on a day of its own. */
  readonly from?: string | undefined;
}

/** Everything of the older plan that the public was told and that is otherwise now. */
export function changesBetween(before: SitePlan, after: SitePlan): NoticeChange[] {
  return [
    ...changed(of('運営者', 'Operating body'), before, after, (plan) => plan.operator.name),
    ...changed(of('お問い合わせ先', 'Contact'), before, after, (plan) =>
      same(plan.operator.contact),
    ),
    ...purposeChanges(before, after),
    ...recipientChanges(before, after),
    ...retentionChanges(before, after),
    ...changed(
      of('移動の記録の時刻の細かさ', 'Step of the times of movements'),
      before,
      after,
      (plan) => inBoth((words) => words.span(plan.governance.legTimeStepS / SECONDS_PER_HOUR)),
    ),
    ...changed(
      of('長く保存する統計の最小人数', 'Smallest group in statistics that are kept long'),
      before,
      after,
      (plan) => same(String(plan.governance.smallestGroup)),
    ),
    ...cameraChanges(before, after),
    ...hopChanges(before, after),
  ];
}

function purposeChanges(before: SitePlan, after: SitePlan): NoticeChange[] {
  return paired(before.governance.purposes, after.governance.purposes).flatMap(([old, now]) => {
    const named = (now ?? old)?.name ?? same('');
    const about = (ja: string, en: string): Text =>
      of(`目的「${named.ja}」${ja}`, `Purpose “${named.en}”${en}`);
    const from = now && purposeStartDay(after, now);
    if (old === undefined || now === undefined)
      return [{ what: about('', ''), before: old?.description, after: now?.description, from }];
    const names = (plan: SitePlan, ids: readonly string[]): Text =>
      inBoth((words) =>
        words.list(
          plan.governance.recipients
            .filter(({ id }) => ids.includes(id))
            .map(({ name }) => words.pick(name)),
        ),
      );
    const compare = (what: Text, then: Text, later: Text): NoticeChange[] =>
      differ(what, then, later, from);
    return [
      ...compare(about('の名称', ': name'), old.name, now.name),
      ...compare(about('の内容', ': what it is for'), old.description, now.description),
      ...compare(about('の利点', ': benefit'), old.benefit, now.benefit),
      ...compare(
        about('で使うデータ', ': data used'),
        inBoth((words) => words.list(old.items.map((item) => words.pick(ITEM_NAMES[item])))),
        inBoth((words) => words.list(now.items.map((item) => words.pick(ITEM_NAMES[item])))),
      ),
      ...compare(
        about('の対象範囲', ': where'),
        inBoth((words) => placeNames(before, old.places, words)),
        inBoth((words) => placeNames(after, now.places, words)),
      ),
      ...compare(
        about('の提供先', ': recipients'),
        names(before, old.recipients),
        names(after, now.recipients),
      ),
      ...(Object.keys(RETENTION) as Limit[]).flatMap((limit) =>
        compare(
          inBoth(
            (words) =>
              `${words.pick(about('', ''))}${words.say('：', ': ')}${words.pick(RETENTION[limit].what)}`,
          ),
          spanText(old.retention[limit], limit),
          spanText(now.retention[limit], limit),
        ),
      ),
    ];
  });
}

function recipientChanges(before: SitePlan, after: SitePlan): NoticeChange[] {
  return paired(before.governance.recipients, after.governance.recipients).flatMap(([old, now]) =>
    old === undefined || now === undefined || differs(old.name, now.name)
      ? [
          {
            what: of('データを受け取る者', 'Who receives data'),
            before: old?.name,
            after: now?.name,
          },
        ]
      : [],
  );
}

const HOURS_PER_DAY = 24;
const SECONDS_PER_HOUR = 3_600;
type Limit = keyof SitePlan['retention'];
const RETENTION: Readonly<Record<Limit, { what: Text; hours: number }>> = {
  positionsHours: { what: of('位置の記録の保存期間', 'How long positions are kept'), hours: 1 },
  flowLegsDays: {
    what: of('移動の記録の保存期間', 'How long movements are kept'),
    hours: HOURS_PER_DAY,
  },
  measuresDays: {
    what: of('細かい統計の保存期間', 'How long fine statistics are kept'),
    hours: HOURS_PER_DAY,
  },
  rollupDays: {
    what: of('まとめた統計の保存期間', 'How long summed statistics are kept'),
    hours: HOURS_PER_DAY,
  },
};

function spanText(value: number | undefined, limit: Limit): Text {
  return inBoth((words) =>
    value === undefined || value === 0
      ? words.say('保存しません', 'not kept')
      : words.span(value * RETENTION[limit].hours),
  );
}

function retentionChanges(before: SitePlan, after: SitePlan): NoticeChange[] {
  return (Object.keys(RETENTION) as Limit[]).flatMap((limit) =>
    differ(
      RETENTION[limit].what,
      spanText(before.retention[limit], limit),
      spanText(after.retention[limit], limit),
    ),
  );
}

function cameraChanges(before: SitePlan, after: SitePlan): NoticeChange[] {
  return paired(before.cameras, after.cameras).flatMap(([old, now]) => {
    const id = (now ?? old)?.id ?? '';
    const what = of(`カメラ ${id}`, `Camera ${id}`);
    if (old === undefined || now === undefined)
      return [
        {
          what,
          before: old && of('あり', 'there'),
          after: now && of('あり', 'there'),
        },
      ];
    const others = (camera: typeof old): Text =>
      inBoth(
        (words) =>
          words.list(
            (camera.governance?.alsoRecordedBy ?? []).map(
              ({ body, purpose, keptDays }) =>
                `${words.pick(body)}${words.say('（', ' (')}${words.pick(purpose)}${words.say('、', ', ')}${words.span(keptDays * HOURS_PER_DAY)}${words.say('）', ')')}`,
            ),
          ) || words.say('なし', 'nobody'),
      );
    const basis = (camera: typeof old): Text => {
      const none = of('使わない', 'not used');
      return camera.governance?.recordedBasis ?? none;
    };
    const hasMoved = [old, now]
      .map(({ floor, coverage, position, calibration }) =>
        JSON.stringify([floor, coverage, position, calibration?.homography]),
      )
      .some((text, _, all) => text !== all[0]);
    return [
      ...(hasMoved
        ? [
            {
              what: of(`カメラ ${id} の位置・範囲`, `Place or range of camera ${id}`),
              before: of('以前の地図のとおり', 'as on the earlier map'),
              after: of('この地図のとおり', 'as on this map'),
            },
          ]
        : []),
      ...differ(
        of(`カメラ ${id} の開始日`, `Start of camera ${id}`),
        startText(before, old),
        startText(after, now),
      ),
      ...differ(
        of(`カメラ ${id} を他に録画する者`, `Who else records from camera ${id}`),
        others(old),
        others(now),
      ),
      ...differ(
        of(`カメラ ${id} の録画済み映像を使う根拠`, `Basis for recordings of camera ${id}`),
        basis(old),
        basis(now),
      ),
    ];
  });
}

function startText(plan: SitePlan, camera: SitePlan['cameras'][number]): Text {
  const { fromMs } = cameraStart(plan, camera);
  return inBoth((words) =>
    fromMs === undefined
      ? words.say('未定', 'not decided')
      : words.day(localDay(fromMs, plan.timeZone)),
  );
}

function hopChanges(before: SitePlan, after: SitePlan): NoticeChange[] {
  const [old, now] = [before.governance.hops, after.governance.hops];
  return (Object.keys(now) as (keyof typeof now)[]).flatMap((hop) =>
    differ(
      of(`${HOP_NAMES[hop].ja}の管理責任者`, `Who answers for: ${HOP_NAMES[hop].en.toLowerCase()}`),
      old[hop].body,
      now[hop].body,
    ),
  );
}

function changed(
  what: Text,
  before: SitePlan,
  after: SitePlan,
  read: (plan: SitePlan) => Text,
): NoticeChange[] {
  return differ(what, read(before), read(after));
}

function differ(what: Text, before: Text, after: Text, from?: string): NoticeChange[] {
  return differs(before, after) ? [{ what, before, after, from }] : [];
}

function differs(one: Text, other: Text): boolean {
  return LANGUAGES.some((language) => one[language] !== other[language]);
}

/** Each old one with the new one of its id. */
function paired<T extends { readonly id: string }>(
  before: readonly T[],
  after: readonly T[],
): [T | undefined, T | undefined][] {
  return [
    ...before.map((old): [T, T | undefined] => [old, after.find(({ id }) => id === old.id)]),
    ...after
      .filter(({ id }) => before.every((old) => old.id !== id))
      .map((now): [undefined, T] => [undefined, now]),
  ];
}

function of(ja: string, en: string): Text {
  return { ja, en };
}

function same(text: string): Text {
  return { ja: text, en: text };
}

function inBoth(write: (words: Words) => string): Text {
  const one = (language: Language): string => write(wordsOf(language));
  return { ja: one('ja'), en: one('en') };
}
