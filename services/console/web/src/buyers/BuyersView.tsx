import { useId, useState } from 'react';
import { useMay } from '../app/session.js';
import { url } from '../shared/api.js';
import { Fault } from '../shared/Fault.js';
import { useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import { Waiting } from '../shared/Waiting.js';
import { BuyerCard } from './BuyerCard.js';
import { useBuyers } from './queries.js';
import { words } from './words.js';
import '../charts/charts.css';
import './buyers.css';

/** Organisations that have data under a contract, or want it. */
export default function BuyersView() {
  const t = useWords(words);
  const { site } = usePlan();
  const isAdministrator = useMay('administrator');
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useBuyers(
    site,
    isAdministrator,
  );
  if (!isAdministrator)
    return (
      <main id="main" className="page">
        <h1>{t.title}</h1>
        <p className="fault">{t.administratorOnly}</p>
      </main>
    );
  const first = data?.pages[0];
  const all = data?.pages.flatMap((page) => page.buyers) ?? [];
  return (
    <main id="main" className="page">
      <div>
        <h1>{t.title}</h1>
        <p className="quiet">{t.lead}</p>
      </div>
      <UsageFile />
      {error === null ? null : <Fault error={error} onRetry={refetch} />}
      {first === undefined ? (
        error === null ? (
          <Waiting />
        ) : null
      ) : (
        <>
          <p role="status" className="quiet">
            {all.length === 0 ? t.none : t.open(String(first.open))}
          </p>
          {first.deletions.due + first.deletions.overdue === 0 ? null : (
            <p className={first.deletions.overdue === 0 ? 'quiet' : 'fault'}>
              {t.deletions(String(first.deletions.due), String(first.deletions.overdue))}
            </p>
          )}
          {all.map((buyer) => (
            <BuyerCard key={buyer.id} buyer={buyer} />
          ))}
          {hasNextPage ? (
            <p>
              <button
                type="button"
                className="button"
                disabled={isFetchingNextPage}
                onClick={() => void fetchNextPage()}
              >
                {t.older}
              </button>
            </p>
          ) : null}
        </>
      )}
    </main>
  );
}

/** What was used in a month, as a file for invoices. */
function UsageFile() {
  const t = useWords(words);
  const { site } = usePlan();
  const id = useId();
  const [month, setMonth] = useState(() => new Date().toISOString().slice(0, 7));
  const isMonth = /^\d{4}-(0[1-9]|1[0-2])$/.test(month);
  return (
    <section className="card buyers-usage">
      <h2>{t.usageFile}</h2>
      <div className="row">
        <label htmlFor={`${id}month`}>{t.month}</label>
        {/* Not every browser has a field for months: it is a text where it has none. */}
        <input
          id={`${id}month`}
          type="month"
          value={month}
          placeholder="2026-11"
          onChange={({ target }) => setMonth(target.value)}
        />
        {isMonth ? (
          <a className="button" download href={url(`/sites/${site}/buyers/usage`, { month })}>
            {t.download}
          </a>
        ) : null}
      </div>
    </section>
  );
}
