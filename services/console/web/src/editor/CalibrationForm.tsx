import { figure } from '../shared/format.js';
import { useWords } from '../shared/i18n.js';
import { withValue, type Draft, type DraftCamera, type Path } from './document.js';
import { NumberField } from './fields.js';
import { cornersOf, rounded } from './geometry.js';
import { fitHomography, pointsOf, residualsM, rms, type CalibrationPoint } from './homography.js';
import type { EditorAction, EditorState } from './state.js';
import { words } from './words.js';

const FIELDS = ['u', 'v', 'x', 'y'] as const;

/** How a camera's picture lies on the floor: size, matrix, and points to make the matrix from. */
export function CalibrationForm({
  camera,
  index,
  state,
  act,
  isReadOnly,
}: {
  readonly camera: DraftCamera;
  readonly index: number;
  readonly state: EditorState;
  readonly act: (action: EditorAction) => void;
  readonly isReadOnly: boolean;
}) {
  const t = useWords(words);
  const { calibration } = camera;
  if (calibration === undefined)
    return (
      <fieldset className="group">
        <legend>{t.calibration}</legend>
        <p className="quiet">{t.noCalibration}</p>
      </fieldset>
    );
  const set = (path: Path, value: unknown): void =>
    act({
      type: 'change',
      change: (plan: Draft) => withValue(plan, ['cameras', index, 'calibration', ...path], value),
      about: `calibration ${index} ${path.join('.')}`,
    });
  const points = state.calibration?.camera === camera.id ? state.calibration.points : undefined;
  const take = (next: readonly CalibrationPoint[] | undefined): void =>
    act({ type: 'calibration', calibration: next && { camera: camera.id, points: next } });
  const residuals = points && residualsM(calibration.homography, points);
  const fitted = points && fitHomography(points);
  return (
    <fieldset className="group">
      <legend>{t.calibration}</legend>
      <div className="pair">
        {(['imageWidth', 'imageHeight'] as const).map((key) => (
          <NumberField
            key={key}
            label={t[key]}
            step={1}
            value={calibration[key]}
            isReadOnly={isReadOnly}
            onChange={(value) => value !== undefined && set([key], value)}
          />
        ))}
      </div>
      <details>
        <summary>{t.matrix}</summary>
        <div className="matrix">
          {calibration.homography.map((value, i) => (
            <NumberField
              key={i}
              label={`${t.matrix} ${Math.floor(i / 3) + 1}, ${(i % 3) + 1}`}
              isLabelHidden
              value={value}
              isReadOnly={isReadOnly}
              onChange={(next) => next !== undefined && set(['homography', i], next)}
            />
          ))}
        </div>
      </details>
      <button
        type="button"
        className="button small"
        aria-expanded={points !== undefined}
        onClick={() =>
          take(
            points === undefined
              ? pointsOf(calibration.homography, cornersOf(camera.coverage.coordinates[0] ?? []))
              : undefined,
          )
        }
      >
        {points === undefined ? t.pointsOpen : t.pointsClose}
      </button>
      {points === undefined || residuals === undefined ? null : (
        <>
          <p className="quiet">{t.pointsWhy}</p>
          <table className="coordinates">
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
                        onChange={(value) =>
                          value !== undefined &&
                          take(
                            points.map((each, j) => (j === i ? { ...each, [field]: value } : each)),
                          )
                        }
                      />
                    </td>
                  ))}
                  <td className="number">{figure(residuals[i], 3)}</td>
                  <td>
                    <button
                      type="button"
                      className="button icon small"
                      aria-label={`${t.points} ${i + 1}: ${t.remove}`}
                      disabled={isReadOnly}
                      onClick={() => take(points.toSpliced(i, 1))}
                    >
                      ×
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <p role="status">
            {t.residualSaid(figure(rms(residuals), 3))} {fitted === undefined ? t.fitFailed : ''}
          </p>
          <div className="row">
            <button
              type="button"
              className="button small"
              disabled={isReadOnly}
              onClick={() => take([...points, middlePoint(points)])}
            >
              {t.addPoint}
            </button>
            <button
              type="button"
              className="button small primary"
              disabled={isReadOnly || fitted === undefined}
              onClick={() => fitted !== undefined && set(['homography'], fitted)}
            >
              {t.fitPoints}
            </button>
          </div>
        </>
      )}
    </fieldset>
  );
}

/** A new point amid the others, to be typed over or dragged. */
function middlePoint(points: readonly CalibrationPoint[]): CalibrationPoint {
  const n = Math.max(1, points.length);
  const mean = (field: 'u' | 'v' | 'x' | 'y'): number =>
    rounded(points.reduce((sum, point) => sum + point[field], 0) / n);
  return { u: mean('u'), v: mean('v'), x: mean('x'), y: mean('y') };
}
