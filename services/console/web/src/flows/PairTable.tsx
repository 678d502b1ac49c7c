import { duration, figure, percent } from '../shared/format.js';
import { useLanguage, useWords } from '../shared/i18n.js';
import type { FlowPair, OdMatrix } from './matrix.js';
import { words } from './words.js';
import { TableBox } from '../shared/TableBox.js';

/** Every pair with its time and how sure it is, the largest first. */
export function PairTable({
  matrix,
  pairs,
  nameOf,
}: {
  readonly matrix: OdMatrix;
  readonly pairs: readonly FlowPair[];
  readonly nameOf: (id: string) => string;
}) {
  const t = useWords(words);
  const { language } = useLanguage();
  return (
    <TableBox label={t.list}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t.from}</th>
            <th scope="col">{t.to}</th>
            <th scope="col" className="number">
              {t.people}
            </th>
            <th scope="col" className="number">
              {t.shareOfOrigin}
            </th>
            <th scope="col" className="number">
              {t.travel}
            </th>
            <th scope="col" className="number">
              {t.joinedShare}
            </th>
            <th scope="col" className="number">
              {t.confidence}
            </th>
          </tr>
        </thead>
        <tbody>
          {pairs
            .toSorted((a, b) => b.journeys - a.journeys)
            .map((pair) => (
              <tr key={`${pair.from} ${pair.to}`}>
                <th scope="row">{nameOf(pair.from)}</th>
                <td>{nameOf(pair.to)}</td>
                <td className="number">{figure(pair.journeys)}</td>
                <td className="number">
                  {percent(pair.journeys / (matrix.rowSums.get(pair.from) ?? 1))}
                </td>
                <td className="number">
                  {pair.meanTravelS === null ? '–' : duration(pair.meanTravelS, language)}
                </td>
                <td className="number">{percent(pair.joinedShare)}</td>
                <td className="number">{percent(pair.meanConfidence)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </TableBox>
  );
}
