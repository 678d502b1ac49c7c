import { useQuery } from '@tanstack/react-query';
import type { PlanVersion } from '../../../src/contract/index.js';
import { get } from '../shared/api.js';
import { Fault } from '../shared/Fault.js';
import { TableBox } from '../shared/TableBox.js';
import { dayClock, dayClockSeconds } from '../shared/format.js';
import { useLanguage, useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import { words } from './words.js';

/** Who saved which version when, and why. */
export function Versions() {
  const t = useWords(words);
  const { language } = useLanguage();
  const { site, timeZone } = usePlan();
  const { data, error, refetch } = useQuery({
    queryKey: ['plans', site],
    queryFn: () => get<PlanVersion[]>(`/sites/${site}/plans`),
  });
  const time = (at: string | null, none: string, clock = dayClock): string =>
    at === null ? none : `${at.slice(0, 4)} ${clock(at, language, timeZone)}`;
  if (error !== null) return <Fault error={error} onRetry={refetch} />;
  return (
    <TableBox label={t.versions}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t.versionWord}</th>
            <th scope="col">{t.when}</th>
            <th scope="col">{t.who}</th>
            <th scope="col">{t.noteWord}</th>
            <th scope="col">{t.since}</th>
          </tr>
        </thead>
        <tbody>
          {data?.map((version) => (
            <tr key={version.version}>
              <th scope="row">{version.version}</th>
              <td>{time(version.savedAt, '–')}</td>
              <td>{version.savedBy ?? '–'}</td>
              <td>{version.note}</td>
              <td>{time(version.inForceFrom, t.fromStart, dayClockSeconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}
