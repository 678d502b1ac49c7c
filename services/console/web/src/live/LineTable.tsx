import { figure } from '../shared/format.js';
import { useSay, useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import { usePicture } from './LiveProvider.js';
import { words } from './words.js';

/** Passages of the last minute, each way. */
export function LineTable() {
  const t = useWords(words);
  const say = useSay();
  const { lines } = usePlan();
  const now = new Map(usePicture()?.snapshot.lines.map((line) => [line.line, line]));
  if (lines.length === 0) return null;
  return (
    <table className="table">
      <caption>{t.linesHead}</caption>
      <thead>
        <tr>
          <th scope="col">{t.line}</th>
          <th scope="col" className="number">
            {t.forward}
          </th>
          <th scope="col" className="number">
            {t.backward}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ id, name }) => (
          <tr key={id}>
            <th scope="row">{say(name)}</th>
            <td className="number">{figure(now.get(id)?.forwardPerMin)}</td>
            <td className="number">{figure(now.get(id)?.backwardPerMin)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
