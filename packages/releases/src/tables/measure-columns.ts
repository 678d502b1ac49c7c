import {
  ABSENT_BECAUSE,
  type CellMeasures,
  type CellQuality,
  type DatasetSubject,
  type ReleaseColumn,
} from '@hitonami/model';

export interface MeasureColumn extends ReleaseColumn {
  readonly measure: keyof CellMeasures;
}

const both = (ja: string, en: string): { ja: string; en: string } => ({ ja, en });

const OCCUPANCY: MeasureColumn = {
  measure: 'occupancy',
  name: 'occupancy_mean_persons',
  type: 'number',
  title: both('平均滞在人数', 'Mean occupancy'),
  description: both(
    'その時間帯に、その場所に同時にいた人数の時間平均です。',
    'How many people were in the place at once, averaged over the time of the step.',
  ),
  unit: 'persons',
  isRequired: false,
};
const OCCUPANCY_MAX: MeasureColumn = {
  measure: 'occupancyMax',
  name: 'occupancy_max_persons',
  type: 'integer',
  title: both('最大滞在人数', 'Peak occupancy'),
  description: both(
    'その時間帯に、その場所に同時にいた人数の最大値です。',
    'The most people who were in the place at one instant of the step.',
  ),
  unit: 'persons',
  isRequired: false,
};
const DENSITY: MeasureColumn = {
  measure: 'density',
  name: 'density_mean_persons_per_m2',
  type: 'number',
  title: both('平均密度', 'Mean density'),
  description: both(
    '平均滞在人数を、観測できた床面積で割った値です。',
    'People and seconds, over observed square metres and seconds.',
  ),
  unit: 'persons/m²',
  isRequired: false,
};
const LOS: MeasureColumn = {
  measure: 'los',
  name: 'level_of_service',
  type: 'string',
  title: both('サービス水準', 'Level of service'),
  description: both(
    '平均密度によるフルーインのサービス水準です。Aが最も空いており、Fが最も混んでいます。',
    'Fruin’s level of service by the mean density: A is free, F is jammed.',
  ),
  isRequired: false,
  allowed: ['A', 'B', 'C', 'D', 'E', 'F'],
};
const SPEED: MeasureColumn = {
  measure: 'meanSpeedMS',
  name: 'mean_speed_m_per_s',
  type: 'number',
  title: both('平均速度', 'Mean speed'),
  description: both('そこにいた人の速さの平均です。', 'Mean speed of those who were there.'),
  unit: 'm/s',
  isRequired: false,
};
const TRAVEL: MeasureColumn = {
  measure: 'meanTravelS',
  name: 'mean_travel_s',
  type: 'number',
  title: both('平均所要時間', 'Mean travel time'),
  description: both(
    '最初の場所から最後の場所までにかかった時間の平均です。',
    'Mean time from the first place to the last.',
  ),
  unit: 's',
  isRequired: false,
};

function count(name: string, title: [string, string], of: [string, string]): MeasureColumn {
  return {
    measure: 'count',
    name,
    type: 'integer',
    title: both(...title),
    description: both(
      `${of[0]}同じ人が二度数えられることがあるため、人数ではありません。`,
      `${of[1]} One person may be counted more than once: it is not a number of people.`,
    ),
    unit: name,
    isRequired: false,
  };
}

/** What is told of each subject. A cell with any other measure is refused rather than cut. */
export const MEASURES_OF: Readonly<Record<DatasetSubject, readonly MeasureColumn[]>> = {
  areas: [OCCUPANCY, OCCUPANCY_MAX, DENSITY, LOS, SPEED],
  lines: [
    count('passages', ['通過数', 'Passages'], ['線を通過した数です。', 'Passages of the line.']),
    SPEED,
  ],
  movements: [
    count(
      'movements',
      ['移動数', 'Movements'],
      ['出発地から到着地への移動の数です。', 'Movements from the first place to the second.'],
    ),
    TRAVEL,
  ],
  sequences: [
    count(
      'sequences',
      ['経路数', 'Ways'],
      ['この順に場所を通った経路の数です。', 'Ways that took these places in this order.'],
    ),
    TRAVEL,
  ],
};

export const REASON: ReleaseColumn = {
  name: 'absent_reason',
  type: 'string',
  title: both('値がない理由', 'Why it is absent'),
  description: both(
    '値がない行にだけ入ります。protected: 少人数の保護のため（0人と少人数は区別しません）。not-seen: 観測が足りません。not-measured: その時は計測していません。値がないことは0ではありません。',
    'Only where the values are absent. protected: it would tell of few people, or of a cell that does; none and few share it. not-seen: too little of it was seen. not-measured: it was not measured then. Absent is never zero.',
  ),
  isRequired: false,
  allowed: ABSENT_BECAUSE,
};

export interface QualityColumn extends ReleaseColumn {
  readonly quality: keyof CellQuality;
}

export const QUALITY: readonly QualityColumn[] = [
  {
    quality: 'coverage',
    name: 'coverage',
    type: 'number',
    title: both('観測率', 'Coverage'),
    description: both(
      'その場所と時間のうち、実際に観測できた割合です（0〜1）。',
      'Share of the place and step that was really seen, 0 to 1.',
    ),
    unit: '1',
    isRequired: true,
  },
  {
    quality: 'doubtful',
    name: 'doubtful_share',
    type: 'number',
    title: both('疑わしい観測の割合', 'Doubtful share'),
    description: both(
      '観測のうち、向きがずれた可能性のあるカメラによる割合です（0〜1）。',
      'Share of what was seen that was seen by cameras that had probably been moved, 0 to 1.',
    ),
    unit: '1',
    isRequired: false,
  },
  {
    quality: 'saturation',
    name: 'saturation',
    type: 'number',
    title: both('検出の飽和度', 'Saturation'),
    description: both(
      '検出器が上限にどれだけ近かったかです（0〜1）。高いほど実際より少なく数えられています。',
      'How far detectors were at their limit, 0 to 1: the higher, the more people were missed.',
    ),
    unit: '1',
    isRequired: false,
  },
];
