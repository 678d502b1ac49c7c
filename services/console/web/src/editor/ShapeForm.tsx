import { figure } from '../shared/format.js';
import { useWords } from '../shared/i18n.js';
import { BandFields } from './BandFields.js';
import { CalibrationForm } from './CalibrationForm.js';
import { CoordinateTable } from './CoordinateTable.js';
import {
  shapeAt,
  withValue,
  type Draft,
  type DraftArea,
  type DraftCamera,
  type DraftLine,
  type Path,
  type ShapeRef,
} from './document.js';
import { ChoiceField, NumberField, TextField } from './fields.js';
import { areaM2, distance } from './geometry.js';
import { shapeKey, type PlanIssue } from './issues.js';
import { renameShape, turnLine } from './operations.js';
import { PlaceForm } from './PlaceForm.js';
import type { EditorAction, EditorState } from './state.js';
import { words } from './words.js';

interface Properties {
  readonly state: EditorState;
  readonly shape: ShapeRef;
  readonly act: (action: EditorAction) => void;
  readonly issues: readonly PlanIssue[];
  readonly isReadOnly: boolean;
}

/** Everything about the selected shape. */
export function ShapeForm({ state, shape, act, issues, isReadOnly }: Properties) {
  const t = useWords(words);
  const plan = state.plan.present;
  const item = shapeAt(plan, shape);
  if (item === undefined) return <p className="quiet">{t.nothingSelected}</p>;
  const set = (path: Path, value: unknown): void =>
    act({
      type: 'change',
      change: (before: Draft) => withValue(before, [shape.list, shape.index, ...path], value),
      about: `${shapeKey(shape)} ${path.join('.')}`,
    });
  const fields = { plan, set, isReadOnly };
  return (
    <div className="form shape-form">
      {issues.length > 0 ? (
        <ul className="fault">
          {issues.map((issue) => (
            <li key={issue.key + issue.problem}>
              {issue.problem} – {issue.mend}
            </li>
          ))}
        </ul>
      ) : null}
      <TextField
        label={t.id}
        value={item.id}
        maxLength={63}
        isReadOnly={isReadOnly}
        onChange={(id) =>
          act({
            type: 'change',
            change: (before) => renameShape(before, shape, id),
            about: `${shapeKey(shape)} id`,
          })
        }
      />
      {shape.list === 'cameras' ? null : <Names item={item as DraftArea | DraftLine} {...fields} />}
      {plan.floors.length > 1 ? (
        <ChoiceField
          label={t.floor}
          value={item.floor}
          choices={plan.floors.map(({ id, name }) => [id, `${name.ja} / ${name.en}`] as const)}
          isReadOnly={isReadOnly}
          onChange={(floor) => set(['floor'], floor)}
        />
      ) : null}
      {shape.list === 'areas' ? <AreaFields area={item as DraftArea} {...fields} /> : null}
      {shape.list === 'lines' ? (
        <LineFields
          line={item as DraftLine}
          {...fields}
          onTurn={() => act({ type: 'change', change: (before) => turnLine(before, shape) })}
        />
      ) : null}
      <CoordinateTable
        key={shapeKey(shape)}
        plan={plan}
        shape={shape}
        act={act}
        isReadOnly={isReadOnly}
      />
      {shape.list === 'cameras' ? (
        <>
          <PlaceForm camera={item as DraftCamera} set={set} isReadOnly={isReadOnly} />
          <CalibrationForm
            camera={item as DraftCamera}
            index={shape.index}
            act={act}
            isReadOnly={isReadOnly}
          />
        </>
      ) : null}
      {isReadOnly ? null : (
        <button
          type="button"
          className="button"
          onClick={() => {
            act({ type: 'select', shape });
            act({ type: 'remove' });
          }}
        >
          {t.remove}: {item.id}
        </button>
      )}
    </div>
  );
}

interface Fields {
  readonly plan: Draft;
  readonly set: (path: Path, value: unknown) => void;
  readonly isReadOnly: boolean;
}

function Names({ item, set, isReadOnly }: Fields & { readonly item: DraftArea | DraftLine }) {
  const t = useWords(words);
  return (
    <div className="pair">
      <TextField
        label={t.nameJa}
        value={item.name.ja}
        isReadOnly={isReadOnly}
        onChange={(value) => set(['name', 'ja'], value)}
      />
      <TextField
        label={t.nameEn}
        value={item.name.en}
        isReadOnly={isReadOnly}
        onChange={(value) => set(['name', 'en'], value)}
      />
    </div>
  );
}

function CardChoice({
  item,
  plan,
  set,
  isReadOnly,
}: Fields & { readonly item: DraftArea | DraftLine }) {
  const t = useWords(words);
  return (
    <ChoiceField
      label={t.card}
      value={item.actionCard ?? ''}
      choices={[
        ['', t.none] as const,
        ...(plan.actionCards ?? []).map(
          ({ id, title }) => [id, `${title.ja} / ${title.en}`] as const,
        ),
      ]}
      isReadOnly={isReadOnly}
      onChange={(card) => set(['actionCard'], card === '' ? undefined : card)}
    />
  );
}

function AreaFields({ area, plan, set, isReadOnly }: Fields & { readonly area: DraftArea }) {
  const t = useWords(words);
  const siteBands = plan.dangerBands;
  return (
    <>
      <p className="quiet">
        {t.size} {figure(areaM2(area.polygon.coordinates), 1)} m²
      </p>
      <div className="pair">
        <ChoiceField
          label={t.kind}
          value={area.kind}
          choices={[
            ['walkway', t.walkway],
            ['stairs', t.stairs],
            ['queue', t.queue],
          ]}
          isReadOnly={isReadOnly}
          onChange={(kind) => set(['kind'], kind)}
        />
        <NumberField
          label={t.queueMax}
          step={1}
          value={area.queueMaxPersons}
          isReadOnly={isReadOnly}
          onChange={(value) => set(['queueMaxPersons'], value)}
        />
      </div>
      <CardChoice item={area} plan={plan} set={set} isReadOnly={isReadOnly} />
      <label className="row">
        <input
          type="checkbox"
          checked={area.dangerBands !== undefined}
          disabled={isReadOnly}
          onChange={({ target }) =>
            set(
              ['dangerBands'],
              target.checked
                ? (siteBands ?? { stable: 1, capacity: 2.5, unstable: 3.5, congested: 5 })
                : undefined,
            )
          }
        />
        {t.ownBands}
      </label>
      {area.dangerBands === undefined ? null : (
        <BandFields
          bands={area.dangerBands}
          isReadOnly={isReadOnly}
          onChange={(band, value) => set(['dangerBands', band], value)}
        />
      )}
    </>
  );
}

function LineFields({
  line,
  plan,
  set,
  isReadOnly,
  onTurn,
}: Fields & { readonly line: DraftLine; readonly onTurn: () => void }) {
  const t = useWords(words);
  const [a, b] = line.line.coordinates;
  return (
    <>
      <p className="quiet">
        {t.length} {a && b ? figure(distance(a, b), 2) : '–'} m
      </p>
      <div className="pair">
        <NumberField
          label={t.capacityPerM}
          value={line.capacityPerMMin}
          isReadOnly={isReadOnly}
          onChange={(value) => set(['capacityPerMMin'], value)}
        />
        <ChoiceField
          label={t.mainDirection}
          value={line.mainDirection ?? ''}
          choices={[
            ['', t.bothWays],
            ['forward', t.forward],
            ['backward', t.backward],
          ]}
          isReadOnly={isReadOnly}
          onChange={(way) => set(['mainDirection'], way === '' ? undefined : way)}
        />
      </div>
      <CardChoice item={line} plan={plan} set={set} isReadOnly={isReadOnly} />
      {isReadOnly ? null : (
        <button type="button" className="button small" onClick={onTurn}>
          {t.turn}
        </button>
      )}
    </>
  );
}
