import { isInside, type DataItem, type PlanPurpose, type SitePlan } from '@hitonami/model';
import { changesBetween } from './changes.js';
import { facts, points, table, text, type Section } from './document.js';
import type { NoticeFacts } from './facts.js';
import { sentence, type Words } from './language.js';
import { maps } from './map.js';
import { ITEM_NAMES, placeNames } from './names.js';

/** What the public is told, a section for each question of the guidebook. Documents put them together. */
export type SectionOf = (notice: NoticeFacts, words: Words) => Section;

const HOURS_PER_DAY = 24;
const SECONDS_PER_HOUR = 3_600;

export const purposeSection: SectionOf = ({ plan, purposes }, words) => ({
  id: 'purpose',
  title: words.say('何のために', 'What for'),
  blocks: [
    table(
      [
        words.say('目的', 'Purpose'),
        words.say('使うデータ', 'Data used'),
        words.say('場所', 'Where'),
        words.say('開始日', 'From'),
      ],
      purposes.map(({ purpose, startDay }) => [
        `${words.pick(purpose.name)}${words.say('：', ': ')}${words.pick(purpose.description)}`,
        sentence(words.list(purpose.items.map((item) => words.pick(ITEM_NAMES[item])))),
        sentence(placeNames(plan, purpose.places, words)),
        words.day(startDay),
      ]),
    ),
  ],
});

export const benefitSection: SectionOf = ({ purposes }, words) => ({
  id: 'benefit',
  title: words.say('利用される方にとっての利点', 'What you have of it'),
  blocks: [points([...new Set(purposes.map(({ purpose }) => words.pick(purpose.benefit)))])],
});

export const operatorSection: SectionOf = ({ plan, operator, url }, words) => ({
  id: 'operator',
  title: words.say('運営者とお問い合わせ先', 'Who runs this, and whom to ask'),
  blocks: [
    facts([
      [words.say('運営者', 'Operating body'), words.pick(operator.name)],
      [words.say('お問い合わせ', 'Contact'), plan.operator.contact],
      ...(url === undefined ? [] : [[words.say('詳しい説明', 'More'), url] as const]),
    ]),
    ...text(
      words.say(
        'ご質問やご意見はいつでもお寄せください。お名前は要りません。',
        'Ask us anything, or tell us what you think. You need not give a name.',
      ),
    ),
  ],
});

export const mapSection: SectionOf = (notice, words) => ({
  id: 'map',
  title: words.say('カメラの位置と範囲', 'Where the cameras are, and what they film'),
  blocks: [{ kind: 'drawings', drawings: maps(notice, words).map(({ drawing }) => drawing) }],
});

export const cameraSection: SectionOf = ({ plan, cameras }, words) => ({
  id: 'cameras',
  title: words.say('カメラの一覧', 'The cameras'),
  blocks: [
    table(
      [
        words.say('番号', 'No.'),
        words.say('カメラ', 'Camera'),
        words.say('階', 'Floor'),
        words.say('開始日', 'From'),
      ],
      cameras.map(({ number, id, floor, startDay }) => {
        const name = plan.floors.find((one) => one.id === floor)?.name;
        return [
          String(number),
          id,
          name === undefined ? floor : words.pick(name),
          startDay === undefined
            ? words.say('未定（開始できません）', 'not decided: it may not start')
            : words.day(startDay),
        ];
      }),
    ),
  ],
});

export const pictureSection: SectionOf = (_, words) => ({
  id: 'pictures',
  title: words.say('映像はどうなるか', 'What becomes of the picture'),
  blocks: [
    points([
      words.say(
        '映像から「人が床のどこにいるか」だけを求め、映像はそのあと直ちに消します。この計測のために映像を保存することはありません。',
        'From the picture we take only where on the floor people are. Then the picture is destroyed at once. This measurement keeps no picture.',
      ),
      words.say(
        '顔・歩き方などの特徴は使いません。年齢や性別の推定、特定の人の検索もしません。誰であるかを見分けることはありません。',
        'No face, no way of walking, no age or sex is worked out, and nobody is searched for. Nobody is recognised.',
      ),
    ]),
  ],
});

/** How a kind of data is called, with what is special about it at this place. */
export function itemText(item: DataItem, { plan }: NoticeFacts, words: Words): string {
  const name = words.pick(ITEM_NAMES[item]);
  if (item !== 'flow-legs') return name;
  const step = words.span(plan.governance.legTimeStepS / SECONDS_PER_HOUR);
  return words.say(`${name}。時刻は${step}単位です`, `${name}; times in steps of ${step}`);
}

export const generatedSection: SectionOf = (notice, words) => ({
  id: 'generated',
  title: words.say('映像から作るデータ', 'What is made from the picture'),
  blocks: [points([...notice.items].map((item) => sentence(itemText(item, notice, words))))],
});

/** How long each kind of data is there: name and time. What no purpose uses is not there at all. */
export function retentionRows(
  { plan, items, logHours }: NoticeFacts,
  words: Words,
): [string, string][] {
  const { retention } = plan;
  const days = (count: number): string => words.span(count * HOURS_PER_DAY);
  const rows: [string, string][] = [
    [
      words.say('映像', 'Pictures'),
      words.say('保存しません（直ちに消去）', 'not kept, destroyed at once'),
    ],
    [
      words.say('処理中の位置', 'Positions while they are worked on'),
      words.say(`最長${words.span(logHours)}`, `at most ${words.span(logHours)}`),
    ],
    [
      words.say('位置の記録', 'Recorded positions'),
      items.has('positions') && retention.positionsHours > 0
        ? words.span(retention.positionsHours)
        : words.say('記録しません', 'none are recorded'),
    ],
  ];
  if (items.has('flow-legs'))
    rows.push([words.say('移動の記録', 'Movements'), days(retention.flowLegsDays)]);
  if (items.has('measures')) {
    rows.push(
      [
        words.say(
          `細かい統計（${plan.windowS}秒ごと）`,
          `Fine statistics (every ${plan.windowS} s)`,
        ),
        days(retention.measuresDays),
      ],
      [words.say('まとめた統計', 'Summed statistics'), days(retention.rollupDays)],
    );
  }
  return rows;
}

export const retentionSection: SectionOf = (notice, words) => ({
  id: 'retention',
  title: words.say('保存期間', 'How long it is kept'),
  blocks: [facts(retentionRows(notice, words))],
});

export const recipientSection: SectionOf = (notice, words) => ({
  id: 'recipients',
  title: words.say('データを受け取る者', 'Who receives data'),
  blocks: [
    table(
      [words.say('受け取る者', 'Who'), words.say('目的とデータ', 'For what, and which data')],
      recipientRows(notice, words),
    ),
    ...text(
      words.say(
        'ここにない者には渡しません。受け取る者や目的を変えるときは、先に新しいお知らせを出します。',
        'Nobody else receives any. Before recipients or purposes change, a new notice is put up.',
      ),
    ),
  ],
});

export function recipientRows(
  { plan, purposes }: NoticeFacts,
  words: Words,
): (readonly [string, string])[] {
  const roles = {
    operator: words.say('運営者', 'operator'),
    processor: words.say('委託先', 'works for the operator'),
    'third-party': words.say('第三者', 'third party'),
    public: words.say('公開（どなたでも）', 'everybody, as open data'),
    buyers: words.say('契約した利用者', 'whoever has a contract'),
  };
  return plan.governance.recipients.map(({ id, name, role, contract }) => {
    const uses = purposes
      .filter(({ purpose }) => purpose.recipients.includes(id))
      .map(
        ({ purpose }) =>
          `${words.pick(purpose.name)}${words.say('：', ': ')}${isInside({ role }) ? itemList(purpose, words) : releaseText(plan, purpose, words)}`,
      );
    const under =
      contract === undefined ? '' : words.say(`、契約 ${contract}`, `, contract ${contract}`);
    return [
      `${words.pick(name)}${words.say('（', ' (')}${roles[role]}${under}${words.say('）', ')')}`,
      uses.length > 0 ? uses.join(words.say('／', '; ')) : words.say('なし', 'none'),
    ];
  });
}

function itemList({ items }: PlanPurpose, words: Words): string {
  return words.list(items.map((item) => words.pick(ITEM_NAMES[item])));
}

/** Whoever is neither the operator nor works for it never has the data itself. */
function releaseText({ governance, datasets }: SitePlan, purpose: PlanPurpose, words: Words) {
  const items = itemList(purpose, words);
  const k = governance.smallestGroup;
  const hasNoise = datasets.some((one) => one.purpose === purpose.id && one.noise !== undefined);
  return words.say(
    `${items}から作った公表用のデータだけ（${k}人に満たない値は含みません${hasNoise ? '。または、雑音を加えます' : ''}）`,
    `only releases made from ${items}, without anything of fewer than ${k} people${hasNoise ? ', or with noise added' : ''}`,
  );
}

/** Who else records: cameras with the same answer share a row. */
export function otherRecorders(
  { cameras }: NoticeFacts,
  words: Words,
): (readonly [string, string])[] {
  const groups = new Map<string, number[]>();
  for (const { number, governance } of cameras) {
    const others = (governance?.alsoRecordedBy ?? []).map(({ body, purpose, keptDays }) =>
      words.say(
        `${body.ja}が録画しています（${purpose.ja}。${keptDays === 0 ? '保存なし' : `${words.span(keptDays * HOURS_PER_DAY)}保存`}）`,
        `${body.en} records (${purpose.en}; ${keptDays === 0 ? 'not kept' : `kept for ${words.span(keptDays * HOURS_PER_DAY)}`})`,
      ),
    );
    if (governance?.recordedBasis !== undefined)
      others.push(
        words.say(
          `以前に録画した映像も使います（根拠：${governance.recordedBasis.ja}）`,
          `what was recorded before is used too (on the basis of: ${governance.recordedBasis.en})`,
        ),
      );
    const answer =
      governance === undefined
        ? words.say('まだ確認していません', 'not settled yet')
        : others.length > 0
          ? others.join(words.say('／', '; '))
          : words.say('録画している者はいません', 'nobody records from them');
    groups.set(answer, [...(groups.get(answer) ?? []), number]);
  }
  return [...groups].map(([answer, numbers]) => [
    groups.size === 1
      ? words.say('すべてのカメラ', 'All cameras')
      : words.say(`カメラ ${numbers.join('、')}`, `Camera ${numbers.join(', ')}`),
    answer,
  ]);
}

export const othersSection: SectionOf = (notice, words) => ({
  id: 'others',
  title: words.say('同じカメラの映像を録画する者', 'Who else records from these cameras'),
  blocks: [facts(otherRecorders(notice, words))],
});

export function startText({ startDay }: NoticeFacts, words: Words): string {
  return startDay === undefined
    ? words.say('まだ決まっていません', 'not decided yet')
    : words.day(startDay);
}

export const startSection: SectionOf = (notice, words) => ({
  id: 'start',
  title: words.say('開始日', 'When it starts'),
  blocks: [
    facts([
      [words.say('計測の開始', 'Measuring starts'), startText(notice, words)],
      [words.say('このお知らせの掲示', 'This notice was put up'), words.day(notice.publishedOn)],
      [
        words.say('掲示から開始まで', 'A notice stands before it takes effect for'),
        words.say(
          `少なくとも${notice.plan.governance.noticeDays}日`,
          `at least ${notice.plan.governance.noticeDays} days`,
        ),
      ],
    ]),
  ],
});

export const changeSection: SectionOf = ({ before, plan }, words) => {
  if (before === undefined) return { id: 'changes', title: '', blocks: [] };
  const found = changesBetween(before, plan);
  const none = words.say('―', '–');
  return {
    id: 'changes',
    title: words.say('前回のお知らせから変わること', 'What changes from the notice before'),
    blocks:
      found.length === 0
        ? text(words.say('内容に変更はありません。', 'Nothing that this notice says has changed.'))
        : [
            table(
              [
                words.say('項目', 'What'),
                words.say('これまで', 'Before'),
                words.say('これから', 'From now on'),
              ],
              found.map(({ what, before: old, after, from }) => [
                words.pick(what),
                old === undefined ? none : words.pick(old),
                `${after === undefined ? words.say('なくなります', 'is no more') : words.pick(after)}${
                  from === undefined
                    ? ''
                    : words.say(`（${words.day(from)}から）`, ` (from ${words.day(from)})`)
                }`,
              ]),
            ),
          ],
  };
};
