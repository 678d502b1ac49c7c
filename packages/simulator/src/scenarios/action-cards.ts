import type { PlanActionCard } from '@hitonami/model';

/** What the staff of the fictitious station have agreed to do where it grows too full, and where nobody can see. */
export const ACTION_CARDS: readonly PlanActionCard[] = [
  {
    id: 'too-full',
    title: { ja: '混雑時の行動', en: 'When it is too full' },
    steps: [
      {
        ja: '改札の入場を制限する（半分の通路を閉じる）',
        en: 'Limit the gates: close every other one',
      },
      {
        ja: '一方通行にして、流れの向きを案内する',
        en: 'Make it one way, and announce which way',
      },
      {
        ja: '混雑している場所へ降りるエスカレーターを止める',
        en: 'Stop the escalators that lead into it',
      },
      {
        ja: '応援を呼び、警備本部へ連絡する',
        en: 'Call for help, and tell the control centre',
      },
    ],
  },
];
