import { LANGUAGES, useLanguage, useWords } from '../shared/i18n.js';
import { useTheme } from '../shared/theme.js';
import { words } from './words.js';

const NAMES = { ja: '日本語', en: 'English' } as const;
const SHORT = { ja: '日', en: 'EN' } as const;

/** Each language in its own words: who cannot read the page finds it. */
export function LanguageSwitch() {
  const { language, choose } = useLanguage();
  const t = useWords(words);
  return (
    <div className="switch" role="group" aria-label={t.language}>
      {LANGUAGES.map((each) => (
        <button
          key={each}
          type="button"
          lang={each}
          title={NAMES[each]}
          aria-pressed={each === language}
          onClick={() => choose(each)}
        >
          {SHORT[each]}
        </button>
      ))}
    </div>
  );
}

export function ThemeSwitch() {
  const { theme, choose } = useTheme();
  const t = useWords(words);
  const next = theme === 'dark' ? 'light' : 'dark';
  const label = next === 'dark' ? t.toDark : t.toLight;
  return (
    <button
      type="button"
      className="button icon"
      aria-label={label}
      title={label}
      onClick={() => choose(next)}
    >
      <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
        {next === 'dark' ? (
          <path
            d="M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z"
            fill="currentColor"
          />
        ) : (
          <g fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round">
            <circle cx="12" cy="12" r="4" fill="currentColor" />
            <path d="M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2" />
          </g>
        )}
      </svg>
    </button>
  );
}
