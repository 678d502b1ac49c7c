import { describe, expect, it } from 'vitest';
import { dictionary, inLanguage } from '../src/shared/i18n.js';
import { problemSentence } from '../src/shared/problem-words.js';
import { ApiError } from '../src/shared/api.js';

type Entries = Readonly<Record<string, { readonly ja: unknown; readonly en: unknown }>>;

// Every dictionary of the application, whoever adds one.
const modules = import.meta.glob<Record<string, unknown>>('../src/**/*words.ts', { eager: true });
const dictionaries = Object.entries(modules).flatMap(([file, exported]) =>
  Object.values(exported)
    .filter((value): value is Entries => {
      const first: unknown = Object.values(value ?? {})[0];
      return typeof first === 'object' && first !== null && 'ja' in first && 'en' in first;
    })
    .map((entries) => [file, entries] as const),
);

/** Words that are the same in both languages. */
const SAME = /^[\s\d\p{P}\p{S}A-Za-z²]*$/u;

describe('everything that people read', () => {
  it('comes from dictionaries that this test knows', () => {
    expect(dictionaries.length).toBeGreaterThanOrEqual(4);
  });

  it.each(dictionaries)('is there in both languages, of the same kind: %s', (_, entries) => {
    for (const [key, { ja, en }] of Object.entries(entries)) {
      expect(typeof ja, key).toBe(typeof en);
      if (typeof ja !== 'string' || typeof en !== 'string') continue;
      expect(ja.trim(), key).not.toBe('');
      expect(en.trim(), key).not.toBe('');
      // A Japanese text that was forgotten is English; an English one that was forgotten is not Latin.
      expect(en, key).toMatch(SAME);
      if (/[a-z]{4,} [a-z]{2,}/.test(en)) expect(ja, key).not.toMatch(SAME);
    }
  });

  it('a dictionary gives each entry in the language chosen', () => {
    const words = dictionary({
      hello: { ja: 'こんにちは', en: 'Hello' },
      many: { ja: (n: number) => `${n}人`, en: (n: number) => `${n} people` },
    });
    expect(inLanguage(words, 'ja').hello).toBe('こんにちは');
    expect(inLanguage(words, 'en').many(3)).toBe('3 people');
    expect(inLanguage(words, 'en')).toBe(inLanguage(words, 'en'));
  });

  it('a missing language does not compile', () => {
    // @ts-expect-error: English is missing.
    dictionary({ hello: { ja: 'こんにちは' } });
  });
});

describe('an error of the API', () => {
  it('is a sentence in the language of who reads it', () => {
    const error = new ApiError(403, 'forbidden', 'role operator needed');
    expect(problemSentence(error, 'en')).toContain('role does not allow');
    expect(problemSentence(error, 'ja')).toContain('権限');
  });

  it('names the parts that were wrong, and what to do', () => {
    const error = new ApiError(400, 'invalid', '', [
      { key: 'areas[0].polygon', problem: 'crosses itself', mend: 'draw it anew' },
    ]);
    expect(problemSentence(error, 'en')).toContain(
      'areas[0].polygon: crosses itself (draw it anew)',
    );
  });

  it('that is not known keeps what the server said', () => {
    expect(problemSentence(new ApiError(500, 'odd', 'disk full'), 'en')).toContain('disk full');
  });
});
