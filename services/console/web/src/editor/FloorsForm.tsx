import { useSay, useWords } from '../shared/i18n.js';
import { withValue, type Draft } from './document.js';
import { TextField } from './fields.js';
import { addFloor, removeFloor, renameFloor, shapesOn } from './floors.js';
import type { EditorAction } from './state.js';
import { words } from './words.js';

/** The floors of the site, the lowest first. */
export function FloorsForm({
  plan,
  floor: shown,
  act,
  isReadOnly,
}: {
  readonly plan: Draft;
  /** The one that is drawn. */
  readonly floor: string;
  readonly act: (action: EditorAction) => void;
  readonly isReadOnly: boolean;
}) {
  const t = useWords(words);
  const say = useSay();
  const add = (): void => {
    const { plan: next, floor } = addFloor(plan);
    act({ type: 'change', change: () => next });
    act({ type: 'floor', floor });
  };
  return (
    <div className="form">
      <h2>{t.floors}</h2>
      <p className="quiet">{t.floorsWhy}</p>
      {plan.floors.map((floor, i) => {
        const count = shapesOn(plan, floor.id);
        const change = (about: string, next: (before: Draft) => Draft): void =>
          act({ type: 'change', change: next, about: `floor ${i} ${about}` });
        return (
          <fieldset key={i} className="group">
            <legend>{say(floor.name)}</legend>
            <TextField
              label={t.id}
              value={floor.id}
              maxLength={63}
              isReadOnly={isReadOnly}
              onChange={(id) => {
                change('id', (before) => renameFloor(before, i, id));
                if (floor.id === shown) act({ type: 'floor', floor: id });
              }}
            />
            <div className="pair">
              {(['ja', 'en'] as const).map((language) => (
                <TextField
                  key={language}
                  label={language === 'ja' ? t.nameJa : t.nameEn}
                  value={floor.name[language]}
                  isReadOnly={isReadOnly}
                  onChange={(value) =>
                    change(`name ${language}`, (before) =>
                      withValue(before, ['floors', i, 'name', language], value),
                    )
                  }
                />
              ))}
            </div>
            <div className="row">
              <button
                type="button"
                className="button small"
                aria-pressed={floor.id === shown}
                onClick={() => act({ type: 'floor', floor: floor.id })}
              >
                {t.floorShow}
              </button>
              {isReadOnly ? null : (
                <button
                  type="button"
                  className="button small"
                  disabled={count > 0 || plan.floors.length < 2}
                  onClick={() =>
                    act({ type: 'change', change: (before) => removeFloor(before, i) })
                  }
                >
                  {t.remove}
                  <span className="visually-hidden">: {floor.id}</span>
                </button>
              )}
              <span className="quiet">{t.floorHas(String(count))}</span>
            </div>
          </fieldset>
        );
      })}
      {isReadOnly ? null : (
        <button type="button" className="button" onClick={add}>
          ＋ {t.floorAdd}
        </button>
      )}
    </div>
  );
}
