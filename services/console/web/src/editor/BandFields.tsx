import { useWords } from '../shared/i18n.js';
import type { DangerBands } from './document.js';
import { NumberField } from './fields.js';
import { words } from './words.js';

const BANDS = ['stable', 'capacity', 'unstable', 'congested'] as const;

/** Where the densest spot passes from one band to the next. */
export function BandFields({
  bands,
  onChange,
  isReadOnly,
}: {
  readonly bands: DangerBands;
  readonly onChange: (band: keyof DangerBands, value: number) => void;
  readonly isReadOnly: boolean;
}) {
  const t = useWords(words);
  return (
    <fieldset className="group">
      <legend>{t.bands}</legend>
      <div className="pair">
        {BANDS.map((band) => (
          <NumberField
            key={band}
            label={t[band]}
            step={0.1}
            value={bands[band]}
            isReadOnly={isReadOnly}
            onChange={(value) => value !== undefined && onChange(band, value)}
          />
        ))}
      </div>
    </fieldset>
  );
}
