import { Link } from 'react-router';
import { figure, percent } from '../shared/format.js';
import { useSay, useWords } from '../shared/i18n.js';
import { Level } from '../shared/Level.js';
import { usePlan } from '../shared/site.js';
import { areasNow, byDanger } from './danger.js';
import type { AreaNow } from './danger.js';
import { usePicture } from './LiveProvider.js';
import { words } from './words.js';

interface Properties {
  readonly selected?: string | undefined;
  readonly onSelect?: (area: string) => void;
}

/** The plan in words, the most dangerous first: what a screen reader reads, and what a phone shows. */
export function AreaTable({ selected, onSelect }: Properties) {
  const t = useWords(words);
  const plan = usePlan();
  const areas = areasNow(plan, usePicture()?.snapshot).toSorted(byDanger);
  const severalFloors = plan.floors.length > 1;
  return (
    <table className="table area-table">
      <caption>{t.areas}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">{t.level}</span>
          </th>
          <th scope="col">{t.area}</th>
          <th scope="col" className="number">
            {t.density}
          </th>
          <th scope="col" className="number">
            {t.peak}
          </th>
          <th scope="col" className="number">
            {t.inside}
          </th>
        </tr>
      </thead>
      <tbody>
        {areas.map((area) => (
          <Row
            key={area.plan.id}
            area={area}
            severalFloors={severalFloors}
            isSelected={area.plan.id === selected}
            onSelect={onSelect}
          />
        ))}
      </tbody>
    </table>
  );
}

function Row({
  area: { plan: area, live, isSeen, isAtLeast, isDoubtful, band },
  severalFloors,
  isSelected,
  onSelect,
}: {
  readonly area: AreaNow;
  readonly severalFloors: boolean;
  readonly isSelected: boolean;
  readonly onSelect: ((area: string) => void) | undefined;
}) {
  const t = useWords(words);
  const say = useSay();
  const plan = usePlan();
  const floor = plan.floors.find(({ id }) => id === area.floor);
  const said = (text: string) => (isAtLeast ? t.atLeast(text) : text);
  const isPartly = live !== undefined && isSeen && live.coverage < plan.alerting.coverageMin;
  return (
    <tr className={isSelected ? 'is-selected' : undefined} onMouseEnter={() => onSelect?.(area.id)}>
      <td>
        <Level los={isSeen ? live?.los : null} />
      </td>
      <th scope="row">
        <Link to={`/sites/${plan.site}/areas/${area.id}`}>{say(area.name)}</Link>
        {severalFloors && floor !== undefined ? (
          <small className="quiet"> {say(floor.name)}</small>
        ) : null}
        {isPartly || (isSeen && isDoubtful) ? (
          <small className="area-caution">
            {isPartly ? t.partly(percent(live.coverage)) : null}
            {isDoubtful ? <span title={t.doubtfulWhy}> {t.doubtful}</span> : null}
          </small>
        ) : null}
      </th>
      {isSeen ? (
        <>
          <td className="number">{said(figure(live?.density, 2))}</td>
          <td className="number">
            {said(figure(live?.peakDensity, 1))}
            {band === undefined || band === 'free' ? null : (
              <small className={`band band-${band}`}>{t[band]}</small>
            )}
          </td>
          <td className="number">{said(figure(live?.people))}</td>
        </>
      ) : (
        <td className="area-unseen" colSpan={3}>
          {t.notSeen}
        </td>
      )}
    </tr>
  );
}
