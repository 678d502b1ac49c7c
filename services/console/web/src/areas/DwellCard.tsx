import { Fault } from '../shared/Fault.js';
import { duration, figure } from '../shared/format.js';
import { useLanguage, useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import type { Shown } from './AreaCharts.js';
import { useDwell } from './queries.js';
import { words } from './words.js';

/** How long people stay. */
export function DwellCard({ area, period }: Shown) {
  const t = useWords(words);
  const { language } = useLanguage();
  const plan = usePlan();
  const { data, error } = useDwell(plan.site, area.id, period);
  return (
    <section className="card">
      <h2>{t.dwell}</h2>
      {error === null ? null : <Fault error={error} />}
      {data === undefined ? null : (
        <p>
          {data.meanInsideS === null
            ? t.dwellNone
            : t.dwellSaid(duration(data.meanInsideS, language), figure(data.legs))}
        </p>
      )}
    </section>
  );
}
