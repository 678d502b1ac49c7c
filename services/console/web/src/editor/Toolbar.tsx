import { useSay, useWords } from '../shared/i18n.js';
import type { EditorAction, EditorState, Tool } from './state.js';
import { canRedo, canUndo } from './undo.js';
import { words } from './words.js';

const TOOLS: readonly Tool[] = ['select', 'areas', 'lines', 'cameras'];
const GRIDS_M = [0, 0.1, 0.5, 1];

export function Toolbar({
  state,
  act,
  isReadOnly,
  mayBeSaved,
  onSave,
}: {
  readonly state: EditorState;
  readonly act: (action: EditorAction) => void;
  readonly isReadOnly: boolean;
  readonly mayBeSaved: boolean;
  readonly onSave: () => void;
}) {
  const t = useWords(words);
  const say = useSay();
  const { floors } = state.plan.present;
  return (
    <div className="row editor-tools" role="toolbar" aria-label={t.tools}>
      {isReadOnly ? null : (
        <span className="switch">
          {TOOLS.map((tool) => (
            <button
              key={tool}
              type="button"
              aria-pressed={state.tool === tool}
              onClick={() => act({ type: 'tool', tool })}
            >
              {tool === 'select' ? t.select : `＋ ${t[tool]}`}
            </button>
          ))}
        </span>
      )}
      {floors.length > 1 ? (
        <label className="row">
          {t.floor}
          <select
            value={state.floor}
            onChange={({ target }) => act({ type: 'floor', floor: target.value })}
          >
            {floors.map(({ id, name }) => (
              <option key={id} value={id}>
                {say(name)}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {isReadOnly ? null : (
        <>
          <label className="row">
            <input
              type="checkbox"
              checked={state.isSnapping}
              onChange={({ target }) => act({ type: 'snapping', isOn: target.checked })}
            />
            {t.snapping}
          </label>
          <label className="row">
            {t.grid}
            <select
              value={state.gridM}
              disabled={!state.isSnapping}
              onChange={({ target }) => act({ type: 'grid', gridM: Number(target.value) })}
            >
              {GRIDS_M.map((gridM) => (
                <option key={gridM} value={gridM}>
                  {gridM === 0 ? t.noGrid : `${gridM} m`}
                </option>
              ))}
            </select>
          </label>
          <button
            type="button"
            className="button"
            disabled={!canUndo(state.plan)}
            onClick={() => act({ type: 'undo' })}
          >
            ↶ {t.undo}
          </button>
          <button
            type="button"
            className="button"
            disabled={!canRedo(state.plan)}
            onClick={() => act({ type: 'redo' })}
          >
            ↷ {t.redo}
          </button>
          <button type="button" className="button primary" disabled={!mayBeSaved} onClick={onSave}>
            {t.save}
          </button>
        </>
      )}
    </div>
  );
}
