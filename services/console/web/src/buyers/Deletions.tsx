import type { Buyer, BuyerEnd } from '../../../src/contract/index.js';
import { dayClock } from '../shared/format.js';
import { useLanguage, useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import { useTitles } from './titles.js';
import { words } from './words.js';

/** What has to be deleted since a contract or a dataset ended, who has said that it is, and who is late. */
export function Deletions({ buyer }: { readonly buyer: Buyer }) {
  const t = useWords(words);
  const titles = useTitles();
  const { language } = useLanguage();
  const { timeZone } = usePlan();
  const at = (time: string) => dayClock(time, language, timeZone);
  // What a contract in force gives again is not to be deleted.
  const ends = buyer.ends.filter(({ datasets }) => datasets.length > 0);
  if (ends.length === 0) return null;
  const stateOf = ({ confirmedAt, confirmedBy, confirmBy }: BuyerEnd): string => {
    if (confirmedAt !== null) return t.deletionDone(at(confirmedAt), confirmedBy ?? '');
    return isLate(confirmBy) ? t.deletionLate(at(confirmBy)) : t.deletionOpen(at(confirmBy));
  };
  return (
    <section>
      <h3>{t.deletion}</h3>
      <ul className="buyer-deliveries">
        {ends.map((end) => (
          <li key={end.id}>
            {titles(end.datasets)}: {t[end.reason]} {at(end.endedAt)}.{' '}
            <span className={end.confirmedAt === null ? 'fault' : 'quiet'}>{stateOf(end)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function isLate(confirmBy: string): boolean {
  return Date.parse(confirmBy) <= Date.now();
}
