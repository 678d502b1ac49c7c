import { Link } from 'react-router';
import { clockSeconds, figure, percent } from '../shared/format.js';
import { useLanguage, useSay, useWords } from '../shared/i18n.js';
import { usePicture } from '../live/LiveProvider.js';
import { usePlan } from '../shared/site.js';
import { Level } from './Level.js';
import { byUrgency, presentOf } from './present.js';
import { words } from './words.js';
import { TableBox } from '../shared/TableBox.js';
import '../charts/charts.css';

/** Every area with its present state, the most crowded first. */
export default function AreasView() {
  const t = useWords(words);
  const say = useSay();
  const { language } = useLanguage();
  const plan = usePlan();
  const snapshot = usePicture()?.snapshot;
  const rows = plan.areas.map((area) => presentOf(area, snapshot)).sort(byUrgency);
  const floors = new Map(plan.floors.map(({ id, name }) => [id, say(name)]));
  return (
    <main id="main" className="page">
      <div className="head-row">
        <div>
          <h1>{t.title}</h1>
          <p className="quiet">{t.lead}</p>
        </div>
        {snapshot === undefined ? null : (
          <p className="quiet">{t.asOf(clockSeconds(snapshot.at, language, plan.timeZone))}</p>
        )}
      </div>
      {rows.length === 0 ? <p>{t.noAreas}</p> : null}
      <TableBox label={t.title} isCard>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t.area}</th>
              <th scope="col">{t.level}</th>
              <th scope="col" className="number">
                {t.density}
                <br />
                <span className="unit">{t.densityUnit}</span>
              </th>
              <th scope="col" className="number wide-only">
                {t.peak}
                <br />
                <span className="unit">{t.densityUnit}</span>
              </th>
              <th scope="col" className="number">
                {t.people}
              </th>
              <th scope="col" className="number">
                {t.coverage}
              </th>
              <th scope="col" className="wide-only">
                {t.floor}
              </th>
              <th scope="col" className="wide-only">
                {t.kind}
              </th>
              <th scope="col" className="number wide-only">
                {t.size}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(
              ({ area, sizeM2, people, density, peakDensity, level, coverage, atLeast }) => (
                <tr key={area.id}>
                  <th scope="row">
                    <Link to={area.id}>{say(area.name)}</Link>
                  </th>
                  <td>
                    <Level level={level} />
                  </td>
                  <td className="number">
                    {atLeast ? '≥ ' : ''}
                    {figure(density, 2)}
                  </td>
                  <td className="number wide-only">
                    {atLeast ? '≥ ' : ''}
                    {figure(peakDensity, 2)}
                  </td>
                  <td className="number">
                    {atLeast ? '≥ ' : ''}
                    {figure(people)}
                  </td>
                  <td className="number">{percent(coverage)}</td>
                  <td className="wide-only">{floors.get(area.floor) ?? area.floor}</td>
                  <td className="wide-only">{t[area.kind]}</td>
                  <td className="number wide-only">{figure(sizeM2)} m²</td>
                </tr>
              ),
            )}
          </tbody>
        </table>
      </TableBox>
    </main>
  );
}
