import type { DatasetEntry } from './entries.js';

/** A longer query is refused, characters. */
export const QUERY_LENGTH_MAX = 200;
/** Words of a query that are looked for; the rest would narrow it no further in practice. */
const WORDS_MAX = 16;

/** What a hit in each field is worth. */
const WEIGHTS = { title: 8, keywords: 5, site: 3, description: 1 } as const;
type Field = keyof typeof WEIGHTS;

const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });
const texts = new WeakMap<DatasetEntry, Readonly<Record<Field, string>>>();

/** Whole width, case and kana do not matter to whoever searches. */
export function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
}

/**
 * The words of a query. Japanese is written without spaces, so what is between spaces is cut into words; particles of one kana
 * and signs are none.
 */
export function wordsOfQuery(query: string): string[] {
  const words = [...segmenter.segment(folded(query))]
    .filter(({ segment, isWordLike }) => isWordLike === true && !/^[\u3041-\u309f]$/.test(segment))
    .map(({ segment }) => segment);
  return [...new Set(words)].slice(0, WORDS_MAX);
}

/** Those that have every word of the query in what is said about them in either language, the best first; all for no words. */
export function searched(entries: readonly DatasetEntry[], query: string): DatasetEntry[] {
  const words = wordsOfQuery(query);
  if (words.length === 0) return query.trim() === '' ? [...entries] : [];
  return entries
    .map((entry) => ({ entry, score: scoreOf(textsOf(entry), words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || b.entry.modifiedMs - a.entry.modifiedMs)
    .map(({ entry }) => entry);
}

/** 0 where any word is missing. */
function scoreOf(text: Readonly<Record<Field, string>>, words: readonly string[]): number {
  let score = 0;
  for (const word of words) {
    const hit = (Object.keys(WEIGHTS) as Field[])
      .filter((field) => text[field].includes(word))
      .reduce((sum, field) => sum + WEIGHTS[field], 0);
    if (hit === 0) return 0;
    score += hit;
  }
  return score;
}

function textsOf(entry: DatasetEntry): Readonly<Record<Field, string>> {
  const known = texts.get(entry);
  if (known !== undefined) return known;
  const { dataset, siteName, publisher, site } = entry.newest;
  const both = ({ ja, en }: { ja: string; en: string }): string => folded(`${ja}\n${en}`);
  const made = {
    title: both(dataset.title),
    keywords: dataset.keywords.map(both).join('\n'),
    site: [both(siteName), both(publisher), site, dataset.id].join('\n'),
    description: both(dataset.description),
  };
  texts.set(entry, made);
  return made;
}
