import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import type { PlanArea } from '@hitonami/model';
import { PeriodPicker, usePeriod } from '../charts/PeriodPicker.js';
import { figure, percent } from '../shared/format.js';
import { useSay, useWords } from '../shared/i18n.js';
import { usePicture } from '../live/LiveProvider.js';
import { usePlan } from '../shared/site.js';
import { AreaCharts } from './AreaCharts.js';
import { HeatCalendarCard } from './HeatCalendarCard.js';
import { Level } from './Level.js';
import { presentOf } from './present.js';
import { words } from './words.js';
import '../charts/charts.css';

/** One area: its day or any period, beside the usual. */
export default function AreaView() {
  const t = useWords(words);
  const plan = usePlan();
  const id = useParams()['area'] ?? '';
  const area = plan.areas.find((each) => each.id === id);
  return (
    <main id="main" className="page">
      {area === undefined ? (
        <>
          <h1>{t.noArea}</h1>
          <Link to={`/sites/${plan.site}/areas`}>{t.toList}</Link>
        </>
      ) : (
        <OneArea key={area.id} area={area} />
      )}
    </main>
  );
}

function OneArea({ area }: { readonly area: PlanArea }) {
  const t = useWords(words);
  const say = useSay();
  const go = useNavigate();
  const [search] = useSearchParams();
  const plan = usePlan();
  const period = usePeriod();
  const present = presentOf(area, usePicture()?.snapshot);
  const home = `/sites/${plan.site}/areas`;
  return (
    <>
      <div className="head-row">
        <div>
          <h1>{say(area.name)}</h1>
          <p className="row">
            <Level level={present.level} />
            <span>
              {present.atLeast ? `${t.atLeast} ` : ''}
              {figure(present.density, 2)} {t.densityUnit}
            </span>
            <span>
              {figure(present.people)} {t.persons}
            </span>
            <span className="quiet">
              {t.coverage} {percent(present.coverage)} ・ {t[area.kind]} ・ {figure(present.sizeM2)}{' '}
              m²
            </span>
          </p>
        </div>
        <span className="row no-print">
          <label className="row">
            {t.area}
            <select
              value={area.id}
              onChange={({ target }) => void go(`${home}/${target.value}?${search.toString()}`)}
            >
              {plan.areas.map(({ id, name }) => (
                <option key={id} value={id}>
                  {say(name)}
                </option>
              ))}
            </select>
          </label>
          <Link className="button" to={home}>
            {t.toList}
          </Link>
        </span>
      </div>
      <PeriodPicker period={period} />
      {period.fault === undefined ? <AreaCharts area={area} period={period} /> : null}
      <HeatCalendarCard area={area} />
    </>
  );
}
