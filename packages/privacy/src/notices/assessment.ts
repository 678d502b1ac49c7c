import { table, text, type Section } from './document.js';
import type { NoticeFacts } from './facts.js';
import type { Words } from './language.js';
import type { AuditFigure } from './audit-figures.js';
import { figureText } from './path-section.js';
import { otherRecorders } from './sections.js';

/** What may go wrong for those who are filmed, what is done about it, and what was measured; the judgement is a person's. */
export function riskSection(notice: NoticeFacts, words: Words): Section {
  const { plan, audit } = notice;
  const limits = plan.governance.riskLimits;
  const measured = (figure: AuditFigure | undefined, most: number): string => {
    const limit = words.say(
      `計画の上限 ${words.percent(most)}`,
      `the plan’s limit is ${words.percent(most)}`,
    );
    const found = words.say(
      `${figureText(figure, words)}（${limit}）`,
      `${figureText(figure, words)} (${limit})`,
    );
    if (figure?.share == null) return found;
    return figure.share > most
      ? words.say(`${found}：上限を超えています`, `${found}: above the limit`)
      : words.say(`${found}：上限以内`, `${found}: within it`);
  };
  const gates = plan.ticketGates.length;
  return {
    id: 'risks',
    title: words.say('考えられる影響と対策', 'What may go wrong, and what is done about it'),
    blocks: [
      table(
        [
          words.say('影響', 'What may happen'),
          words.say('対策', 'What is done'),
          words.say('測定・現状', 'Measured, as it stands'),
        ],
        [
          [
            words.say('映像が漏れる', 'Pictures leak'),
            words.say(
              '映像を保存せず、位置を求めたら直ちに上書きします。',
              'No picture is kept; each is overwritten once its positions are there.',
            ),
            words.say(
              '受け取った映像と消した映像の数を公開ページに示します。',
              'The public page shows how many pictures came in and how many were destroyed.',
            ),
          ],
          [
            words.say(
              '位置からひとりの道筋が組み立てられる',
              'Somebody’s path is put together from positions',
            ),
            words.say(
              '位置の保存は短期間だけとし、見た人と目的を記録します。',
              'Positions are kept briefly; who read them, and for what, is recorded.',
            ),
            measured(audit?.rebuilt, limits.rebuiltShareMax),
          ],
          [
            words.say('途中で切れた道筋がつながれる', 'Paths that were cut are joined again'),
            words.say(
              '番号は使い捨てで、対応表も鍵もありません。',
              'Numbers are thrown away; there is no table and no key behind them.',
            ),
            measured(audit?.rejoined, limits.rejoinedShareMax),
          ],
          [
            words.say('移動の記録からひとりに絞られる', 'A movement singles out one person'),
            words.say(
              '時刻を粗くし、短期間で消します。',
              'Times are coarse, and movements are erased soon.',
            ),
            measured(audit?.legUnicity, limits.legUnicityMax),
          ],
          [
            words.say(
              '改札の記録と突き合わせて名前が分かる',
              'The log of a ticket gate gives a path its name',
            ),
            gates > 0
              ? words.say(
                  `計画にある改札${gates}か所の5m以内の位置は保存しません。`,
                  `Positions within 5 m of the ${gates} ticket gates of the plan are not stored.`,
                )
              : words.say(
                  '計画に改札がありません。あれば計画に書き足してください。',
                  'The plan has no ticket gates. If there are any, add them.',
                ),
            measured(audit?.gateLog, limits.gateLogMax),
          ],
          [
            words.say('少人数の統計からひとりが分かる', 'A count of a few tells of one person'),
            words.say(
              `${plan.governance.smallestGroup}人未満の統計は7日で消します。`,
              `Counts of fewer than ${plan.governance.smallestGroup} people are erased after 7 days.`,
            ),
            '',
          ],
          [
            words.say('別の目的に使われる', 'Data is used for something else'),
            words.say(
              '目的・提供先を変えるには新しいお知らせが必要で、期間が過ぎるまでソフトウェアが拒みます。',
              'Another purpose or recipient needs a new notice, and the software refuses until it has stood.',
            ),
            words.say(
              `掲示期間 ${plan.governance.noticeDays}日`,
              `a notice stands for ${plan.governance.noticeDays} days`,
            ),
          ],
          [
            words.say(
              '同じカメラを別の者が録画している',
              'Somebody else records from the same camera',
            ),
            words.say(
              '誰が何のためにどれだけ保存するかを掲示します。',
              'The notice says who, what for and for how long.',
            ),
            otherRecorders(notice, words)
              .map((row) => row.join(words.say('：', ': ')))
              .join(words.say('／', '; ')),
          ],
          [
            words.say('混雑時に人数が少なく出る', 'In a dense crowd too few are counted'),
            words.say(
              '見えている割合と検出の限界を数値と一緒に示します。',
              'What share is seen, and how near the detector is to its limit, is shown with every number.',
            ),
            words.say(
              '安全の判断は係員が目で確かめます。',
              'The staff look for themselves before they decide on safety.',
            ),
          ],
        ],
      ),
    ],
  };
}

export function decisionSection(_: NoticeFacts, words: Words): Section {
  return {
    id: 'decision',
    title: words.say('判断（人が記入します）', 'Decision (written by a person)'),
    blocks: [
      ...text(
        words.say(
          'この書類は計画から自動で作った下書きです。残る影響が目的に見合うかどうかは、責任者が判断して記入してください。',
          'This is a draft made from the plan. Whether what remains is worth the purpose is for those responsible to judge and to write down.',
        ),
      ),
      {
        kind: 'fill',
        labels: [
          words.say('残る影響', 'What remains'),
          words.say('寄せられた意見と対応', 'Opinions received, and what was done'),
          words.say('判断と理由', 'Decision and reason'),
          words.say('見直す日', 'To be reviewed on'),
          words.say('責任者・日付', 'Responsible, date'),
        ],
      },
    ],
  };
}
