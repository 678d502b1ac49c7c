import type { Buyer } from '../../../src/contract/index.js';
import { Fault } from '../shared/Fault.js';
import { dayClock, figure } from '../shared/format.js';
import { useLanguage, useSay, useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import { TableBox } from '../shared/TableBox.js';
import { Waiting } from '../shared/Waiting.js';
import { useBuyerUse, useRevoke } from './queries.js';
import { MEGABYTE } from './terms.js';
import { useTitles } from './titles.js';
import { words } from './words.js';

/** Keys, what was used this month, and what they were told of. */
export function UsePart({ buyer }: { readonly buyer: Buyer }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const say = useSay();
  const { site, timeZone, governance } = usePlan();
  const titles = useTitles();
  const { data, error, refetch } = useBuyerUse(site, buyer.id, true);
  const revoke = useRevoke(site, buyer.id);
  const at = (time: string) => dayClock(time, language, timeZone);
  const purposeOf = (id: string): string => {
    const purpose = governance.purposes.find((one) => one.id === id);
    return purpose === undefined ? id : say(purpose.name);
  };
  return (
    <section>
      <h3>{t.use}</h3>
      {error === null ? null : <Fault error={error} onRetry={refetch} />}
      {revoke.error === null ? null : <Fault error={revoke.error} />}
      {data === undefined ? (
        error === null ? (
          <Waiting />
        ) : null
      ) : (
        <>
          <p>{t.thisMonth(data.month, figure(data.downloads), megabytes(data.bytes))}</p>
          {data.keys.length === 0 ? (
            <p className="quiet">{t.noKeys}</p>
          ) : (
            <TableBox label={`${t.use}: ${buyer.organisation}`}>
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">{t.key}</th>
                    <th scope="col">{t.datasets}</th>
                    <th scope="col">{t.purpose}</th>
                    <th scope="col">{t.usedThisMonth}</th>
                    <th scope="col">{t.made}</th>
                    <th scope="col">{t.keyRevoked}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.keys.map((key) => (
                    <tr key={key.id}>
                      <th scope="row">
                        {key.id} <span className="quiet">{t.endsIn(key.ending)}</span>
                      </th>
                      <td>{key.datasets === null ? t.everyDataset : titles(key.datasets)}</td>
                      <td>{key.purpose === null ? '' : purposeOf(key.purpose)}</td>
                      <td>
                        {t.ofQuota(
                          ofMost(key.downloads, key.downloadsPerMonth, figure),
                          ofMost(key.bytes, key.bytesPerMonth, megabytes),
                        )}
                      </td>
                      <td>{at(key.madeAt)}</td>
                      <td>
                        {key.revokedAt === null ? (
                          <button
                            type="button"
                            className="button small"
                            disabled={revoke.isPending}
                            onClick={() => revoke.mutate(key.id)}
                          >
                            {t.revoke}
                            <span className="visually-hidden">
                              {' '}
                              {t.key} {key.id}
                            </span>
                          </button>
                        ) : (
                          `${at(key.revokedAt)} ${key.revokedBy ?? ''}`
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </TableBox>
          )}
          {buyer.webhookUrl === null ? null : (
            <p className="buyer-hash">
              {t.webhook}: {buyer.webhookUrl}
            </p>
          )}
          {data.deliveries.length === 0 ? null : (
            <ul className="buyer-deliveries">
              {data.deliveries.map((each) => (
                <li key={each.id}>
                  {each.news.kind === 'end'
                    ? t.endOf
                    : `${each.news.dataset} ${each.news.period} v${each.news.version}`}
                  : {t[each.state]} {at(each.at)} <span className="quiet">{each.fault}</span>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </section>
  );
}

/** What was used of a quota of its own. */
function ofMost(used: number, most: number | null, told: (value: number) => string): string {
  return most === null ? told(used) : `${told(used)} / ${told(most)}`;
}

/** In the unit of the contract; to the byte it stands in the file for invoices. */
function megabytes(bytes: number): string {
  return figure(bytes / MEGABYTE, bytes % MEGABYTE === 0 ? 0 : 1);
}
