import { useSay, useWords } from '../shared/i18n.js';
import { usePurpose, usePurposes } from '../shared/purposes.js';
import { words } from './words.js';

/** For what the pages are read, in the bar; a choice where the plan gives the account several purposes. */
export function PurposeChooser() {
  const t = useWords(words);
  const say = useSay();
  const { answer, choose } = usePurposes();
  const [live, measures] = [usePurpose('live').purpose, usePurpose('measures').purpose];
  // Who is outside is told so by the page itself.
  if (answer === undefined || answer.outside !== null) return null;
  const used = [...new Set([live, measures].filter((id) => id !== undefined))];
  // A purpose of single places is one too, of the pages about those.
  const able = answer.purposes.filter(
    ({ readableFrom }) => readableFrom.live !== undefined || readableFrom.measures !== undefined,
  );
  if (able.length === 0) return <span className="bar-purpose">{t.noPurpose}</span>;
  if (able.length === 1)
    return (
      <span className="bar-purpose" title={say(able[0]?.description ?? { ja: '', en: '' })}>
        {t.purpose} {say(able[0]?.name ?? { ja: '', en: '' })}
      </span>
    );
  return (
    <label className="bar-purpose">
      {t.purpose}{' '}
      <select value={used[0] ?? ''} onChange={({ target }) => choose(target.value)}>
        {used.length === 0 ? <option value="">–</option> : null}
        {able.map(({ id, name }) => (
          <option key={id} value={id}>
            {say(name)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Where the account may not see people: why the page is empty. Alerts come all the same. */
export function NoLive() {
  const t = useWords(words);
  const say = useSay();
  const { answer } = usePurposes();
  const { purpose } = usePurpose('live');
  if (answer === undefined || purpose !== undefined) return null;
  const { id, name } = answer.recipient;
  return <p className="fault">{t.noLive(name === null ? id : say(name))}</p>;
}
