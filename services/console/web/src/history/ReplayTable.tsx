import { Level } from '../areas/Level.js';
import { figure, percent } from '../shared/format.js';
import { useSay, useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import type { AreaState, LineState } from './state.js';
import { words } from './words.js';
import { TableBox } from '../shared/TableBox.js';

/** What the drawing shows, as numbers. */
export function ReplayTable({
  floor,
  areas,
  lines,
}: {
  readonly floor: string;
  readonly areas: ReadonlyMap<string, AreaState>;
  readonly lines: ReadonlyMap<string, LineState>;
}) {
  const t = useWords(words);
  const say = useSay();
  const plan = usePlan();
  return (
    <div className="replay-tables">
      <TableBox label={t.area}>
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
              <th scope="col" className="number">
                {t.occupancy}
              </th>
              <th scope="col" className="number">
                {t.coverage}
              </th>
            </tr>
          </thead>
          <tbody>
            {plan.areas
              .filter((area) => area.floor === floor)
              .map(({ id, name }) => {
                const state = areas.get(id);
                return (
                  <tr key={id}>
                    <th scope="row">{say(name)}</th>
                    <td>
                      <Level level={state?.level ?? null} />
                      {state?.isDoubtful === true ? (
                        <span className="quiet"> {t.doubtful}</span>
                      ) : null}
                    </td>
                    <td className="number">{figure(state?.density, 2)}</td>
                    <td className="number">{figure(state?.occupancy, 1)}</td>
                    <td className="number">{percent(state?.coverage)}</td>
                  </tr>
                );
              })}
          </tbody>
        </table>
      </TableBox>
      <TableBox label={t.line}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t.line}</th>
              <th scope="col" className="number">
                →
                <br />
                <span className="unit">{t.flowUnit}</span>
              </th>
              <th scope="col" className="number">
                ←
                <br />
                <span className="unit">{t.flowUnit}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {plan.lines
              .filter((line) => line.floor === floor)
              .map(({ id, name }) => (
                <tr key={id}>
                  <th scope="row">{say(name)}</th>
                  <td className="number">{figure(lines.get(id)?.forwardPerMin, 1)}</td>
                  <td className="number">{figure(lines.get(id)?.backwardPerMin, 1)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </TableBox>
    </div>
  );
}
