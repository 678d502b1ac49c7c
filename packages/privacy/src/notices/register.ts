import { HOPS, type Hop } from '@hitonami/model';
import { table, text } from './document.js';
import type { NoticeFacts } from './facts.js';
import type { Words } from './language.js';
import { HOP_NAMES, placeNames } from './names.js';
import { itemText, type SectionOf } from './sections.js';

const HOURS_PER_DAY = 24;

/** What lies at a hop and for how long: the life of the data, from the picture to a published count. */
function heldAt(hop: Hop, { plan, items, logHours }: NoticeFacts, words: Words): [string, string] {
  const { retention } = plan;
  const days = (count: number): string => words.span(count * HOURS_PER_DAY);
  const memory = words.say('メモリー上だけ', 'in memory alone');
  switch (hop) {
    case 'camera':
      return [
        words.say('映像（送るだけ）', 'pictures, on their way'),
        words.say('この計測のためには保存しません', 'not kept for this measurement'),
      ];
    case 'ingestor':
      return [
        words.say('映像、そこから求めた位置', 'pictures, and the positions made from them'),
        words.say(
          `${memory}。映像は位置を求めたら直ちに上書きします`,
          `${memory}; a picture is overwritten as soon as its positions are there`,
        ),
      ];
    case 'log':
      return [
        words.say(
          '位置と使い捨ての番号、現在の混雑',
          'positions with throw-away numbers, how crowded it is now',
        ),
        words.say(`最長${words.span(logHours)}`, `at most ${words.span(logHours)}`),
      ];
    case 'aggregator':
      return [words.say('位置、集計中の人数', 'positions, counts in the making'), memory];
    case 'warehouse':
      return [
        words.list([
          ...(items.has('positions') && retention.positionsHours > 0
            ? [words.say('位置（番号なし）', 'positions without numbers')]
            : []),
          ...(items.has('flow-legs') ? [words.say('移動の記録', 'movements')] : []),
          words.say('統計', 'statistics'),
        ]),
        words.list([
          ...(items.has('positions') && retention.positionsHours > 0
            ? [words.span(retention.positionsHours)]
            : []),
          ...(items.has('flow-legs') ? [days(retention.flowLegsDays)] : []),
          words.say(
            `細かい統計${days(retention.measuresDays)}・まとめた統計${days(retention.rollupDays)}`,
            `fine statistics ${days(retention.measuresDays)}, summed ones ${days(retention.rollupDays)}`,
          ),
        ]),
      ];
    case 'console':
      return [
        words.say('現在の位置の点、統計（表示だけ）', 'dots of now and statistics, shown'),
        words.say('保存しません', 'not kept'),
      ];
    case 'openData':
      return [
        words.say(
          'このお知らせ、処理した映像の件数',
          'this notice, and how many pictures were worked on',
        ),
        words.say('掲示している間', 'while it is published'),
      ];
  }
}

export const hopSection: SectionOf = (notice, words) => ({
  id: 'hops',
  title: words.say('データの流れと管理責任者', 'The way of the data, and who answers for it'),
  blocks: [
    table(
      [
        words.say('場所', 'Where'),
        words.say('管理責任者', 'Who answers for it'),
        words.say('あるもの', 'What is there'),
        words.say('期間', 'For how long'),
        words.say('触れられる者と守り方', 'Who may reach it, and how it is kept'),
      ],
      HOPS.map((hop) => {
        const { body, access } = notice.plan.governance.hops[hop];
        const [what, howLong] = heldAt(hop, notice, words);
        return [words.pick(HOP_NAMES[hop]), words.pick(body), what, howLong, words.pick(access)];
      }),
    ),
  ],
});

/** Items, scope, access and retention of each purpose, fixed in advance. */
export const scopeSection: SectionOf = (notice, words) => ({
  id: 'scope',
  title: words.say('目的ごとの範囲', 'The scope of each purpose'),
  blocks: [
    table(
      [
        words.say('目的', 'Purpose'),
        words.say('データ', 'Data'),
        words.say('場所', 'Where'),
        words.say('利用できる者', 'Who may use it'),
        words.say('保存期間', 'Kept for'),
        words.say('掲示日・開始日', 'Notice, start'),
      ],
      notice.purposes.map(({ purpose, recipients, startDay }) => {
        const { positionsHours, flowLegsDays, measuresDays, rollupDays } = purpose.retention;
        const kept = [
          positionsHours,
          ...[flowLegsDays, measuresDays, rollupDays].map((days) => days && days * HOURS_PER_DAY),
        ].flatMap((hours) => (hours === undefined ? [] : [words.span(hours)]));
        return [
          words.pick(purpose.name),
          words.list(purpose.items.map((item) => itemText(item, notice, words))),
          placeNames(notice.plan, purpose.places, words),
          words.list(recipients.map(({ name }) => words.pick(name))),
          kept.length > 0
            ? kept.join(words.say('・', ' / '))
            : words.say('保存しません', 'not kept'),
          `${words.day(purpose.noticePublishedOn)}${words.say('・', ' / ')}${words.day(startDay)}`,
        ];
      }),
    ),
  ],
});

/** Why each camera is needed, on whose ground it films, and what was settled before it started. */
export const needSection: SectionOf = ({ plan, cameras }, words) => {
  const groups = new Map<string, { numbers: number[]; row: string[] }>();
  for (const { number, governance, startDay } of cameras) {
    const stage = plan.governance.stages.find(({ id }) => id === governance?.stage);
    const row =
      governance === undefined
        ? [
            words.say(
              'まだ決まっていません。この状態では開始できません。',
              'Not settled: it may not start.',
            ),
            '',
            '',
            '',
          ]
        : [
            words.pick(governance.need),
            words.pick(governance.counterInstead),
            [
              governance.ground === 'own'
                ? words.say('運営者の敷地', 'the operator’s own ground')
                : words.say('公共の場所', 'public ground'),
              ...governance.permits.map(
                ({ name, reference, grantedOn }) =>
                  `${words.pick(name)} ${reference} (${words.day(grantedOn)})`,
              ),
            ].join(words.say('／', '; ')),
            [
              ...(stage === undefined
                ? []
                : [
                    `${words.pick(stage.name)}${words.say('：', ': ')}${words.day(stage.startsOn)}`,
                  ]),
              `${words.say('係員への説明：', 'staff briefed: ')}${words.day(governance.staffBriefedOn)}`,
              ...(startDay === undefined
                ? []
                : [`${words.say('開始日：', 'starts: ')}${words.day(startDay)}`]),
            ].join(words.say('／', '; ')),
          ];
    const key = JSON.stringify(row);
    const group = groups.get(key) ?? { numbers: [], row };
    group.numbers.push(number);
    groups.set(key, group);
  }
  return {
    id: 'need',
    title: words.say('カメラが必要な理由', 'Why cameras'),
    blocks: [
      table(
        [
          words.say('カメラ', 'Camera'),
          words.say('必要な理由', 'Why it is needed'),
          words.say('人数計では足りない理由', 'Why a counter would not do'),
          words.say('場所と許可', 'Ground and permits'),
          words.say('段階', 'Stage'),
        ],
        [...groups.values()].map(({ numbers, row }) => [
          numbers.join(words.say('、', ', ')),
          ...row,
        ]),
      ),
      ...text(words.say('番号は地図の番号です。', 'The numbers are those of the map.')),
    ],
  };
};
