import { isLevel, LOS_FILL, LOS_TEXT } from '../shared/los.js';
import { useWords } from '../shared/i18n.js';
import { words } from './words.js';
import '../charts/charts.css';

/** The letter of a level of service on its colour; hatched where it is not seen. */
export function Level({ level }: { readonly level: string | null }) {
  const t = useWords(words);
  if (!isLevel(level)) return <span className="level not-seen">{t.notSeen}</span>;
  return (
    <span className="level" style={{ background: LOS_FILL[level], color: LOS_TEXT[level] }}>
      {level}
    </span>
  );
}
