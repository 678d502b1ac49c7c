import type { ReleaseColumn } from '@hitonami/model';

const both = (ja: string, en: string): { ja: string; en: string } => ({ ja, en });

function code(
  name: string,
  title: [string, string],
  description: [string, string],
  more: Partial<ReleaseColumn> = {},
): ReleaseColumn {
  const words = { title: both(...title), description: both(...description) };
  return { name, type: 'string', ...words, isRequired: true, ...more };
}

/** Columns of the ministry's mesh file, by its names and in its order; codes are texts, for they begin with zeros. */
const MINISTRY: readonly ReleaseColumn[] = [
  code(
    'mesh1kmid',
    ['1kmメッシュID', 'Mesh cell'],
    [
      '第3次地域区画（JIS X 0410）の8桁のコードです。',
      'Eight digits of the third-level mesh of JIS X 0410, about 1 km wide.',
    ],
  ),
  code(
    'prefcode',
    ['都道府県コード', 'Prefecture'],
    ['計画にないため空です。', 'Empty: the site plan does not have it.'],
    { isRequired: false },
  ),
  code(
    'citycode',
    ['市区町村コード', 'Municipality'],
    ['計画にないため空です。', 'Empty: the site plan does not have it.'],
    { isRequired: false },
  ),
  code('year', ['年', 'Year'], ['集計した年です。', 'Year of the month.']),
  code('month', ['月', 'Month'], ['集計した月（2桁）です。', 'Month, two digits.']),
  code(
    'dayflag',
    ['平休日区分', 'Kind of day'],
    [
      '0は休日（土日・国民の祝日・休日）、1は平日、2は全日です。',
      '0: Saturdays, Sundays and national holidays; 1: working days; 2: all days.',
    ],
    { allowed: ['0', '1', '2'] },
  ),
  code(
    'timezone',
    ['時間帯区分', 'Time of day'],
    [
      '0は昼（11時台〜14時台）、1は深夜（1時台〜4時台）、2は終日です。',
      '0: the hours from 11 to 14 o’clock; 1: from 1 to 4 o’clock; 2: all day.',
    ],
    { allowed: ['0', '1', '2'] },
  ),
  {
    name: 'population',
    type: 'integer',
    title: both('滞在人口', 'Population'),
    description: both(
      '観測した場所に同時にいた人数の平均です。値が公開された時間帯だけの平均で、10人未満は空です（0ではありません）。',
      'People at once in the places that were observed, averaged over the steps that were told; empty under ten, which is not zero.',
    ),
    unit: 'persons',
    isRequired: false,
  },
];

const SHARES: readonly ReleaseColumn[] = [
  {
    name: 'observed_share',
    type: 'number',
    title: both('観測した面積の割合', 'Observed share'),
    description: both(
      'メッシュの面積のうち、観測した床面積の割合です（0〜1）。滞在人口はこの部分の人数です。',
      'Floor that was observed, as a share of the cell’s ground, 0 to 1. The population is of this part alone.',
    ),
    unit: '1',
    isRequired: true,
  },
  {
    name: 'told_share',
    type: 'number',
    title: both('値のある時間帯の割合', 'Told share'),
    description: both(
      '該当する時間帯のうち、人数が公開されたものの割合です（0〜1）。',
      'Share of the steps of such days and times whose people were told, 0 to 1.',
    ),
    unit: '1',
    isRequired: true,
  },
];

export function meshColumns(isWhole: boolean): readonly ReleaseColumn[] {
  return isWhole ? MINISTRY : [...MINISTRY, ...SHARES];
}
