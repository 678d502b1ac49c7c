import { dictionary, useWords } from './i18n.js';
import { isLevel, LOS_FILL, LOS_TEXT } from './los.js';

const words = dictionary({
  level: { ja: (letter: string) => `水準${letter}`, en: (letter: string) => `Level ${letter}` },
  unknown: { ja: '不明', en: 'Unknown' },
});

/** The letter of a level of service upon its colour; a question mark where it is not known. */
export function Level({ los }: { readonly los: string | null | undefined }) {
  const t = useWords(words);
  if (!isLevel(los))
    return (
      <span className="level is-unknown">
        <span aria-hidden="true">?</span>
        <span className="visually-hidden">{t.unknown}</span>
      </span>
    );
  return (
    <span className="level" style={{ background: LOS_FILL[los], color: LOS_TEXT[los] }}>
      <span aria-hidden="true">{los}</span>
      <span className="visually-hidden">{t.level(los)}</span>
    </span>
  );
}
