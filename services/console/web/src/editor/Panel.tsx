import { useState } from 'react';
import { useWords } from '../shared/i18n.js';
import { CardsForm } from './CardsForm.js';
import { FloorsForm } from './FloorsForm.js';
import { shapeKey, type PlanIssue } from './issues.js';
import { ShapeForm } from './ShapeForm.js';
import { ShapeList } from './ShapeList.js';
import { SiteForm } from './SiteForm.js';
import type { EditorAction, EditorState } from './state.js';
import { Versions } from './Versions.js';
import { words } from './words.js';

const TABS = ['shapes', 'floors', 'site', 'cards', 'versions'] as const;

/** Beside the drawing: the selected shape, and what belongs to no shape. */
export function Panel({
  state,
  act,
  issues,
  isReadOnly,
}: {
  readonly state: EditorState;
  readonly act: (action: EditorAction) => void;
  readonly issues: ReadonlyMap<string, readonly PlanIssue[]>;
  readonly isReadOnly: boolean;
}) {
  const t = useWords(words);
  const [tab, setTab] = useState<(typeof TABS)[number]>('shapes');
  // Whoever chooses a shape on the drawing wants to see it here.
  const [seen, setSeen] = useState(state.selected);
  if (seen !== state.selected) {
    setSeen(state.selected);
    if (state.selected !== undefined) setTab('shapes');
  }
  const { selected } = state;
  const plan = state.plan.present;
  return (
    <section className="card editor-panel" aria-label={t[tab]}>
      <span className="switch editor-tabs">
        {TABS.map((each) => (
          <button key={each} type="button" aria-pressed={each === tab} onClick={() => setTab(each)}>
            {t[each]}
          </button>
        ))}
      </span>
      {tab === 'shapes' ? (
        <>
          {selected === undefined ? (
            <p className="quiet">{t.nothingSelected}</p>
          ) : (
            <ShapeForm
              key={shapeKey(selected)}
              state={state}
              shape={selected}
              act={act}
              issues={issues.get(shapeKey(selected)) ?? []}
              isReadOnly={isReadOnly}
            />
          )}
          <ShapeList state={state} act={act} issues={issues} isReadOnly={isReadOnly} />
        </>
      ) : null}
      {tab === 'floors' ? (
        <FloorsForm plan={plan} floor={state.floor} act={act} isReadOnly={isReadOnly} />
      ) : null}
      {tab === 'site' ? <SiteForm plan={plan} act={act} isReadOnly={isReadOnly} /> : null}
      {tab === 'cards' ? <CardsForm plan={plan} act={act} isReadOnly={isReadOnly} /> : null}
      {tab === 'versions' ? <Versions /> : null}
    </section>
  );
}
