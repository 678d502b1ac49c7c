import { figure } from '../shared/format.js';
import { useWords } from '../shared/i18n.js';
import { TableBox } from '../shared/TableBox.js';
import { fitted, residualsOf, rmsM } from './calibration.js';
import type { CalibrationPoint, DraftCalibration, Path } from './document.js';
import { NumberField } from './fields.js';
import { rounded } from './geometry.js';
import { words } from './words.js';

const FIELDS = ['u', 'v', 'x', 'y'] as const;

/** The points of a calibration as numbers, with what the matrix is off at each, as they are typed or moved. */
export function CalibrationPoints({
  calibration,
  points,
  set,
  isReadOnly,
}: {
  readonly calibration: DraftCalibration;
  readonly points: readonly CalibrationPoint[];
  readonly set: (path: Path, value: unknown) => void;
  readonly isReadOnly: boolean;
}) {
  const t = useWords(words);
  const residuals = residualsOf(calibration);
  const { homography, reason } = fitted(calibration);
  return (
    <>
      <p className="quiet">{t.pointsWhy}</p>
      <TableBox label={t.points}>
        <table className="coordinates calibration-table">
          <caption className="visually-hidden">{t.points}</caption>
          <thead>
            <tr>
              <th scope="col">
                <span aria-hidden="true">#</span>
                <span className="visually-hidden">{t.cornerWord}</span>
              </th>
              <th scope="col">{t.u}</th>
              <th scope="col">{t.v}</th>
              <th scope="col">{t.x}</th>
              <th scope="col">{t.y}</th>
              <th scope="col" className="number">
                {t.residual}
              </th>
              <th scope="col">
                <span className="visually-hidden">{t.remove}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {points.map((point, i) => (
              <tr key={i}>
                <th scope="row">{i + 1}</th>
                {FIELDS.map((field) => (
                  <td key={field}>
                    <NumberField
                      label={`${t.points} ${i + 1} ${t[field]}`}
                      isLabelHidden
                      value={point[field]}
                      isReadOnly={isReadOnly}
                      onChange={(value) => value !== undefined && set(['points', i, field], value)}
                    />
                  </td>
                ))}
                <td className="number">{figure(residuals[i]?.floorM, 3)}</td>
                <td>
                  <button
                    type="button"
                    className="button icon small"
                    aria-label={`${t.points} ${i + 1}: ${t.remove}`}
                    disabled={isReadOnly}
                    onClick={() => set(['points', i], undefined)}
                  >
                    ×
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
      <p role="status">
        {t.residualSaid(figure(rmsM(residuals), 3))}{' '}
        {homography === undefined ? `${t.fitFailed} ${reason ?? ''}` : ''}
      </p>
      {isReadOnly ? null : (
        <div className="row">
          <button
            type="button"
            className="button small"
            onClick={() => set(['points', points.length], middlePoint(points))}
          >
            {t.addPoint}
          </button>
          <button
            type="button"
            className="button small primary"
            disabled={homography === undefined}
            onClick={() => set(['homography'], homography)}
          >
            {t.fitPoints}
          </button>
          <button type="button" className="button small" onClick={() => set(['points'], undefined)}>
            {t.pointsForget}
          </button>
        </div>
      )}
    </>
  );
}

/** A new point amid the others, to be typed over or dragged. */
function middlePoint(points: readonly CalibrationPoint[]): CalibrationPoint {
  const n = Math.max(1, points.length);
  const mean = (field: 'u' | 'v' | 'x' | 'y'): number =>
    rounded(points.reduce((sum, point) => sum + point[field], 0) / n);
  return { u: mean('u'), v: mean('v'), x: mean('x'), y: mean('y') };
}
