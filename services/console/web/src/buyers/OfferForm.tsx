import { useId, useState } from 'react';
import type { Buyer, NewContract } from '../../../src/contract/index.js';
import { BUYER_TEXT_MAX, DOWNLOADS_MAX } from '../../../src/contract/constants.js';
import { Fault } from '../shared/Fault.js';
import { useSay, useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import { ContractText } from './BuyerCard.js';
import { useOffer, usePreview } from './queries.js';
import { firstTerms, MEGABYTE, toggled } from './terms.js';
import { words } from './words.js';

const MEGABYTES_MAX = 1_000_000_000;

/** The terms of a contract, its text to look at, and the offer. */
export function OfferForm({ buyer }: { readonly buyer: Buyer }) {
  const t = useWords(words);
  const say = useSay();
  const plan = usePlan();
  const id = useId();
  const [terms, setTerms] = useState(() => firstTerms(plan, buyer));
  const preview = usePreview(plan.site, buyer.id);
  const offer = useOffer(plan.site, buyer.id);
  const sold = plan.datasets.filter(({ audience }) => audience === 'buyers');
  const set = (change: Partial<NewContract>): void => {
    setTerms({ ...terms, ...change });
    // A text that was looked at is that of other terms now.
    preview.reset();
  };
  if (sold.length === 0) return <p className="fault">{t.noneForSale}</p>;
  const purposes = plan.governance.purposes.filter((purpose) =>
    sold.some((dataset) => dataset.purpose === purpose.id),
  );
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!offer.isPending) offer.mutate(terms);
      }}
    >
      <p className="quiet">{t.offerLead}</p>
      <Choices
        title={t.datasets}
        all={sold.map((dataset) => ({ id: dataset.id, name: say(dataset.title) }))}
        chosen={terms.datasets}
        onChoose={(datasets) => set({ datasets })}
      />
      <Choices
        title={t.purposes}
        all={purposes.map((purpose) => ({ id: purpose.id, name: say(purpose.name) }))}
        chosen={terms.purposes}
        onChoose={(chosen) => set({ purposes: chosen })}
      />
      <div className="buyer-fields">
        <NumberField
          label={t.downloadsPerMonth}
          value={terms.downloadsPerMonth}
          most={DOWNLOADS_MAX}
          onChange={(downloadsPerMonth) => set({ downloadsPerMonth })}
        />
        <NumberField
          label={t.megabytesPerMonth}
          value={terms.bytesPerMonth / MEGABYTE}
          most={MEGABYTES_MAX}
          onChange={(megabytes) => set({ bytesPerMonth: megabytes * MEGABYTE })}
        />
        <span className="field">
          <label htmlFor={`${id}until`}>{t.lastDay}</label>
          <input
            id={`${id}until`}
            type="date"
            required
            value={terms.validUntil}
            onChange={({ target }) => set({ validUntil: target.value })}
          />
        </span>
      </div>
      <Texts
        labels={{ ja: t.notCombinedJa, en: t.notCombinedEn }}
        value={terms.notCombinedWith}
        isRequired
        onChange={(notCombinedWith) => set({ notCombinedWith })}
      />
      <Texts
        labels={{ ja: t.specialJa, en: t.specialEn }}
        value={terms.special}
        onChange={(special) => set({ special })}
      />
      {preview.error === null ? null : <Fault error={preview.error} />}
      {offer.error === null ? null : <Fault error={offer.error} />}
      <p role="status">
        {offer.data === undefined ? '' : `✓ ${t.offeredDone(offer.data.version)}`}
      </p>
      <div className="row">
        <button
          type="button"
          className="button"
          disabled={preview.isPending}
          onClick={() => preview.mutate(terms)}
        >
          {t.preview}
        </button>
        <button type="submit" className="button primary" disabled={offer.isPending}>
          {t.sendOffer}
        </button>
      </div>
      {preview.data === undefined ? null : <ContractText {...preview.data} />}
    </form>
  );
}

function Choices({
  title,
  all,
  chosen,
  onChoose,
}: {
  readonly title: string;
  readonly all: readonly { readonly id: string; readonly name: string }[];
  readonly chosen: readonly string[];
  readonly onChoose: (chosen: string[]) => void;
}) {
  return (
    <fieldset className="buyer-choices">
      <legend>{title}</legend>
      {all.map(({ id, name }) => (
        <label key={id} className="row">
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            onChange={() => onChoose(toggled(chosen, id))}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

function NumberField({
  label,
  value,
  most,
  onChange,
}: {
  readonly label: string;
  readonly value: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}) {
  const id = useId();
  return (
    <span className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="number"
        required
        min={1}
        max={most}
        step={1}
        value={value === 0 ? '' : value}
        onChange={({ target }) => onChange(Math.round(Number(target.value)))}
      />
    </span>
  );
}

function Texts({
  labels,
  value,
  isRequired = false,
  onChange,
}: {
  readonly labels: { readonly ja: string; readonly en: string };
  readonly value: { readonly ja: string; readonly en: string };
  readonly isRequired?: boolean;
  readonly onChange: (value: { ja: string; en: string }) => void;
}) {
  const id = useId();
  return (
    <div className="buyer-fields">
      {(['ja', 'en'] as const).map((language) => (
        <span key={language} className="field wide">
          <label htmlFor={`${id}${language}`}>{labels[language]}</label>
          <textarea
            id={`${id}${language}`}
            lang={language}
            rows={3}
            required={isRequired}
            maxLength={BUYER_TEXT_MAX}
            value={value[language]}
            onChange={({ target }) => onChange({ ...value, [language]: target.value })}
          />
        </span>
      ))}
    </div>
  );
}
