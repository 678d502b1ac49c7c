import { useWords } from '../shared/i18n.js';
import { BandFields } from './BandFields.js';
import { withValue, type Draft, type Path } from './document.js';
import { NumberField } from './fields.js';
import type { EditorAction } from './state.js';
import { words } from './words.js';

const TIMES = [
  'fireAfterS',
  'resolveAfterS',
  'risingPerMin',
  'unseenAfterS',
  'coverageMin',
  'counterFlowShareMax',
  'escalateAfterS',
] as const;

/** Thresholds that hold for the whole site. */
export function SiteForm({
  plan,
  act,
  isReadOnly,
}: {
  readonly plan: Draft;
  readonly act: (action: EditorAction) => void;
  readonly isReadOnly: boolean;
}) {
  const t = useWords(words);
  const set = (path: Path, value: unknown): void =>
    act({
      type: 'change',
      change: (before) => withValue(before, path, value),
      about: path.join('.'),
    });
  return (
    <div className="form">
      <h2>{t.siteBands}</h2>
      {plan.dangerBands === undefined ? null : (
        <BandFields
          bands={plan.dangerBands}
          isReadOnly={isReadOnly}
          onChange={(band, value) => set(['dangerBands', band], value)}
        />
      )}
      <fieldset className="group">
        <legend>{t.alerting}</legend>
        <div className="pair">
          {TIMES.map((key) => (
            <NumberField
              key={key}
              label={t[key]}
              value={plan.alerting?.[key]}
              isReadOnly={isReadOnly}
              onChange={(value) => set(['alerting', key], value)}
            />
          ))}
        </div>
      </fieldset>
    </div>
  );
}
