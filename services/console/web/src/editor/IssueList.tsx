import { useWords } from '../shared/i18n.js';
import { Fault } from '../shared/Fault.js';
import type { Draft } from './document.js';
import { placeOf, subjectOf, type PlanIssue } from './issues.js';
import type { EditorAction } from './state.js';
import { words } from './words.js';

/** Everything that is wrong with the plan as it stands; choosing one goes there. */
export function IssueList({
  plan,
  issues,
  isChecked,
  error,
  act,
}: {
  readonly plan: Draft;
  readonly issues: readonly PlanIssue[];
  readonly isChecked: boolean;
  readonly error: unknown;
  readonly act: (action: EditorAction) => void;
}) {
  const t = useWords(words);
  return (
    <section className="issues" aria-label={t.issues}>
      <p role="status">
        {error !== null
          ? t.checkFailed
          : !isChecked
            ? t.checking
            : issues.length === 0
              ? `✓ ${t.issuesNone}`
              : `⚠ ${t.issuesSome(String(issues.length))}`}
      </p>
      {error === null ? null : <Fault error={error} />}
      <ul>
        {issues.map((issue, i) => {
          const { shape } = placeOf(issue);
          const said = (
            <>
              <strong>{subjectOf(plan, issue)}</strong> {issue.problem}
              <span className="quiet"> – {issue.mend}</span>
            </>
          );
          return (
            <li key={`${issue.key} ${i}`}>
              {shape === undefined ? (
                <p>{said}</p>
              ) : (
                <button
                  type="button"
                  className="shape-choice"
                  onClick={() => act({ type: 'select', shape })}
                >
                  {said}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
