import type {
  BothLanguages,
  DatasetSubject,
  LegalClass,
  Licence,
  PlanDataset,
  ReleaseFormat,
  ReleaseManifest,
} from '@hitonami/model';

const both = (ja: string, en: string): BothLanguages => ({ ja, en });

/** The open licences; a contract has the dataset's own page as its address. */
export const LICENCE_FACTS: Readonly<
  Record<Licence, { name: BothLanguages; url: string | undefined; words: BothLanguages }>
> = {
  'CC0-1.0': {
    name: both('CC0 1.0', 'CC0 1.0'),
    url: 'https://creativecommons.org/publicdomain/zero/1.0/',
    words: both(
      'どなたでも、出典を示さずに自由に利用できます。',
      'Anybody may use it for anything, without naming its source.',
    ),
  },
  'CC-BY-4.0': {
    name: both('クリエイティブ・コモンズ 表示 4.0', 'Creative Commons Attribution 4.0'),
    url: 'https://creativecommons.org/licenses/by/4.0/',
    words: both(
      '出典を示せば、どなたでも自由に利用できます。加工したときはその旨も示してください。',
      'Anybody may use it for anything who names its source, and says where it was changed.',
    ),
  },
  'PDL-1.0': {
    name: both('公共データ利用規約（第1.0版）', 'Public Data License 1.0'),
    url: 'https://www.digital.go.jp/resources/open_data/public_data_license_v1.0',
    words: both(
      '出典を示せば、どなたでも自由に利用できます。加工したときはその旨も示してください。',
      'Anybody may use it for anything who names its source, and says where it was changed.',
    ),
  },
  contract: {
    name: both('契約による利用', 'By contract'),
    url: undefined,
    words: both(
      '契約した利用者だけが、契約に書かれた目的に限って利用できます。',
      'Only for those who have a contract, and for the purposes that it names.',
    ),
  },
};

/** What no licence allows, since no licence can. */
export const NO_REIDENTIFICATION = both(
  '個人を特定しようとすること、特定のためにほかのデータと照合することはしないでください。',
  'Do not try to find out who anybody is, nor combine it with other data to that end.',
);

export const LEGAL_FACTS: Readonly<
  Record<LegalClass, { name: BothLanguages; words: BothLanguages }>
> = {
  'statistical-information': {
    name: both('統計情報', 'Statistical information'),
    words: both(
      '個人との対応が残らない集計値です。個人情報保護法の個人情報・匿名加工情報にはあたらず、公表の義務はありませんが、項目と作り方をこのページで公表しています。',
      'Totals in which nothing corresponds to a person. The Act on the Protection of Personal Information has no duty of publication for it; its items and how it is made are published on this page all the same.',
    ),
  },
  'anonymously-processed-information': {
    name: both('匿名加工情報', 'Anonymously processed information'),
    words: both(
      '個人情報保護法第43条・第44条により、含まれる情報の項目と提供の方法をこのページで公表しています。受け取った方は、本人を識別するためにほかの情報と照合してはなりません（第45条）。',
      'Articles 43 and 44 of the Act on the Protection of Personal Information require that its items and the way it is given are published, as on this page. Whoever receives it must not collate it with other information to identify anybody (article 45).',
    ),
  },
};

export const SUBJECT_FACTS: Readonly<
  Record<DatasetSubject, { name: BothLanguages; words: BothLanguages }>
> = {
  areas: {
    name: both('場所ごとの混雑', 'Crowding of places'),
    words: both(
      '場所にいた人数、密度、混雑の段階',
      'How many people were in a place, density and level of service',
    ),
  },
  lines: {
    name: both('通過人数', 'Passages'),
    words: both('計数線を通った人数', 'How many people passed a count line'),
  },
  movements: {
    name: both('移動', 'Movements'),
    words: both('場所から場所へ移動した人数', 'How many people went from place to place'),
  },
  sequences: {
    name: both('経路', 'Ways'),
    words: both(
      '続けて通った場所の組ごとの人数',
      'How many people passed places one after the other',
    ),
  },
};

export const FORMAT_FACTS: Readonly<
  Record<ReleaseFormat, { name: string; words: BothLanguages; fileType?: string }>
> = {
  csv: { name: 'CSV', words: both('表（UTF-8）', 'Table, UTF-8'), fileType: 'CSV' },
  'csv-bom': {
    name: 'CSV',
    words: both('表計算ソフト向けの表（UTF-8、BOM付き）', 'Table for spreadsheets, UTF-8 with BOM'),
    fileType: 'CSV',
  },
  parquet: { name: 'Parquet', words: both('列指向の表', 'Table by columns'), fileType: 'PARQUET' },
  geojson: {
    name: 'GeoJSON',
    words: both('場所の形がある地図データ', 'With the outlines of places'),
    fileType: 'GEOJSON',
  },
  jsonl: {
    name: 'JSON Lines',
    words: both('1行が1件のJSON', 'JSON, one row a line'),
    fileType: 'JSON',
  },
  'ngsi-ld': {
    name: 'NGSI-LD',
    words: both('FIWARE の CrowdFlowObserved', 'CrowdFlowObserved of FIWARE'),
    fileType: 'JSON_LD',
  },
  'mesh-csv': {
    name: 'CSV',
    words: both(
      '1kmメッシュ（国土交通省の人流データの様式）',
      '1 km mesh, as the Ministry of Land’s people-flow data',
    ),
    fileType: 'CSV',
  },
  'table-schema': {
    name: 'JSON',
    words: both(
      '表の定義（Frictionless Table Schema）',
      'What the columns are (Frictionless Table Schema)',
    ),
    fileType: 'JSON',
  },
};

/** Without its parameters: `text/csv` of `text/csv; charset=utf-8`. */
export function bareType(mediaType: string): string {
  return mediaType.split(';', 1)[0]?.trim() ?? mediaType;
}

/** Length of a step: `PT15M`, `PT1H`, `P1D`. */
export function stepDuration({ stepS }: Pick<PlanDataset, 'stepS'>): string {
  return { 900: 'PT15M', 3600: 'PT1H', 86400: 'P1D' }[stepS];
}

export function stepWords({ stepS }: Pick<PlanDataset, 'stepS'>): BothLanguages {
  return {
    900: both('15分', '15 minutes'),
    3600: both('1時間', '1 hour'),
    86400: both('1日', '1 day'),
  }[stepS];
}

export function periodWords({ period }: Pick<PlanDataset, 'period'>): BothLanguages {
  return {
    day: both('毎日（1日分）', 'Daily, a day each'),
    month: both('毎月（1か月分）', 'Monthly, a month each'),
  }[period];
}

/** How to name the source, as text. */
export function citationOf(
  { publisher, dataset, period, version, createdMs, timeZone }: ReleaseManifest,
  url: string,
): BothLanguages {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(createdMs);
  const year = day.slice(0, 4);
  return both(
    `${publisher.ja}（${year}）「${dataset.title.ja}」${period}、第${version}版、${day}公開、${url}`,
    `${publisher.en} (${year}): ${dataset.title.en}, ${period}, version ${version}, published ${day}. ${url}`,
  );
}

/** What becomes of cells that cannot be told, of days that could not be measured, and of mistakes. */
export const SUPPLY_WORDS: readonly BothLanguages[] = [
  both(
    '見えなかった場所や時間、測っていなかった時間、人数が少なく伏せた値は、0ではなく空欄とし、理由の符号をつけます。',
    'Where and when nothing was seen or measured, and where too few people were, the value is left out with its reason; it is never 0.',
  ),
  both(
    '停止などで公開が遅れたときは、作成でき次第公開します。推定値で埋めることはありません。',
    'What is late after a failure is published as soon as it can be made. Nothing is filled in with guesses.',
  ),
  both(
    '公開したファイルは変更しません。誤りがあれば、理由を書いた新しい版を公開し、古い版も残します。',
    'A published file never changes. Where it was wrong, a new version says why, and the older one stays.',
  ),
];
