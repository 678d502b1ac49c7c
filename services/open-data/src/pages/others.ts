import type { SitePlan } from '@hitonami/model';
import { html, type Words } from '@hitonami/privacy';
import type { ToldHead } from '../site-documents.js';
import { layout } from './layout.js';

export function sitesPage(plans: readonly SitePlan[], words: Words): string {
  const { say, pick, language } = words;
  return layout(
    {
      words,
      title: say('混雑の計測についてのお知らせ', 'Notices on measuring crowds'),
      path: (other) => `/${other}/`,
    },
    plans.length === 0
      ? html`<p class="lead">
          ${say('まだ計測している場所はありません。', 'Nothing is measured yet.')}
        </p>`
      : html`<ul>
          ${plans.map(({ site, name }) => html`<li><a href="/${language}/${site}/">${pick(name)}</a></li>`)}
        </ul>`,
  );
}

export function headsPage(plan: SitePlan, heads: readonly ToldHead[], words: Words): string {
  const { say, language } = words;
  return layout(
    {
      words,
      title: say('閲覧記録の日々の公表値', 'Daily heads of the audit log'),
      site: words.pick(plan.name),
      path: (other) => `/${other}/${plan.site}/audit-heads`,
    },
    html`<p>
        ${say(
          '誰がいつ何を見たかの記録は、前の記録とつながる値（ハッシュ）を持っています。毎日その最新の値をここに公表するので、あとから記録を書き換えると一致しなくなります。値を控えておけば、どなたでも確かめられます。',
          'Each entry of the log of who read what holds a hash over itself and the one before. The newest hash of each day is published here: whoever changes an older entry later can no longer make it agree. Note a value down, and you can have it checked.',
        )}
      </p>
      ${
        heads.length === 0
          ? html`<p>${say('まだ公表したものはありません。', 'None has been published yet.')}</p>`
          : html`<table>
              <thead>
                <tr>
                  <th scope="col">${say('日（UTC）', 'Day (UTC)')}</th>
                  <th scope="col">${say('記録の番号', 'Entry')}</th>
                  <th scope="col">SHA-256</th>
                </tr>
              </thead>
              <tbody>
                ${heads.map(
                  ({ day, id, hash }) =>
                    html`<tr>
                      <td>${day}</td>
                      <td>${id}</td>
                      <td><code>${hash}</code></td>
                    </tr>`,
                )}
              </tbody>
            </table>`
      }
      <p>
        <a href="/${language}/${plan.site}/">${say('お知らせへ戻る', 'Back to the notice')}</a>
      </p>`,
  );
}

/** What went wrong, for people. */
export function faultPage(words: Words, title: string, text: string): string {
  return layout(
    { words, title },
    html`<p>${text}</p>
      <p><a href="/${words.language}/">${words.say('最初のページへ', 'To the first page')}</a></p>`,
  );
}
