/**
 * What hitonami refuses by name, whoever asks: it is not a missing feature, and no setting brings it. Whoever asks for
 * one of these in a plan is told why, rather than that a word is unknown.
 */
export const REFUSED_BY_NAME = [
  'face-or-gait',
  'demographics',
  'person-search',
  'staff-recognition',
  'wearable-camera',
  'recorded-footage',
] as const;
export type RefusedByName = (typeof REFUSED_BY_NAME)[number];

/** A sentence in both languages of the public. */
export interface BothLanguages {
  readonly ja: string;
  readonly en: string;
}

const WHY: Readonly<Record<RefusedByName, BothLanguages>> = {
  'face-or-gait': {
    en: 'no feature of a face, a gait or a body is ever computed: it would single out one person for life, and counting people does not need it',
    ja: '顔・歩き方・身体の特徴量は一切作りません。一人の人を生涯にわたって特定できてしまい、人数を数えるためには不要だからです',
  },
  demographics: {
    en: 'nobody’s age, gender or origin is ever estimated: such guesses are often wrong, treat people by their looks, and counting people does not need them',
    ja: '年齢・性別・出自の推定は一切行いません。推定はしばしば誤り、人を外見で扱うことになり、人数を数えるためには不要だからです',
  },
  'person-search': {
    en: 'nobody can be searched for: the system knows no one, its pseudonyms end within minutes, and a search would make every passer-by a suspect',
    ja: '特定の人を探すことはできません。本システムは誰も識別せず、仮名は数分で消えます。人探しは通行人すべてを容疑者として扱うことになるからです',
  },
  'staff-recognition': {
    en: 'staff are not told apart from passers-by: it would need a feature of their bodies or clothes, and would watch them at work',
    ja: '駅員などの職員を通行人と見分けることはしません。身体や服装の特徴量が必要になり、職員の勤務監視になるからです',
  },
  'wearable-camera': {
    en: 'a camera that somebody wears or moves about is not taken: the public cannot be told beforehand where it films, and where people stand cannot be worked out from it',
    ja: '人が身に着けたり持ち歩いたりするカメラは使えません。撮影場所を事前に告知できず、人の位置も正しく求められないからです',
  },
  'recorded-footage': {
    en: 'footage that was recorded before is not used for a new purpose: those in it were told of another one, and would have to be asked anew',
    ja: '過去に録画された映像を新しい目的には使いません。映っている人には別の目的を告知しており、改めて同意を得る必要があるからです',
  },
};

/**
 * Words of a key, an item or an id, joined by spaces: `personSearch`, `person-search` and `person_search` are one. Japanese
 * has no spaces, so its words are looked for anywhere.
 */
const ASKED_AS: readonly (readonly [RefusedByName, RegExp])[] = [
  [
    'face-or-gait',
    /\b(faces?|facial|gaits?|biometrics?|iris|appearance|embeddings?|skeletons?)\b|顔|歩容|歩き方|生体/,
  ],
  [
    'demographics',
    /\b(ages?|genders?|sex|demographics?|race|ethnicity|nationality)\b|年齢|年代|性別|人種|国籍|属性/,
  ],
  [
    'person-search',
    /\b((person|people|suspect|passenger) (search|finder|lookup|tracing)|(search|find|trace) (for )?(a )?(person|people|suspect|somebody)|re ?id|reidentification|re identification|watch ?list|block ?list|black ?list|missing persons?|repeat visitors?|suspects?)\b|人物検索|人探し|捜索|不審者|再識別/,
  ],
  [
    'staff-recognition',
    /\b((staff|employee|worker|uniform)s? (recognition|identification|detection|tracking|monitoring)|(recogni[sz]e|identify|detect|track) (staff|employees?|workers?|uniforms?))\b|(駅員|職員|従業員)(識別|認識|検知|追跡)/,
  ],
  [
    'wearable-camera',
    /\b(wearables?|body ?(worn|cams?)|body camera|smart ?glasses|handheld|helmet camera|dash ?cams?|drones?)\b|ウェアラブル|装着/,
  ],
  [
    'recorded-footage',
    /\b(footage|recordings?|(recorded|archived|stored|past) (images?|videos?|frames?|files?|footage))\b|録画|過去の映像/,
  ],
];

/** What a word of a plan asks for that is refused by name; undefined where it asks for nothing of the kind. */
export function refusedByName(word: string): RefusedByName | undefined {
  const words = word
    .normalize('NFKC')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ');
  return ASKED_AS.find(([, pattern]) => pattern.test(words))?.[0];
}

/** Why it is refused, a sentence without its stop. */
export function whyRefused(name: RefusedByName): BothLanguages {
  return WHY[name];
}
