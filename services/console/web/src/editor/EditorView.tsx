import { useEffect, useMemo, useReducer, useState } from 'react';
import { useBlocker } from 'react-router';
import { useMay } from '../app/session.js';
import { useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import { Canvas } from './Canvas.js';
import { diffPlans } from './diff.js';
import { asDraft, type Draft } from './document.js';
import { IssueList } from './IssueList.js';
import { issuesByShape } from './issues.js';
import { Panel } from './Panel.js';
import { SaveDialog } from './SaveDialog.js';
import { edit, editorState } from './state.js';
import { Toolbar } from './Toolbar.js';
import { useCheck } from './use-check.js';
import { words } from './words.js';
import '../charts/charts.css';
import './editor.css';

const asPlain = (plan: unknown): Draft => asDraft(plan as Record<string, unknown>);

/** Draws the plan of the site, and saves it as the next version. */
export default function EditorView() {
  const t = useWords(words);
  const isReadOnly = !useMay('engineer');
  const inForce = usePlan();
  const [state, act] = useReducer(edit, inForce, (plan) => editorState(asPlain(plan)));
  const [isSaving, setSaving] = useState(false);
  const [saved, setSaved] = useState<number>();
  const { present } = state.plan;
  const { issues, isChecked, error } = useCheck(inForce.site, present, !isReadOnly);
  const byShape = useMemo(() => issuesByShape(issues), [issues]);
  const diffs = useMemo(() => diffPlans(state.base, present), [state.base, present]);
  const isChanged = diffs.length > 0;
  const isOld = inForce.version > state.base.version;
  // A newer version and nothing of one's own: there is nothing to ask.
  useEffect(() => {
    if (isOld && !isChanged) act({ type: 'load', plan: asPlain(inForce) });
  }, [isOld, isChanged, inForce]);
  useLeaveGuard(isChanged, t.leave);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      // In a field the browser undoes what was typed.
      const isField =
        event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (!(event.ctrlKey || event.metaKey) || isField || isReadOnly) return;
      const key = event.key.toLowerCase();
      const isRedo = key === 'y' || (key === 'z' && event.shiftKey);
      if (!isRedo && key !== 'z') return;
      event.preventDefault();
      act({ type: isRedo ? 'redo' : 'undo' });
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [isReadOnly]);
  const mayBeSaved = isChanged && isChecked && issues.length === 0 && !isOld;
  return (
    <main id="main" className="page editor">
      <div className="head-row">
        <div>
          <h1>{t.title}</h1>
          <p className="quiet">
            {t.version(String(state.base.version))} ・{' '}
            {isChanged ? t.changes(String(diffs.length)) : t.noChanges}
          </p>
        </div>
        {saved !== undefined && !isChanged ? <p role="status">✓ {t.saved(String(saved))}</p> : null}
      </div>
      {isReadOnly ? <p className="fault">{t.viewOnly}</p> : null}
      {isOld && isChanged ? (
        <div className="fault" role="alert">
          <p>{t.newer(String(inForce.version))}</p>
          <button
            type="button"
            className="button"
            onClick={() => act({ type: 'load', plan: asPlain(inForce) })}
          >
            {t.loadNewest}
          </button>
        </div>
      ) : null}
      <Toolbar
        state={state}
        act={act}
        isReadOnly={isReadOnly}
        mayBeSaved={mayBeSaved}
        onSave={() => setSaving(true)}
      />
      <div className="editor-body">
        <div className="editor-left">
          <Canvas state={state} act={act} issues={byShape} isReadOnly={isReadOnly} />
          {isReadOnly ? null : (
            <IssueList
              plan={present}
              issues={issues}
              isChecked={isChecked}
              error={error}
              act={act}
            />
          )}
        </div>
        <Panel state={state} act={act} issues={byShape} isReadOnly={isReadOnly} />
      </div>
      {isSaving ? (
        <SaveDialog
          plan={present}
          basedOn={state.base.version}
          diffs={diffs}
          onClose={() => setSaving(false)}
          onSaved={(version) => {
            setSaving(false);
            setSaved(version);
            act({ type: 'saved', version });
          }}
        />
      ) : null}
    </main>
  );
}

/** Asks before unsaved changes are left, by a link or by closing the page. */
function useLeaveGuard(isOn: boolean, question: string): void {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      isOn && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (blocker.state !== 'blocked') return;
    if (window.confirm(question)) blocker.proceed();
    else blocker.reset();
  }, [blocker, question]);
  useEffect(() => {
    if (!isOn) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isOn]);
}
