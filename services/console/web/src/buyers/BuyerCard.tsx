import { useState } from 'react';
import type { Buyer, BuyerContract } from '../../../src/contract/index.js';
import { dayClock, longDay } from '../shared/format.js';
import { useLanguage, useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import { TableBox } from '../shared/TableBox.js';
import { Deletions } from './Deletions.js';
import { EndForm } from './EndForm.js';
import { OfferForm } from './OfferForm.js';
import { useTitles } from './titles.js';
import { UsePart } from './UsePart.js';
import { words } from './words.js';

/** One organisation: its application, its contract, what it used, and what may be done about it. */
export function BuyerCard({ buyer }: { readonly buyer: Buyer }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const { timeZone } = usePlan();
  const titles = useTitles();
  const [form, setForm] = useState<'offer' | 'end'>();
  const at = (time: string) => dayClock(time, language, timeZone);
  const hasEnded = buyer.endedAt !== null;
  const wasAccepted = buyer.contracts.some(({ acceptedAt }) => acceptedAt !== null);
  return (
    <article className="card buyer">
      <h2>
        {buyer.organisation} <span className="quiet">{t.number(buyer.id)}</span>{' '}
        <span className={`buyer-state buyer-${buyer.state}`}>{t[buyer.state]}</span>
      </h2>
      <p className="quiet">
        {t.appliedAt(at(buyer.appliedAt))} · {t.contact}: {buyer.contact}
      </p>
      <h3>{t.intent}</h3>
      <p className="buyer-words" lang={buyer.language}>
        {buyer.intent}
      </p>
      <p>
        {t.wanted}: {titles(buyer.wanted)}
      </p>
      {buyer.state === 'ended' ? <Ended buyer={buyer} at={at} /> : null}
      {buyer.ends.length === 0 ? null : <Deletions buyer={buyer} />}
      {buyer.contracts.length === 0 ? null : <Contracts buyer={buyer} />}
      {wasAccepted ? <UsePart buyer={buyer} /> : null}
      {hasEnded ? null : (
        <div className="row">
          <button
            type="button"
            className="button"
            aria-expanded={form === 'offer'}
            onClick={() => setForm(form === 'offer' ? undefined : 'offer')}
          >
            {buyer.contracts.length === 0 ? t.offer : t.offerNew}
            <span className="visually-hidden"> {buyer.organisation}</span>
          </button>
          <button
            type="button"
            className="button"
            aria-expanded={form === 'end'}
            onClick={() => setForm(form === 'end' ? undefined : 'end')}
          >
            {wasAccepted ? t.end : t.refuse}
            <span className="visually-hidden"> {buyer.organisation}</span>
          </button>
        </div>
      )}
      {!hasEnded && form === 'offer' ? <OfferForm buyer={buyer} /> : null}
      {!hasEnded && form === 'end' ? <EndForm buyer={buyer} /> : null}
    </article>
  );
}

function Ended({ buyer, at }: { readonly buyer: Buyer; readonly at: (time: string) => string }) {
  const t = useWords(words);
  return (
    <p>
      {buyer.endedAt === null
        ? t.timeOver
        : `${t.endedBy(at(buyer.endedAt), buyer.endedBy ?? '')}: ${buyer.endReason ?? ''}`}
    </p>
  );
}

function Contracts({ buyer }: { readonly buyer: Buyer }) {
  const t = useWords(words);
  const titles = useTitles();
  const { language } = useLanguage();
  const { timeZone } = usePlan();
  const at = (time: string) => dayClock(time, language, timeZone);
  const [shown, setShown] = useState<BuyerContract>();
  return (
    <section>
      <h3>{t.contracts}</h3>
      <TableBox label={`${t.contracts}: ${buyer.organisation}`}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t.version}</th>
              <th scope="col">{t.datasets}</th>
              <th scope="col">{t.until}</th>
              <th scope="col">{t.issued}</th>
              <th scope="col">{t.acceptedWord}</th>
              <th scope="col">{t.text}</th>
            </tr>
          </thead>
          <tbody>
            {buyer.contracts.map((contract) => (
              <tr key={contract.version}>
                <th scope="row">{contract.version}</th>
                <td>{titles(contract.datasets)}</td>
                {/* The instant is the first that is over. */}
                <td>{longDay(Date.parse(contract.validUntil) - 1, language, timeZone)}</td>
                <td>
                  {at(contract.issuedAt)} {contract.issuedBy}
                </td>
                <td>
                  {contract.acceptedAt === null
                    ? t.notYet
                    : `${at(contract.acceptedAt)} ${contract.acceptedBy ?? ''}`}
                </td>
                <td>
                  <button
                    type="button"
                    className="button small"
                    aria-expanded={shown?.version === contract.version}
                    onClick={() =>
                      setShown(shown?.version === contract.version ? undefined : contract)
                    }
                  >
                    {t.showText(contract.version)}
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
      {shown === undefined ? null : (
        <>
          <ContractText ja={shown.textJa} en={shown.textEn} />
          <p className="quiet buyer-hash">SHA-256 {shown.sha256}</p>
        </>
      )}
    </section>
  );
}

/** Both texts, the reader's language first. */
export function ContractText({ ja, en }: { readonly ja: string; readonly en: string }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const texts = [
    { language: 'ja', text: ja, title: t.japanese },
    { language: 'en', text: en, title: t.english },
  ].sort((a) => (a.language === language ? -1 : 1));
  return (
    <>
      {texts.map((each) => (
        <div key={each.language}>
          <h4>{each.title}</h4>
          {/* Who scrolls by keyboard must be able to come here. */}
          <div
            className="buyer-contract"
            role="region"
            aria-label={`${t.previewed} (${each.title})`}
            lang={each.language}
            tabIndex={0}
          >
            {each.text}
          </div>
        </div>
      ))}
    </>
  );
}
