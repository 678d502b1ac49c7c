import { useWords } from '../shared/i18n.js';
import type { ThingDiff } from './diff.js';
import { words } from './words.js';

/** Longer values are cut: whoever needs them whole sees them in the form. */
const VALUE_MAX = 60;

/** What was changed, thing by thing, before and after. */
export function Changes({ diffs }: { readonly diffs: readonly ThingDiff[] }) {
  const t = useWords(words);
  if (diffs.length === 0) return <p className="quiet">{t.noChanges}</p>;
  return (
    <ul className="changes">
      {diffs.map((diff) => (
        <li key={`${diff.list} ${diff.id}`}>
          <strong>
            {diff.list === 'plan' ? t.planWord : `${nameOf(diff.list, t)} ${diff.id}`}
          </strong>{' '}
          <span className={`change-${diff.kind}`}>{t[diff.kind]}</span>
          {diff.changes.length === 0 ? null : (
            <ul>
              {diff.changes.map(({ path, before, after }) => (
                <li key={path}>
                  {path.endsWith('coordinates') ? (
                    t.moved
                  ) : (
                    <>
                      <code>{path}</code>: <del>{said(before, t.none)}</del> →{' '}
                      <ins>{said(after, t.none)}</ins>
                    </>
                  )}
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  );
}

function nameOf(
  list: string,
  t: { areas: string; lines: string; cameras: string; cards: string },
): string {
  const names: Record<string, string> = {
    areas: t.areas,
    lines: t.lines,
    cameras: t.cameras,
    actionCards: t.cards,
  };
  return names[list] ?? list;
}

function said(value: unknown, none: string): string {
  if (value === undefined) return none;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > VALUE_MAX ? `${text.slice(0, VALUE_MAX)}…` : text;
}
