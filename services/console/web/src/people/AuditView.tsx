import { useId, useState } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { AuditEntry } from '../../../src/contract/index.js';
import { useMay } from '../app/session.js';
import { get } from '../shared/api.js';
import { Fault } from '../shared/Fault.js';
import { TableBox } from '../shared/TableBox.js';
import { clockSeconds, longDay } from '../shared/format.js';
import { useLanguage, useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import { Waiting } from '../shared/Waiting.js';
import { words } from './words.js';
import '../charts/charts.css';
import './people.css';

/** Entries of one page. */
const PAGE = 100;

/** Who saw or changed what. */
export default function AuditView() {
  const t = useWords(words);
  const isAdministrator = useMay('administrator');
  const { language } = useLanguage();
  const { timeZone } = usePlan();
  const [filter, setFilter] = useState('');
  const id = useId();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    {
      queryKey: ['audit'],
      queryFn: ({ pageParam }) => get<AuditEntry[]>('/audit', { before: pageParam, limit: PAGE }),
      initialPageParam: undefined as number | undefined,
      getNextPageParam: (page) => (page.length < PAGE ? undefined : page.at(-1)?.id),
      enabled: isAdministrator,
    },
  );
  const entries = data?.pages.flat() ?? [];
  const sought = filter.trim().toLowerCase();
  const shown = entries.filter((entry) =>
    [entry.user ?? t.system, entry.action, entry.subject, entry.detail, entry.address].some(
      (text) => text.toLowerCase().includes(sought),
    ),
  );
  return (
    <main id="main" className="page">
      <div>
        <h1>{t.audit}</h1>
        <p className="quiet">{isAdministrator ? t.auditLead : t.administratorOnly}</p>
      </div>
      {error === null ? null : <Fault error={error} onRetry={refetch} />}
      {isAdministrator && data === undefined && error === null ? <Waiting /> : null}
      {data === undefined ? null : (
        <>
          <div className="row">
            <label htmlFor={`${id}filter`}>{t.filter}</label>
            <input
              id={`${id}filter`}
              type="search"
              value={filter}
              onChange={({ target }) => setFilter(target.value)}
            />
            <span role="status" className="quiet">
              {t.filtered(String(shown.length), String(entries.length))}
            </span>
          </div>
          <TableBox label={t.audit} isCard>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t.at}</th>
                  <th scope="col">{t.who}</th>
                  <th scope="col">{t.action}</th>
                  <th scope="col">{t.subject}</th>
                  <th scope="col">{t.detail}</th>
                  <th scope="col">{t.address}</th>
                </tr>
              </thead>
              <tbody>
                {shown.map((entry) => (
                  <tr key={entry.id}>
                    <td className="audit-at">
                      {longDay(entry.at, language, timeZone)}{' '}
                      {clockSeconds(entry.at, language, timeZone)}
                    </td>
                    <td>{entry.user ?? t.system}</td>
                    <th scope="row">
                      <code>{entry.action}</code>
                    </th>
                    <td>{entry.subject}</td>
                    <td className="audit-detail">{entry.detail}</td>
                    <td>{entry.address}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableBox>
          {hasNextPage ? (
            <button
              type="button"
              className="button"
              disabled={isFetchingNextPage}
              onClick={() => void fetchNextPage()}
            >
              {t.older}
            </button>
          ) : (
            <p className="quiet">{t.noMore}</p>
          )}
        </>
      )}
    </main>
  );
}
