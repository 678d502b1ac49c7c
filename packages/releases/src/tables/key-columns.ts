import type { CellKey, DatasetSubject, ReleaseColumn } from '@hitonami/model';
import type { Place, Places } from './places.js';

/** What stands for the whole: the sum over all places of the dataset. No id of a plan can be it. */
export const WHOLE = '*';

export interface KeyColumn extends ReleaseColumn {
  value(key: CellKey): string | number | null;
}

const both = (ja: string, en: string): { ja: string; en: string } => ({ ja, en });

const WHOLE_IN_WORDS = both('全体', 'All places');

/** Which roles the places of a cell have, in their order. */
export const ROLES_OF: Readonly<Record<DatasetSubject, readonly string[]>> = {
  areas: ['area'],
  lines: ['line'],
  movements: ['from', 'to'],
  sequences: ['first', 'second', 'third'],
};

const ROLE_WORDS: Readonly<Record<string, { ja: string; en: string }>> = {
  area: both('場所', 'Area'),
  line: both('計数線', 'Count line'),
  from: both('出発地', 'From'),
  to: both('到着地', 'To'),
  first: both('1か所目', 'First place'),
  second: both('2か所目', 'Second place'),
  third: both('3か所目', 'Third place'),
};

export function keyColumns(subject: DatasetSubject, places: Places): KeyColumn[] {
  const roles = ROLES_OF[subject];
  return [
    ...roles.flatMap((role, i) =>
      placeColumns(role, i, places, i === 0 || subject !== 'sequences'),
    ),
    ...(roles.length === 1 ? [floorColumn(places)] : []),
    ...(subject === 'lines' ? [DIRECTION] : []),
    START,
    DURATION,
  ];
}

function placeColumns(role: string, i: number, places: Places, isRequired: boolean): KeyColumn[] {
  const words = ROLE_WORDS[role] ?? both(role, role);
  const named = (key: CellKey, language: 'ja' | 'en'): string | null =>
    key.places.length === 0
      ? WHOLE_IN_WORDS[language]
      : (place(key, i, places)?.name[language] ?? null);
  const name = (language: 'ja' | 'en', ja: string, en: string): KeyColumn => ({
    name: `${role}_name_${language}`,
    type: 'string',
    title: both(`${words.ja}の名称（${ja}）`, `${words.en}: name in ${en}`),
    description: both(
      `公開時点の計画にある名称です。`,
      'As the site plan had it when this was made.',
    ),
    isRequired,
    value: (key) => named(key, language),
  });
  return [
    {
      name: role,
      type: 'string',
      title: words,
      description: both(
        `計画にある識別子です。「${WHOLE}」は対象の場所すべての合計です。`,
        `Its id in the site plan. “${WHOLE}” is the sum over all places of the dataset.`,
      ),
      isRequired,
      value: (key) => (key.places.length === 0 ? WHOLE : (key.places[i] ?? null)),
    },
    name('ja', '日本語', 'Japanese'),
    name('en', '英語', 'English'),
  ];
}

function place(key: CellKey, i: number, places: Places): Place | undefined {
  const id = key.places[i];
  return id === undefined ? undefined : places.get(id);
}

function floorColumn(places: Places): KeyColumn {
  return {
    name: 'floor',
    type: 'string',
    title: both('階', 'Floor'),
    description: both(
      '計画にある階の識別子です。全体の行では空です。',
      'Id of its floor in the site plan; none where it is the whole.',
    ),
    isRequired: false,
    value: (key) => place(key, 0, places)?.floor ?? null,
  };
}

const DIRECTION: KeyColumn = {
  name: 'direction',
  type: 'string',
  title: both('方向', 'Direction'),
  description: both(
    '計数線を始点から終点へ見て、左側へ抜ける向きがforward、反対がbackwardです。空は両方向の合計です。',
    'forward goes to the left of the line, seen from its first point to its second; backward the other way; none is both together.',
  ),
  isRequired: false,
  allowed: ['forward', 'backward'],
  value: (key) => key.direction ?? null,
};

const START: KeyColumn = {
  name: 'start',
  type: 'datetime',
  title: both('開始時刻', 'Start'),
  description: both(
    '時間帯の始まりです。現地時刻と協定世界時との差を含みます（ISO 8601）。Parquetでは同じ瞬間の協定世界時です。',
    'Where the half-open step begins: local time with its offset from UTC (ISO 8601); in Parquet the same instant in UTC.',
  ),
  isRequired: true,
  value: (key) => key.startMs,
};

const DURATION: KeyColumn = {
  name: 'duration_s',
  type: 'integer',
  title: both('時間帯の長さ', 'Duration'),
  description: both('時間帯の長さです。', 'Length of the step.'),
  unit: 's',
  isRequired: true,
  value: (key) => key.lengthMs / 1000,
};
