import { facts, points, text, type Section } from './document.js';
import type { NoticeFacts } from './facts.js';
import type { Words } from './language.js';
import { pathSentence } from './path-section.js';
import { otherRecorders, recipientRows, retentionRows, startText } from './sections.js';

/** What a member of the staff answers when asked, so that everyone hears one explanation. */
export function answersSection(notice: NoticeFacts, words: Words): Section {
  const { plan, purposes, operator } = notice;
  const sentences = (rows: readonly (readonly [string, string])[]): string =>
    rows
      .map(([what, value]) => `${what}${words.say('：', ': ')}${value}`)
      .join(words.say('／', '; '));
  return {
    id: 'answers',
    title: words.say('お客様に聞かれたら', 'When a passenger asks'),
    blocks: [
      facts([
        [
          words.say('「何を撮っているの？」', '“What are you filming?”'),
          words.say(
            '「混雑を測っています。映像からは人のいる場所だけを求めて、映像はすぐに消しています。保存していません。」',
            '“We measure how crowded it is. From the picture we take only where people are, and the picture is destroyed at once. It is not kept.”',
          ),
        ],
        [
          words.say('「何のため？」', '“What for?”'),
          words.list(purposes.map(({ purpose }) => words.pick(purpose.name))),
        ],
        [
          words.say('「私が誰か分かるの？」', '“Do you know who I am?”'),
          words.say(
            `「いいえ。顔は見分けていません。」続けて聞かれたら：${pathSentence(notice, words)}`,
            `“No. Faces are not recognised.” If asked further: ${pathSentence(notice, words)}`,
          ),
        ],
        [
          words.say('「いつまで残るの？」', '“How long is it kept?”'),
          sentences(retentionRows(notice, words)),
        ],
        [
          words.say('「誰に渡しているの？」', '“Who gets it?”'),
          sentences(recipientRows(notice, words)),
        ],
        [
          words.say('「ほかに録画している？」', '“Does anybody else record?”'),
          sentences(otherRecorders(notice, words)),
        ],
        [words.say('「いつから？」', '“Since when?”'), startText(notice, words)],
        [
          words.say(
            '「もっと知りたい・やめてほしい」',
            '“I want to know more”, “I do not want this”',
          ),
          words.say(
            `その場で言い返したり約束したりせず、窓口をご案内します：${words.pick(operator.name)} ${plan.operator.contact}${notice.url === undefined ? '' : `　${notice.url}`}`,
            `Do not argue and promise nothing; give the contact: ${words.pick(operator.name)}, ${plan.operator.contact}${notice.url === undefined ? '' : `, ${notice.url}`}`,
          ),
        ],
      ]),
    ],
  };
}

export function rulesSection(_: NoticeFacts, words: Words): Section {
  return {
    id: 'rules',
    title: words.say('守ること', 'What we keep to'),
    blocks: [
      points([
        words.say(
          '「完全に匿名です」「たどれません」とは言いません。位置をつなぐと道筋になるためです。',
          'Never say “it is fully anonymous” or “nobody can be followed”: positions joined up are a path.',
        ),
        words.say(
          '画面の点を使って特定のお客様や同僚を追うことはしません。',
          'Never follow a passenger or a colleague by the dots on the screen.',
        ),
        words.say(
          '自分のアカウントだけを使い、決められた目的だけに使います。位置を見たことは記録に残ります。',
          'Use your own account, and only for the registered purposes. Reading positions is recorded.',
        ),
        words.say(
          '画面を撮影したり、外の人に見せたりしません。',
          'Take no photograph of the screen, and show it to nobody outside.',
        ),
        words.say(
          '掲示がはがれている、汚れている、カメラの向きが変わっていると気づいたら、すぐに知らせます。',
          'A notice that is gone or unreadable, or a camera that looks elsewhere: report it at once.',
        ),
      ]),
    ],
  };
}

export function briefedSection({ cameras }: NoticeFacts, words: Words): Section {
  const days = new Map<string, number[]>();
  for (const { number, governance } of cameras) {
    if (governance === undefined) continue;
    const day = governance.staffBriefedOn;
    days.set(day, [...(days.get(day) ?? []), number]);
  }
  return {
    id: 'briefed',
    title: words.say('説明の記録', 'Who was briefed'),
    blocks: [
      ...text(
        ...[...days].map(([day, numbers]) =>
          words.say(
            `カメラ ${numbers.join('、')}：計画では${words.day(day)}に説明`,
            `Camera ${numbers.join(', ')}: by the plan, briefed on ${words.day(day)}`,
          ),
        ),
      ),
      {
        kind: 'fill',
        labels: [
          words.say('説明した人', 'Briefed by'),
          words.say('日付', 'Date'),
          words.say('説明を受けた人', 'Briefed'),
          words.say('説明を受けた人', 'Briefed'),
          words.say('説明を受けた人', 'Briefed'),
        ],
      },
    ],
  };
}
