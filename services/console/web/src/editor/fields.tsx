import { useId, useState } from 'react';

interface Common {
  readonly label: string;
  readonly isReadOnly?: boolean | undefined;
  /** Says the label to screen readers alone: in tables, whose heads show it. */
  readonly isLabelHidden?: boolean;
}

export function TextField({
  label,
  value,
  onChange,
  isReadOnly,
  isLabelHidden,
  maxLength = 200,
}: Common & {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly maxLength?: number;
}) {
  const id = useId();
  return (
    <span className="field">
      <label htmlFor={id} className={isLabelHidden === true ? 'visually-hidden' : undefined}>
        {label}
      </label>
      <input
        id={id}
        value={value}
        maxLength={maxLength}
        readOnly={isReadOnly}
        onChange={({ target }) => onChange(target.value)}
      />
    </span>
  );
}

/** A number as it is typed: what is no number yet stays in the field and changes nothing. */
export function NumberField({
  label,
  value,
  onChange,
  isReadOnly,
  isLabelHidden,
  step = 'any',
}: Common & {
  readonly value: number | undefined;
  /** Undefined: the field was emptied. Given only where that means something. */
  readonly onChange: (value: number | undefined) => void;
  readonly step?: number | 'any';
}) {
  const id = useId();
  const [typed, setTyped] = useState<string>();
  const shown = typed ?? (value === undefined ? '' : String(value));
  return (
    <span className="field">
      <label htmlFor={id} className={isLabelHidden === true ? 'visually-hidden' : undefined}>
        {label}
      </label>
      <input
        id={id}
        type="number"
        step={step}
        className="number"
        value={shown}
        readOnly={isReadOnly}
        onChange={({ target }) => {
          setTyped(target.value);
          const number = target.valueAsNumber;
          if (target.value === '' && target.validity.valid) onChange(undefined);
          else if (Number.isFinite(number)) onChange(number);
        }}
        onBlur={() => setTyped(undefined)}
      />
    </span>
  );
}

export function ChoiceField<V extends string>({
  label,
  value,
  choices,
  onChange,
  isReadOnly,
}: Common & {
  readonly value: V;
  readonly choices: readonly (readonly [V, string])[];
  readonly onChange: (value: V) => void;
}) {
  const id = useId();
  const isKnown = choices.some(([each]) => each === value);
  return (
    <span className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        disabled={isReadOnly}
        onChange={({ target }) => {
          const chosen = choices.find(([each]) => each === target.value);
          if (chosen !== undefined) onChange(chosen[0]);
        }}
      >
        {isKnown ? null : <option value={value}>{value}</option>}
        {choices.map(([each, name]) => (
          <option key={each} value={each}>
            {name}
          </option>
        ))}
      </select>
    </span>
  );
}
