import type { SitePlan } from '@hitonami/model';
import { html, type Markup, type Words } from '@hitonami/privacy';
import {
  ANSWERED_KEPT_DAYS,
  INQUIRY_LIMITS,
  type Inquiry,
  type InquiryKind,
} from '@hitonami/records';
import { instantText } from '../pages/instants.js';
import { layout } from '../pages/layout.js';

/** Under which address the form of a kind is. */
export const FORM_PATHS: Readonly<Record<InquiryKind, string>> = {
  inquiry: 'ask',
  opinion: 'opinion',
};

/** What somebody has written, as it came. */
export interface Written {
  text: string;
  contact: string;
}

/** The form of a question or an opinion. @param problem what was wrong with what was written */
export function formPage(
  plan: SitePlan,
  kind: InquiryKind,
  words: Words,
  written: Written = { text: '', contact: '' },
  problem?: string,
): string {
  const { say, language } = words;
  const path = `${plan.site}/${FORM_PATHS[kind]}`;
  const isQuestion = kind === 'inquiry';
  const title = isQuestion
    ? say('質問する', 'Ask a question')
    : say('意見を送る', 'Tell us what you think');
  return layout(
    { words, title, site: words.pick(plan.name), path: (other) => `/${other}/${path}` },
    html`<p>
        ${
          isQuestion
            ? say(
                '何を撮っているか、何が残るかなど、なんでもお尋ねください。お名前は要りません。送ると番号とリンクが表示され、そのリンクで回答をご覧になれます。',
                'Ask what is filmed, what is kept, or anything else. You need not give a name. You get a number and a link; the answer will be at that link.',
              )
            : say(
                'この計測についてのご意見をお寄せください。お名前は要りません。いただいたご意見は担当者が読み、まとめて報告します。',
                'Tell us what you think of this. You need not give a name. The staff read every opinion and report on them.',
              )
        }
      </p>
      ${problem !== undefined && html`<p class="error" role="alert">${problem}</p>`}
      <form method="post" action="/${language}/${path}">
        <label for="text"
          >${isQuestion ? say('ご質問', 'Your question') : say('ご意見', 'Your opinion')}</label
        >
        <p class="hint" id="text-hint">
          ${say(`${INQUIRY_LIMITS.text}文字まで。ご自分や他の方のお名前は書かないでください。`, `At most ${INQUIRY_LIMITS.text} characters. Please name nobody, not even yourself.`)}
        </p>
        <textarea
          id="text"
          name="text"
          required
          maxlength="${INQUIRY_LIMITS.text}"
          aria-describedby="text-hint"
        >
${written.text}</textarea>
        <label for="contact"
          >${say('連絡先（なくてもかまいません）', 'Contact (only if you like)')}</label
        >
        <p class="hint" id="contact-hint">
          ${say('リンク以外でも回答を受け取りたいときだけ、メールアドレスなどをお書きください。', 'Give an e-mail address only if you want the answer in another way than by the link.')}
        </p>
        <input
          id="contact"
          name="contact"
          maxlength="${INQUIRY_LIMITS.contact}"
          autocomplete="off"
          aria-describedby="contact-hint"
          value="${written.contact}"
        />
        <div class="trap" aria-hidden="true">
          <label for="website">${say('ここには書かないでください', 'Leave this empty')}</label
          ><input id="website" name="website" tabindex="-1" autocomplete="off" />
        </div>
        <p class="hint">
          ${say(`お送りいただいた内容は、回答から${ANSWERED_KEPT_DAYS}日後に消します。`, `What you send is erased ${ANSWERED_KEPT_DAYS} days after it was answered.`)}
        </p>
        <button>${say('送る', 'Send')}</button>
      </form>
      <p>
        <a href="/${language}/${plan.site}/">${say('お知らせへ戻る', 'Back to the notice')}</a>
      </p>`,
  );
}

/** That it has come, with its number and the link to its answer. */
export function thanksPage(
  plan: SitePlan,
  kind: InquiryKind,
  number: number | undefined,
  link: string,
  words: Words,
): string {
  const { say } = words;
  return layout(
    { words, title: say('受け付けました', 'Thank you'), site: words.pick(plan.name) },
    html`<p class="lead">
        ${
          kind === 'inquiry'
            ? say('ご質問を受け付けました。', 'Your question has come in.')
            : say('ご意見を受け付けました。', 'Your opinion has come in.')
        }
      </p>
      ${number !== undefined && html`<p>${say('受付番号：', 'Number: ')}<strong>${number}</strong></p>`}
      <p>
        ${say('回答は次のリンクでご覧になれます。リンクを知っている人だけが見られますので、控えておいてください。あとから調べ直すことはできません。', 'The answer will be at this link. Whoever has it can see it, and it cannot be found again later: please keep it.')}
      </p>
      <p class="link"><a href="${link}">${link}</a></p>
      <p>
        <a href="/${words.language}/${plan.site}/"
          >${say('お知らせへ戻る', 'Back to the notice')}</a
        >
      </p>`,
  );
}

export function answerPage(plan: SitePlan, inquiry: Inquiry, path: string, words: Words): string {
  const { say, language } = words;
  const { answer, answeredAt } = inquiry;
  const at = (instant: Date): string => instantText(instant.getTime(), plan.timeZone, language);
  const wrote = (title: string, when: string, text: string): Markup =>
    html`<h2>${title}</h2>
      <p class="hint">${when}</p>
      <p class="words">${text}</p>`;
  return layout(
    {
      words,
      title: say(`受付番号 ${inquiry.id}`, `Number ${inquiry.id}`),
      site: words.pick(plan.name),
      path: (other) => `/${other}/${path}`,
    },
    html`${
        inquiry.kind === 'inquiry'
          ? wrote(say('ご質問', 'Your question'), at(inquiry.at), inquiry.text)
          : wrote(say('ご意見', 'Your opinion'), at(inquiry.at), inquiry.text)
      }
      ${
        answer !== null && answeredAt !== null
          ? html`${wrote(say('回答', 'Answer'), at(answeredAt), answer)}
              <p class="hint">
                ${say(`回答から${ANSWERED_KEPT_DAYS}日後に、このページの内容を消します。`, `What is on this page is erased ${ANSWERED_KEPT_DAYS} days after the answer.`)}
              </p>`
          : html`<p class="notice">
              ${say('まだ回答していません。もうしばらくお待ちください。', 'There is no answer yet. Please look again later.')}
            </p>`
      }
      <p>
        <a href="/${language}/${plan.site}/">${say('お知らせへ戻る', 'Back to the notice')}</a>
      </p>`,
  );
}
