import { factsOf, type NoticeInput } from './facts.js';
import { wordsOf, type Language } from './language.js';
import { pathHours } from './path-section.js';
import { otherRecorders, recipientRows, retentionRows } from './sections.js';

/**
 * A ready answer to "what do you have of me?": what is and what is not held, from the plan. Plain text; a member of the
 * staff reads it, changes what does not fit the question, and sends it.
 */
export function heldReply(input: NoticeInput, language: Language): string {
  const notice = factsOf(input);
  const words = wordsOf(language);
  const { say, pick } = words;
  const lines = (rows: readonly (readonly [string, string])[]): string[] =>
    rows.map(([name, value]) => `${say('・', '- ')}${name}${say('：', ': ')}${value}`);
  const hours = words.span(pathHours(notice));
  return [
    say('お問い合わせありがとうございます。', 'Thank you for asking.'),
    '',
    say(
      'この計測では、映像、お顔、お名前、年齢や性別は保存していません。どなたの記録であるかが分からないため、お一人分の記録を探して取り出すことはできません。',
      'This measurement holds no picture, face, name, age or sex. Nothing says whose record is whose, so we cannot look up or take out the record of one person.',
    ),
    say(
      `ただし、位置をつなぐと誰かひとりの道筋を区別できるデータが、最長${hours}あります。その期間を過ぎると消えます。`,
      `For at most ${hours}, there is data in which positions joined up show the path of some one person. After that it is erased.`,
    ),
    '',
    say('保存しているものと期間', 'What is held, and for how long'),
    ...lines(retentionRows(notice, words)),
    '',
    say('データを受け取る者', 'Who receives data'),
    ...lines(recipientRows(notice, words)),
    '',
    say('同じカメラの映像を録画する者', 'Who else records from the cameras'),
    ...lines(otherRecorders(notice, words)),
    '',
    `${pick(notice.operator.name)}  ${notice.plan.operator.contact}`,
  ].join('\n');
}
