import type { RiskReport } from './risk-report.js';

type Text = { ja: string; en: string };

const STEPS_S = [60, 300, 900, 3_600];
/** From so large a share of small cells the reader is told. */
const MANY_SMALL = 0.5;

/** What the site plan could change, from what was found; in order of how much it helps. */
export function adviceOf(report: RiskReport): Text[] {
  const { figures, findings, kept, groups, source } = report;
  const isOver = (id: string): boolean => findings.some((one) => one.id === id && one.isOver);
  const advice: Text[] = [];
  const say = (ja: string, en: string): void => {
    advice.push({ ja, en });
  };
  if (isOver('rebuilt') || isOver('rejoined')) {
    say(
      '位置を保存しない（retention.positionsHours を 0 にし、目的の items から positions を外す）。番号を消しても、位置だけから道筋は組み立て直せます。短くするなら、必要な時間まで。',
      'Store no positions (retention.positionsHours to 0, and positions out of the items of every purpose): without any name, paths can be rebuilt from places alone. Where a purpose needs them, keep them for as few hours as it can do with.',
    );
    say(
      '位置を保存する場所を、目的に必要なエリアだけにする（目的の places）。出入口や改札から離れた、狭い範囲ほど安全です。',
      'Store positions of those areas alone that a purpose is about (its places): the smaller, and the farther from doors and gates, the safer.',
    );
  }
  if (isOver('legUnicity')) {
    const next = STEPS_S.find((stepS) => stepS > kept.legTimeStepS);
    if (next !== undefined)
      say(
        `移動の時刻をもっと粗く保存する（governance.legTimeStepS を ${kept.legTimeStepS} から ${next} に）。`,
        `Store the times of movements in longer steps (governance.legTimeStepS from ${kept.legTimeStepS} to ${next}).`,
      );
    say(
      `移動の記録を短くする（retention.flowLegsDays、いまは ${kept.flowLegsDays} 日）、またはエリアを大きくまとめる。`,
      `Keep movements for a shorter time (retention.flowLegsDays, now ${kept.flowLegsDays}), or join small areas to larger ones.`,
    );
  }
  if (isOver('gateLog')) {
    const { gateLog } = figures;
    if ((gateLog?.paths.share ?? 0) > (gateLog?.legs.share ?? 0))
      say(
        '改札の前後のエリアの位置を保存しない（positions を使う目的の places から外す）。5 m 以内を消しても、まっすぐ歩く人の道筋は先まで読めます。',
        'Store no positions of the areas before and behind the ticket gates (leave them out of the places of every purpose that has positions): even where the last 5 m are missing, the way of somebody who walks straight on can be foretold.',
      );
    else
      say(
        '改札のある場所の移動の時刻を粗くする（governance.legTimeStepS）、または移動を改札のあるエリアについて保存しない（目的の places）。',
        'Store the times of movements in longer steps (governance.legTimeStepS), or store no movements of the areas that the gates lie in (places of the purpose).',
      );
    say(
      '改札の記録を持つ会社に、ここのデータを渡さない。両方を持つ者だけが名前に結び付けられます。',
      'Give nothing of this to whoever holds the log of the gates: only who has both can put a name to a path.',
    );
  }
  if (figures.gateLog === null && source === 'warehouse')
    say(
      '計画に改札（ticketGates）がありません。名前の分かる記録を持つ機械（改札、入退室、レジ）があれば、その線を書いてください。5 m 以内の位置は保存されなくなります。',
      'The plan names no ticket gates. Where a device has a log that knows names (a gate, a door, a till), draw its line into ticketGates: positions within 5 m of it are then not stored.',
    );
  const movements = groups.cells.filter(({ of, cells }) => of !== 'areas' && cells > 0);
  if (movements.some(({ cells, under }) => under / cells > MANY_SMALL))
    say(
      `${groups.smallestGroup} 人未満の集計が多く、7 日で消えます。長く残したいなら、もっと長い時間、もっと大きなエリアで数えてください。`,
      `Many counts are of fewer than ${groups.smallestGroup} people, and go after 7 days. What is to last longer has to be counted over longer times or larger areas.`,
    );
  if (figures.positions > 0)
    say(
      '掲示には、位置から一人の道筋をたどれること、それが何時間か（下の数字）を書いてください。「特定の個人を追えない」とは書けません。',
      'Let the notice say that one path can be told from the stored positions, and for how many hours: no text may say that it cannot.',
    );
  return advice;
}
