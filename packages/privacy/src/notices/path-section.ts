import { PSEUDONYM_DEFAULTS } from '../pseudonyms.js';
import { facts, points, table, text, type Block } from './document.js';
import type { AuditFigure } from './audit-figures.js';
import type { NoticeFacts } from './facts.js';
import type { Words } from './language.js';
import { retentionRows, type SectionOf } from './sections.js';

const HOURS_PER_DAY = 24;
const US_PER_MIN = 60e6;
/** A pseudonym's mean age, and the longest that it may have; minutes. */
const PSEUDONYM_MIN = PSEUDONYM_DEFAULTS.lifetimeUs / US_PER_MIN;
const PSEUDONYM_MAX_MIN = PSEUDONYM_MIN * (1 + PSEUDONYM_DEFAULTS.jitter);

/** Longest time over which one person's path can be told from others in anything that is there, hours. */
export function pathHours({ plan, items, logHours }: NoticeFacts): number {
  const { positionsHours, flowLegsDays } = plan.retention;
  return Math.max(
    logHours,
    items.has('positions') ? positionsHours : 0,
    items.has('flow-legs') ? flowLegsDays * HOURS_PER_DAY : 0,
  );
}

/** A figure of the audit in words. */
export function figureText(figure: AuditFigure | undefined, words: Words): string {
  if (figure === undefined) return words.say('まだ測っていません', 'not measured yet');
  if (figure.share === null)
    return words.say(
      '対象となるデータを保存していません',
      'nothing is stored that could be tried on',
    );
  const share = words.percent(figure.share);
  return figure.isEstimated ? words.say(`推定約${share}`, `an estimated ${share}`) : share;
}

/** Whether one path can be singled out, in one sentence with the figure, for a poster. */
export function pathSentence(notice: NoticeFacts, words: Words): string {
  const hours = words.span(pathHours(notice));
  const rebuilt = notice.audit?.rebuilt;
  const share = figureText(rebuilt, words);
  const figure =
    rebuilt === undefined
      ? words.say(
          'どれくらいの割合で区別できるかは、まだ測っていません。',
          'How often has not been measured yet.',
        )
      : rebuilt.share === null
        ? ''
        : words.say(
            `測定では、位置の記録から${share}の人の道筋を組み立て直せました。`,
            `In our test, the paths of ${share} of people were put together again from recorded positions.`,
          );
  return words
    .say(
      `名前や顔は分かりませんが、位置をつなぐと「誰かひとりの道筋」を区別できます。そのようなデータがあるのは最長${hours}です。${figure}`,
      `Names and faces are unknown, but positions joined up show the path of some one person. Such data is there for at most ${hours}. ${figure}`,
    )
    .trim();
}

export const pathSection: SectionOf = (notice, words) => {
  const { audit } = notice;
  const figures: [string, string][] = [
    [
      words.say(
        '位置から道筋全体を組み立て直せた人',
        'People whose whole path could be put together from positions',
      ),
      figureText(audit?.rebuilt, words),
    ],
    [
      words.say('途中で切った道筋をつなぎ直せた割合', 'Paths joined again after they had been cut'),
      figureText(audit?.rejoined, words),
    ],
    [
      words.say(
        '2か所の場所と時刻から一つに絞れた移動の記録',
        'Movements singled out by two places with their times',
      ),
      figureText(audit?.legUnicity, words),
    ],
    [
      words.say('改札の記録から一つに絞れた道筋', 'Paths singled out by the log of a ticket gate'),
      figureText(audit?.gateLog, words),
    ],
  ];
  const measured: Block[] =
    audit === undefined
      ? []
      : [
          ...text(
            words.say(
              `${words.day(audit.measuredOn)}の測定結果です。`,
              `Measured on ${words.day(audit.measuredOn)}.`,
            ),
          ),
          facts(figures),
        ];
  return {
    id: 'path',
    title: words.say('ひとりの道筋を区別できるか', 'Can one person’s path be told from others?'),
    blocks: [
      ...text(pathSentence(notice, words)),
      ...measured,
      points([
        words.say(
          `道筋には、${PSEUDONYM_MIN}分前後（最長${PSEUDONYM_MAX_MIN}分）で変わる使い捨ての番号を付けます。番号が変わっても、位置がつながればたどれることがあります。`,
          `A path carries a throw-away number that changes after about ${PSEUDONYM_MIN} minutes, ${PSEUDONYM_MAX_MIN} at most. Where positions meet, it may still be followed past that change.`,
        ),
        words.say(
          '別の情報（たとえば、その場で見ていた人の記憶）と合わせれば、誰の道筋か分かるおそれがあります。そのため短い期間で消し、見た人を記録します。',
          'Together with something else, such as what a bystander remembers, somebody might learn whose path it was. So it is erased soon, and whoever reads it is recorded.',
        ),
      ]),
    ],
  };
};

/** What is held of a person who asks, and what is not. */
export function heldBlocks(notice: NoticeFacts, words: Words): Block[] {
  return [
    table(
      [words.say('データ', 'Data'), words.say('保存期間', 'Kept for')],
      retentionRows(notice, words),
    ),
  ];
}
