import { decisionSection, riskSection } from './assessment.js';
import type { NoticeName, Section } from './document.js';
import type { NoticeFacts } from './facts.js';
import type { Words } from './language.js';
import { pathSection } from './path-section.js';
import { hopSection, needSection, scopeSection } from './register.js';
import {
  benefitSection,
  cameraSection,
  changeSection,
  generatedSection,
  mapSection,
  operatorSection,
  othersSection,
  pictureSection,
  purposeSection,
  recipientSection,
  retentionSection,
  startSection,
  type SectionOf,
} from './sections.js';
import { answersSection, briefedSection, rulesSection } from './staff.js';

/** A document as data: what it is called and says, section by section. */
export interface NoticeDocument {
  readonly name: NoticeName;
  readonly title: string;
  readonly lead: string;
  readonly sections: readonly Section[];
}

/** What every notice to the public answers. */
const PUBLIC: readonly SectionOf[] = [
  changeSection,
  purposeSection,
  benefitSection,
  operatorSection,
  startSection,
  pictureSection,
  mapSection,
  cameraSection,
  generatedSection,
  pathSection,
  othersSection,
  retentionSection,
  recipientSection,
];

const SECTIONS: Readonly<Record<NoticeName, readonly SectionOf[]>> = {
  'prior-notice': PUBLIC,
  page: PUBLIC,
  // The poster and the sticker have a layout of their own; what they say is the same.
  poster: PUBLIC,
  sticker: [operatorSection, pictureSection, purposeSection],
  explanation: [...PUBLIC, needSection, hopSection, scopeSection],
  register: [
    changeSection,
    operatorSection,
    hopSection,
    scopeSection,
    recipientSection,
    othersSection,
    cameraSection,
  ],
  briefing: [answersSection, rulesSection, mapSection, briefedSection],
  assessment: [
    changeSection,
    purposeSection,
    benefitSection,
    operatorSection,
    startSection,
    needSection,
    mapSection,
    cameraSection,
    generatedSection,
    pathSection,
    hopSection,
    scopeSection,
    recipientSection,
    othersSection,
    retentionSection,
    riskSection,
    decisionSection,
  ],
};

export function documentOf(name: NoticeName, notice: NoticeFacts, words: Words): NoticeDocument {
  const { title, lead } = headOf(name, notice, words);
  const sections = SECTIONS[name]
    .map((section) => section(notice, words))
    .filter(({ blocks }) => blocks.length > 0);
  return { name, title, lead, sections };
}

function headOf(
  name: NoticeName,
  notice: NoticeFacts,
  { pick, say, day }: Words,
): { title: string; lead: string } {
  const site = pick(notice.plan.name);
  const who = pick(notice.operator.name);
  switch (name) {
    case 'prior-notice':
      return {
        title: say(
          'カメラで混雑を測ります（事前のお知らせ）',
          'We will measure crowding with cameras (prior notice)',
        ),
        lead:
          notice.startDay === undefined
            ? say(
                `${who}は、${site}でカメラを使って混雑を測る準備をしています。開始日はまだ決まっていません。映像は保存しません。`,
                `${who} prepares to measure with cameras how crowded ${site} is. The day on which it starts is not decided yet. No picture is kept.`,
              )
            : say(
                `${who}は、${site}で、${day(notice.startDay)}からカメラを使って混雑を測ります。映像は保存しません。`,
                `From ${day(notice.startDay)}, ${who} measures with cameras how crowded ${site} is. No picture is kept.`,
              ),
      };
    case 'page':
    case 'poster':
    case 'sticker':
      return {
        title: say('カメラで混雑を測っています', 'Cameras measure crowding here'),
        lead: say(
          `${site}では、${who}がカメラを使って混雑を測っています。映像は保存せず、誰であるかを見分けることもありません。`,
          `At ${site}, ${who} measures with cameras how crowded it is. No picture is kept, and nobody is recognised.`,
        ),
      };
    case 'explanation':
      return {
        title: say(
          '混雑の計測についての詳しい説明',
          'How we measure crowding: the whole explanation',
        ),
        lead: say(
          `${site}での計測について、目的から保存期間、管理責任者まですべてを説明します。`,
          `Everything about the measurement at ${site}: what for, what is kept for how long, and who answers for it.`,
        ),
      };
    case 'register':
      return {
        title: say(
          'データのライフサイクルと管理責任者の台帳',
          'Register of the data’s life and who answers for it',
        ),
        lead: say(
          `${site}、計画 第${notice.plan.version}版。データが生まれてから消えるまでの各段階です。`,
          `${site}, version ${notice.plan.version} of the plan. Every step from where data is made to where it is erased.`,
        ),
      };
    case 'briefing':
      return {
        title: say('係員への説明シート', 'Briefing sheet for the staff'),
        lead: say(
          `${site}で働く全員が同じ説明をするための一枚です。`,
          `So that everyone who works at ${site} gives the same explanation.`,
        ),
      };
    case 'assessment':
      return {
        title: say('影響評価（下書き）', 'Impact assessment (draft)'),
        lead: say(
          `${site}、計画 第${notice.plan.version}版から作成。責任者の判断が必要です。`,
          `${site}, made from version ${notice.plan.version} of the plan. It needs the judgement of those responsible.`,
        ),
      };
  }
}
