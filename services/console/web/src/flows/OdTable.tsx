import { figure, percent } from '../shared/format.js';
import { useWords } from '../shared/i18n.js';
import { shade, type OdMatrix } from './matrix.js';
import { words } from './words.js';
import { TableBox } from '../shared/TableBox.js';

/** From this share a cell is marked as guessed. */
const GUESSED = 0.3;

/** Origins down, destinations across: a real table, shaded by how many went. */
export function OdTable({
  matrix,
  nameOf,
}: {
  readonly matrix: OdMatrix;
  readonly nameOf: (id: string) => string;
}) {
  const t = useWords(words);
  return (
    <TableBox label={t.matrix}>
      <table className="table od">
        <caption className="visually-hidden">{t.matrix}</caption>
        <thead>
          <tr>
            <th scope="col">
              {t.from} ＼ {t.to}
            </th>
            {matrix.destinations.map((to) => (
              <th key={to} scope="col" className="number">
                {nameOf(to)}
              </th>
            ))}
            <th scope="col" className="number">
              {t.sum}
            </th>
          </tr>
        </thead>
        <tbody>
          {matrix.origins.map((from) => (
            <tr key={from}>
              <th scope="row">{nameOf(from)}</th>
              {matrix.destinations.map((to) => {
                const pair = matrix.at(from, to);
                const share = pair?.joinedShare ?? 0;
                return (
                  <td
                    key={to}
                    className="number od-cell"
                    style={{ '--shade': shade(pair?.journeys ?? 0, matrix.largest) } as object}
                    title={
                      pair === undefined
                        ? undefined
                        : `${nameOf(from)} → ${nameOf(to)}: ${t.joinedShare} ${percent(pair.joinedShare)}`
                    }
                  >
                    {share >= GUESSED ? '≈ ' : ''}
                    {pair === undefined ? '' : figure(pair.journeys)}
                  </td>
                );
              })}
              <td className="number">{figure(matrix.rowSums.get(from))}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t.sum}</th>
            {matrix.destinations.map((to) => (
              <td key={to} className="number">
                {figure(matrix.columnSums.get(to))}
              </td>
            ))}
            <td className="number">{figure(matrix.total)}</td>
          </tr>
        </tfoot>
      </table>
    </TableBox>
  );
}
