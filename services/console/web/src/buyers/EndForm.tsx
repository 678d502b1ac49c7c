import { useId, useState } from 'react';
import type { Buyer } from '../../../src/contract/index.js';
import { BUYER_REASON_MAX } from '../../../src/contract/constants.js';
import { Fault } from '../shared/Fault.js';
import { useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import { useEnd } from './queries.js';
import { words } from './words.js';

/** Ends a contract, or refuses an application. */
export function EndForm({ buyer }: { readonly buyer: Buyer }) {
  const t = useWords(words);
  const { site } = usePlan();
  const id = useId();
  const [reason, setReason] = useState('');
  const end = useEnd(site, buyer.id);
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!end.isPending) end.mutate(reason);
      }}
    >
      <p id={`${id}lead`} className="quiet">
        {t.endLead}
      </p>
      <div className="field">
        <label htmlFor={`${id}reason`}>{t.reason}</label>
        <textarea
          id={`${id}reason`}
          aria-describedby={`${id}lead`}
          rows={2}
          required
          maxLength={BUYER_REASON_MAX}
          lang={buyer.language}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
      </div>
      {end.error === null ? null : <Fault error={end.error} />}
      <div className="row">
        <button type="submit" className="button primary" disabled={end.isPending}>
          {t.endNow}
        </button>
      </div>
    </form>
  );
}
