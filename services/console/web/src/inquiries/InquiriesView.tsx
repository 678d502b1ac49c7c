import { useState } from 'react';
import type { Inquiries, Inquiry } from '../../../src/contract/index.js';
import { useMay } from '../app/session.js';
import { Fault } from '../shared/Fault.js';
import { useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import { TableBox } from '../shared/TableBox.js';
import { Waiting } from '../shared/Waiting.js';
import { InquiryCard } from './InquiryCard.js';
import { useInquiries, type Shown } from './queries.js';
import { words } from './words.js';
import '../charts/charts.css';
import './inquiries.css';

/** What the public asks and thinks: read, answered, counted. */
export default function InquiriesView() {
  const t = useWords(words);
  const { site } = usePlan();
  const mayRead = useMay('operator');
  const [shown, setShown] = useState<Shown>({ state: 'open', kind: undefined });
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInquiries(
    site,
    shown,
    mayRead,
  );
  const first = data?.pages[0];
  const all = data?.pages.flatMap((page) => page.inquiries) ?? [];
  return (
    <main id="main" className="page">
      <div>
        <h1>{t.title}</h1>
        <p className="quiet">
          {!mayRead ? t.operatorOnly : first === undefined ? '' : t.lead(String(first.keptDays))}
        </p>
      </div>
      {mayRead ? <Choice shown={shown} onChoose={setShown} open={first?.open} /> : null}
      {error === null ? null : <Fault error={error} onRetry={refetch} />}
      {mayRead && first === undefined && error === null ? <Waiting /> : null}
      {first === undefined ? null : (
        <>
          {all.length === 0 ? <p className="quiet">{t.none}</p> : null}
          {all.map((each) => (
            <InquiryCard key={each.id} inquiry={each} ready={first.heldReply[each.language]} />
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
          <Counts counts={first.counts} />
        </>
      )}
    </main>
  );
}

function Choice({
  shown,
  onChoose,
  open,
}: {
  readonly shown: Shown;
  readonly onChoose: (shown: Shown) => void;
  readonly open: number | undefined;
}) {
  const t = useWords(words);
  const of = <T extends string>(value: string): T | undefined =>
    value === '' ? undefined : (value as T);
  return (
    <div className="row">
      <select
        aria-label={t.show}
        value={shown.state ?? ''}
        onChange={({ target }) => onChoose({ ...shown, state: of(target.value) })}
      >
        <option value="open">{t.openOnes}</option>
        <option value="answered">{t.answeredOnes}</option>
        <option value="">{t.all}</option>
      </select>
      <select
        aria-label={t.kind}
        value={shown.kind ?? ''}
        onChange={({ target }) => onChoose({ ...shown, kind: of<Inquiry['kind']>(target.value) })}
      >
        <option value="">{t.both}</option>
        <option value="inquiry">{t.inquiry}</option>
        <option value="opinion">{t.opinion}</option>
      </select>
      <span role="status" className="quiet">
        {open === undefined ? '' : t.open(String(open))}
      </span>
    </div>
  );
}

/** How many came, month by month; this stays when the texts are gone. */
function Counts({ counts }: { readonly counts: Inquiries['counts'] }) {
  const t = useWords(words);
  const months = [...new Set(counts.map(({ month }) => month))];
  const count = (month: string, kind: Inquiry['kind']): number =>
    counts.find((each) => each.month === month && each.kind === kind)?.count ?? 0;
  return (
    <section className="card">
      <h2>{t.byMonth}</h2>
      {months.length === 0 ? (
        <p className="quiet">{t.none}</p>
      ) : (
        <TableBox label={t.byMonth}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t.month}</th>
                <th scope="col">{t.questions}</th>
                <th scope="col">{t.opinions}</th>
              </tr>
            </thead>
            <tbody>
              {months.map((month) => (
                <tr key={month}>
                  <th scope="row">{month}</th>
                  <td className="number">{count(month, 'inquiry')}</td>
                  <td className="number">{count(month, 'opinion')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
      )}
    </section>
  );
}
