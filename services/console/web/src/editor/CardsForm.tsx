import { useWords } from '../shared/i18n.js';
import { withValue, type Draft, type Path } from './document.js';
import { TextField } from './fields.js';
import { renameCard } from './operations.js';
import type { EditorAction } from './state.js';
import { words } from './words.js';

/** What to do at a place when it alerts: titles and steps in both languages. */
export function CardsForm({
  plan,
  act,
  isReadOnly,
}: {
  readonly plan: Draft;
  readonly act: (action: EditorAction) => void;
  readonly isReadOnly: boolean;
}) {
  const t = useWords(words);
  const cards = plan.actionCards ?? [];
  const set = (path: Path, value: unknown): void =>
    act({
      type: 'change',
      change: (before) => withValue(before, ['actionCards', ...path], value),
      about: `cards ${path.join('.')}`,
    });
  const addCard = (): void => {
    const taken = new Set(cards.map(({ id }) => id));
    let n = cards.length + 1;
    while (taken.has(`card-${n}`)) n += 1;
    const id = `card-${n}`;
    const text = { ja: id, en: id };
    const card = { id, title: text, steps: [{ ja: '1', en: '1' }] };
    act({ type: 'change', change: (before) => ({ ...before, actionCards: [...cards, card] }) });
  };
  return (
    <div className="form">
      {cards.length === 0 ? <p className="quiet">{t.noCards}</p> : null}
      {cards.map((card, i) => (
        <fieldset key={i} className="group">
          <legend>{card.title.ja}</legend>
          <TextField
            label={t.id}
            value={card.id}
            maxLength={63}
            isReadOnly={isReadOnly}
            onChange={(id) =>
              act({
                type: 'change',
                change: (before) => renameCard(before, i, id),
                about: `card ${i} id`,
              })
            }
          />
          <div className="pair">
            {(['ja', 'en'] as const).map((language) => (
              <TextField
                key={language}
                label={`${t.cardTitle} (${language})`}
                value={card.title[language]}
                isReadOnly={isReadOnly}
                onChange={(value) => set([i, 'title', language], value)}
              />
            ))}
          </div>
          <ol className="card-steps">
            {card.steps.map((text, j) => (
              <li key={j}>
                <div className="pair">
                  <TextField
                    label={t.stepJa(String(j + 1))}
                    value={text.ja}
                    isReadOnly={isReadOnly}
                    onChange={(value) => set([i, 'steps', j, 'ja'], value)}
                  />
                  <TextField
                    label={t.stepEn(String(j + 1))}
                    value={text.en}
                    isReadOnly={isReadOnly}
                    onChange={(value) => set([i, 'steps', j, 'en'], value)}
                  />
                </div>
                {isReadOnly || card.steps.length < 2 ? null : (
                  <button
                    type="button"
                    className="button icon small"
                    aria-label={`${t.remove}: ${t.stepEn(String(j + 1))}`}
                    onClick={() => set([i, 'steps', j], undefined)}
                  >
                    ×
                  </button>
                )}
              </li>
            ))}
          </ol>
          {isReadOnly ? null : (
            <div className="row">
              <button
                type="button"
                className="button small"
                disabled={card.steps.length >= 20}
                onClick={() =>
                  set([i, 'steps', card.steps.length], {
                    ja: String(card.steps.length + 1),
                    en: String(card.steps.length + 1),
                  })
                }
              >
                ＋ {t.addStep}
              </button>
              <button type="button" className="button small" onClick={() => set([i], undefined)}>
                {t.remove}: {card.id}
              </button>
            </div>
          )}
        </fieldset>
      ))}
      {isReadOnly ? null : (
        <button type="button" className="button" onClick={addCard}>
          ＋ {t.add}
        </button>
      )}
    </div>
  );
}
