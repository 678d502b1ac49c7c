import { adviceOf } from './advice.js';
import type { GateAttack } from './gate-log.js';
import type { GroupFigure, RiskReport } from './risk-report.js';
import type { Finding } from './findings.js';

export type ReportLanguage = 'ja' | 'en';

const percent = (share: number | null): string =>
  share === null ? '–' : `${(100 * share).toFixed(1)} %`;

/** The risk report for people, as Markdown. */
export function riskReportText(report: RiskReport, language: ReportLanguage): string {
  const isJa = language === 'ja';
  const say = (ja: string, en: string): string => (isJa ? ja : en);
  const { figures, findings } = report;
  const over = findings.filter(({ isOver }) => isOver);
  const lines = [
    `# ${say('再識別リスクの報告', 'Risk of re-identification')}: ${report.siteName[language]}`,
    '',
    say(
      `${report.madeAt} に、計画の第 ${report.planVersion} 版のもとで作成（乱数の種 ${report.seed}）。`,
      `Made at ${report.madeAt} under version ${report.planVersion} of the site plan (seed ${report.seed}).`,
    ),
    '',
    report.source === 'warehouse'
      ? say(
          '保存されているデータを、手に入れた攻撃者になったつもりで実際に攻撃し、どこまで人をたどれるかを測りました。',
          'What is stored was attacked as somebody would who had got hold of it, to measure how far people can be followed.',
        )
      : say(
          '誰がどこにいたかが分かっている記録を使い、攻撃そのものの強さを測りました。保存されているデータの値ではありません。',
          'The attack itself was measured on a recording in which it is known who was where. These are not the figures of what is stored.',
        ),
    '',
    `**${
      over.length === 0
        ? say('計画の上限を超えたものはありません。', 'Nothing is above the limits of the plan.')
        : say(
            `計画の上限を超えたものが ${over.length} つあります。`,
            `${over.length} of ${findings.length} figures are above the limits of the plan.`,
          )
    }**`,
    '',
    ...table(
      [say('調べたこと', 'what'), say('結果', 'found'), say('上限', 'limit'), ''],
      findings.map((one) => [
        findingName(one)[language],
        (one.isEstimated && one.value !== null ? say('推定 ', 'estimated ') : '') +
          percent(one.value),
        percent(one.limit),
        one.value === null
          ? say('測るものがない', 'nothing to measure')
          : one.isOver
            ? `**${say('超過', 'ABOVE')}**`
            : say('以内', 'within'),
      ]),
    ),
    '',
    `## ${say('何を調べたか', 'What was attacked')}`,
    '',
    bullet(
      say(
        `保存された位置 ${figures.positions} 件（全 ${report.positionsThere} 件のうち）。番号はついていません。${span(report)}`,
        `${figures.positions} stored positions (of ${report.positionsThere}), none of which has a name or number. ${span(report)}`,
      ),
    ),
    bullet(
      say(
        `場所から場所への移動 ${figures.legs} 件、一時的な番号 ${figures.pseudonyms} 個。時刻は ${report.kept.legTimeStepS} 秒刻み。`,
        `${figures.legs} movements from place to place under ${figures.pseudonyms} pseudonyms, with times in steps of ${report.kept.legTimeStepS} s.`,
      ),
    ),
    '',
    ...rebuiltText(report, say),
    ...unicityText(report, say),
    ...gateText(report, say),
    ...groupText(report, say),
    ...trendText(report, language, say),
    `## ${say('勧めること', 'What could be changed')}`,
    '',
    ...adviceOf(report).map((advice) => bullet(advice[language])),
    '',
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

type Say = (ja: string, en: string) => string;

function rebuiltText({ figures, kept }: RiskReport, say: Say): string[] {
  const { rebuilt, rejoined } = figures;
  const { people } = rebuilt;
  return [
    `## ${say('番号のない位置から、道筋を組み立て直す', 'Paths rebuilt from positions without a name')}`,
    '',
    say(
      '一瞬ごとに、同じ速さで歩き続けた場合にいるはずの所にいちばん近い位置をつなぎます。一瞬の全員をまとめて、いちばん無理のない組み合わせを選びます。',
      'Instant by instant each path is carried on by the position that is nearest to where it would be at the same velocity; all of one instant are decided together, at the least sum of misfits.',
    ),
    '',
    bullet(
      say(
        `道筋 ${rebuilt.paths} 本、長さの中央値 ${seconds(rebuilt.medianS)}。一本が本当に一人のものである見込みは、平均 ${percent(rebuilt.estimatedShare)}（ほかのつなぎ方がどれほどありえたかから計算。正解のある記録では、実際は同じくらいか、もっと高い値でした）。`,
        `${rebuilt.paths} paths, of ${seconds(rebuilt.medianS)} in the median. The mean chance that a path is truly one person’s is ${percent(rebuilt.estimatedShare)}, by how likely the other ways to join the positions would have been; on recordings whose truth is known as many or more were rebuilt.`,
      ),
    ),
    ...(people === null
      ? []
      : [
          bullet(
            say(
              `正解と比べると、${people.people} 人のうち ${people.whole} 人（${percent(people.share)}）の道筋が丸ごと組み立てられました（本人の位置の 9 割以上が一本に入り、その一本の 9 割以上が本人のもの）。`,
              `By the truth, ${people.whole} of ${people.people} people (${percent(people.share)}) were rebuilt whole: nine tenths of a person’s positions in one path, and nine tenths of that path this person’s.`,
            ),
          ),
        ]),
    ...rejoined.map(({ darkS, share, cut }) =>
      bullet(
        darkS === 0
          ? say(
              `一瞬で切った道筋の ${percent(share)} が、つなぎ直せました（${cut} 本）。番号を替えるだけでは隠せません。`,
              `Paths that were cut at an instant: ${percent(share)} of ${cut} were joined again. To change the number alone hides nobody.`,
            )
          : say(
              `${darkS} 秒のあいだ誰も見えなくても、${percent(share)} が、つなぎ直せました（${cut} 本）。`,
              `After ${darkS} s in which nobody was seen: ${percent(share)} of ${cut}.`,
            ),
      ),
    ),
    bullet(
      kept.positionsHours > 0
        ? say(
            `位置が残るのは最長 ${kept.positionsHours} 時間。そのあいだ、一人の道筋はたどれると考えてください。`,
            `Positions are kept for ${kept.positionsHours} h at most: for so long one path can be followed.`,
          )
        : say('この計画では、位置は保存されません。', 'Under this plan no positions are stored.'),
    ),
    '',
  ];
}

function unicityText({ figures }: RiskReport, say: Say): string[] {
  const { paths, legs } = figures.unicity;
  const points = [1, 2, 3, 4, 5].map((p) => say(`${p} 点`, p === 1 ? '1 point' : `${p} points`));
  const cells = (shares: readonly (number | null)[]): string[] => shares.map(percent);
  return [
    `## ${say('いくつの目撃で一人に絞れるか', 'How few sightings single out one path')}`,
    '',
    say(
      'ある人をいつどこで見たかを攻撃者が何点か知っているとき、それに合う道筋が一本しかない割合です（Unique in the Crowd の方法）。',
      'If somebody knows when and where a person was seen, the share of paths for which no other agrees with it (the method of “Unique in the Crowd”).',
    ),
    '',
    ...table(
      [say('どこまで細かく知っているか', 'known to within'), ...points],
      [
        ...paths.map(({ cellM, stepS, shares }) => [
          say(`道筋、${cellM} m・${stepS} 秒`, `paths, ${cellM} m and ${stepS} s`),
          ...cells(shares),
        ]),
        ...legs.map(({ stepS, shares }) => [
          say(`移動、場所・${stepS} 秒`, `movements, the place and ${stepS} s`),
          ...cells(shares),
        ]),
      ],
    ),
    '',
  ];
}

function gateText({ figures }: RiskReport, say: Say): string[] {
  const { gateLog } = figures;
  if (gateLog === null) return [];
  const from = {
    log: say('渡された改札の記録', 'the log that was given'),
    truth: say('正解', 'the truth'),
    paths: say('道筋から推し量ったもの', 'what the paths themselves tell'),
  }[gateLog.passagesFrom];
  const row = (name: string, attack: GateAttack): string[] => [
    name,
    String(attack.passages),
    percent(attack.share),
    percent(attack.rightShare),
  ];
  return [
    `## ${say('改札の記録を持つ攻撃者', 'Whoever holds the log of the ticket gates')}`,
    '',
    say(
      `名前の分かる人が、どの改札を何秒に通ったかを知っている者です（通過は ${from}、改札 ${gateLog.gates} か所）。`,
      `Somebody who knows to the second when a person whom he can name passed which gate (${gateLog.gates} gates; passages from ${from}).`,
    ),
    '',
    ...table(
      [
        say('手に入れたもの', 'what he has'),
        say('通過', 'passages'),
        say('一つに絞れた', 'single out one'),
        say('本人を当てた', 'named rightly'),
      ],
      [
        row(
          say('保存された位置（改札から 5 m 以内はない）', 'stored positions (none within 5 m)'),
          gateLog.paths,
        ),
        ...(gateLog.pathsWithoutExclusion === null
          ? []
          : [
              row(
                say('もし 5 m 以内も保存していたら', 'if those within 5 m were stored too'),
                gateLog.pathsWithoutExclusion,
              ),
            ]),
        row(say('保存された移動', 'stored movements'), gateLog.legs),
      ],
    ),
    '',
  ];
}

function groupText({ groups }: RiskReport, say: Say): string[] {
  if (groups.cells.length === 0) return [];
  const names: Record<GroupFigure['of'], string> = {
    movements: say('場所から場所への移動', 'movements from place to place'),
    journeys: say('出発地と行き先', 'origin and destination'),
    lines: say('ラインの通過', 'passages of lines'),
    areas: say('エリアの人数', 'people in areas'),
  };
  return [
    `## ${say('小さな集まり', 'Small groups')}`,
    '',
    say(
      `${groups.smallestGroup} 人未満を数えた欄です。場所から場所への移動は 7 日で消え、人数のない欄は数えません。`,
      `Cells that count fewer than ${groups.smallestGroup} people, of those that count anybody. Those of movements go after 7 days.`,
    ),
    '',
    ...table(
      [say('何の', 'of'), say('長さ', 'length'), say('欄', 'cells'), say('小さい', 'small')],
      groups.cells.map(({ of, lengthS, cells, under }) => [
        names[of],
        `${lengthS} s`,
        String(cells),
        `${under} (${percent(cells > 0 ? under / cells : null)})`,
      ]),
    ),
    '',
  ];
}

function trendText({ trend, findings }: RiskReport, language: ReportLanguage, say: Say): string[] {
  const [first] = trend;
  if (first === undefined) return [];
  return [
    `## ${say(`前回（${first.beforeAt}）から`, `Since the report of ${first.beforeAt}`)}`,
    '',
    ...table(
      [say('調べたこと', 'what'), say('前回', 'then'), say('今回', 'now'), say('差', 'change')],
      trend.map(({ id, before, now }) => {
        const finding = findings.find((one) => one.id === id);
        const change = before === null || now === null ? null : now - before;
        return [
          finding ? findingName(finding)[language] : id,
          percent(before),
          percent(now),
          change === null ? '–' : `${change >= 0 ? '+' : '−'}${percent(Math.abs(change))}`,
        ];
      }),
    ),
    '',
  ];
}

function findingName({ id }: Finding): { ja: string; en: string } {
  return {
    rebuilt: {
      ja: '番号のない位置から丸ごと組み立て直せた道筋',
      en: 'paths rebuilt from positions without a name',
    },
    rejoined: {
      ja: '2 秒見えなくても、つなぎ直せた道筋',
      en: 'paths rejoined after 2 s unseen',
    },
    legUnicity: {
      ja: '二つの場所と時刻で一つに絞れる移動',
      en: 'movements singled out by two places with their times',
    },
    gateLog: {
      ja: '改札の記録から一つに絞れる通過',
      en: 'passages in the gates’ log that single out one path or movement',
    },
  }[id];
}

function span({ from, to }: RiskReport): string {
  return from === null || to === null ? '' : `${from} – ${to}`;
}

function seconds(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(0)} s`;
}

function bullet(text: string): string {
  return `- ${text.trim()}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
