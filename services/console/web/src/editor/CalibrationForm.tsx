import { useWords } from '../shared/i18n.js';
import { firstCalibration, pointsOf, withCalibration } from './calibration.js';
import { CalibrationPoints } from './CalibrationPoints.js';
import { withValue, type Draft, type DraftCamera, type Path } from './document.js';
import { NumberField } from './fields.js';
import { cornersOf } from './geometry.js';
import type { EditorAction } from './state.js';
import { words } from './words.js';

/** How a camera's picture lies on the floor: size, matrix, and the points that the matrix is made from. */
export function CalibrationForm({
  camera,
  index,
  act,
  isReadOnly,
}: {
  readonly camera: DraftCamera;
  readonly index: number;
  readonly act: (action: EditorAction) => void;
  readonly isReadOnly: boolean;
}) {
  const t = useWords(words);
  const { calibration } = camera;
  const corners = cornersOf(camera.coverage.coordinates[0] ?? []);
  const set = (path: Path, value: unknown): void =>
    act({
      type: 'change',
      change: (plan: Draft) => withValue(plan, ['cameras', index, 'calibration', ...path], value),
      about: `calibration ${index} ${path.join('.')}`,
    });
  const begin = (): void =>
    act({
      type: 'change',
      change: (plan) => withCalibration(plan, index, firstCalibration(corners)),
    });
  if (calibration === undefined)
    return (
      <fieldset className="group">
        <legend>{t.calibration}</legend>
        <p className="quiet">{t.noCalibration}</p>
        {isReadOnly ? null : (
          <button type="button" className="button small" onClick={begin}>
            {t.calibrationBegin}
          </button>
        )}
      </fieldset>
    );
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
      {calibration.points === undefined ? (
        <>
          <p className="quiet">{t.noPoints}</p>
          {isReadOnly ? null : (
            <button
              type="button"
              className="button small"
              onClick={() => set(['points'], pointsOf(calibration, camera.coverage.coordinates))}
            >
              {t.pointsMake}
            </button>
          )}
        </>
      ) : (
        <CalibrationPoints
          calibration={calibration}
          points={calibration.points}
          set={set}
          isReadOnly={isReadOnly}
        />
      )}
      {isReadOnly ? null : (
        <button
          type="button"
          className="button small"
          onClick={() =>
            act({ type: 'change', change: (plan) => withCalibration(plan, index, undefined) })
          }
        >
          {t.calibrationRemove}
        </button>
      )}
    </fieldset>
  );
}
