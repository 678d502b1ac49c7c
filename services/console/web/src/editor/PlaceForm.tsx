import { placeOfCamera } from '@hitonami/model';
import { figure } from '../shared/format.js';
import { useWords } from '../shared/i18n.js';
import type { DraftCamera } from './document.js';
import { NumberField } from './fields.js';
import { cornersOf, middleOf, rounded } from './geometry.js';
import { words } from './words.js';

const FIELDS = ['x', 'y', 'heightM'] as const;
/** Where a camera of which nothing is known is put first, metres above the floor. */
const HEIGHT_M = 3;

/** Where a camera hangs: as its calibration says, or as somebody states. */
export function PlaceForm({
  camera,
  set,
  isReadOnly,
}: {
  readonly camera: DraftCamera;
  readonly set: (path: readonly string[], value: unknown) => void;
  readonly isReadOnly: boolean;
}) {
  const t = useWords(words);
  const { position } = camera;
  const place = placeOfCamera(camera);
  const state = (): void => {
    const [x, y] = middleOf(cornersOf(camera.coverage.coordinates[0] ?? []));
    const from = place ?? { x, y, heightM: HEIGHT_M };
    set(['position'], {
      x: rounded(from.x),
      y: rounded(from.y),
      heightM: rounded(from.heightM),
    });
  };
  return (
    <fieldset className="group">
      <legend>{t.place}</legend>
      {position === undefined ? (
        <p className="quiet">
          {place === undefined
            ? t.placeUnknown
            : t.placeFollows(figure(place.x, 2), figure(place.y, 2), figure(place.heightM, 2))}
        </p>
      ) : (
        <div className="pair">
          {FIELDS.map((field) => (
            <NumberField
              key={field}
              label={t[field]}
              step={0.1}
              value={position[field]}
              isReadOnly={isReadOnly}
              onChange={(value) => value !== undefined && set(['position', field], value)}
            />
          ))}
        </div>
      )}
      {isReadOnly ? null : (
        <button
          type="button"
          className="button small"
          onClick={() => (position === undefined ? state() : set(['position'], undefined))}
        >
          {position === undefined ? t.placeState : t.placeForget}
        </button>
      )}
    </fieldset>
  );
}
