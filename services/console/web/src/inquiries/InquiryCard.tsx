import { useId, useState } from 'react';
import type { Inquiry } from '../../../src/contract/index.js';
import { ANSWER_LENGTH_MAX } from '../../../src/contract/constants.js';
import { dayClock } from '../shared/format.js';
import { useLanguage, useWords } from '../shared/i18n.js';
import { problemSentence } from '../shared/problem-words.js';
import { usePlan } from '../shared/site.js';
import { useAnswer } from './queries.js';
import { words } from './words.js';

/** One question or opinion, with its answer or the form for one. */
export function InquiryCard({
  inquiry,
  ready,
}: {
  readonly inquiry: Inquiry;
  /** An answer to begin with. */
  readonly ready: string;
}) {
  const t = useWords(words);
  const { language } = useLanguage();
  const { timeZone } = usePlan();
  const at = (time: string) => dayClock(time, language, timeZone);
  const { answer, answeredAt, answeredBy } = inquiry;
  return (
    <article className="card inquiry">
      <h2>
        {t[inquiry.kind]} <span className="quiet">{t.number(inquiry.id)}</span>
      </h2>
      <p className="quiet">
        {at(inquiry.at)} · {t.inLanguage(inquiry.language)}
        {inquiry.contact === '' ? null : ` · ${t.contact}: ${inquiry.contact}`}
      </p>
      <p className="inquiry-words" lang={inquiry.language}>
        {inquiry.text}
      </p>
      {answer === null || answeredAt === null ? (
        <AnswerForm inquiry={inquiry} ready={ready} />
      ) : (
        <>
          <h3>{t.answer}</h3>
          <p className="quiet">{t.answeredBy(at(answeredAt), answeredBy ?? '')}</p>
          <p className="inquiry-words" lang={inquiry.language}>
            {answer}
          </p>
        </>
      )}
    </article>
  );
}

function AnswerForm({ inquiry, ready }: { readonly inquiry: Inquiry; readonly ready: string }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const { site } = usePlan();
  const [answer, setAnswer] = useState('');
  const give = useAnswer(site, inquiry.id);
  const id = useId();
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        give.mutate(answer);
      }}
    >
      <div className="field">
        <label htmlFor={`${id}answer`}>{t.answer}</label>
        <textarea
          id={`${id}answer`}
          aria-describedby={`${id}once`}
          rows={answer === '' ? 3 : 12}
          maxLength={ANSWER_LENGTH_MAX}
          lang={inquiry.language}
          required
          value={answer}
          onChange={({ target }) => setAnswer(target.value)}
        />
      </div>
      <p id={`${id}once`} className="quiet">
        {t.onlyOnce}
      </p>
      {give.isError ? (
        <p className="fault" role="alert">
          {problemSentence(give.error, language)}
        </p>
      ) : null}
      <div className="row">
        <button type="submit" className="button primary" disabled={give.isPending}>
          {t.send}
        </button>
        <button type="button" className="button" onClick={() => setAnswer(ready)}>
          {t.useReady}
        </button>
      </div>
    </form>
  );
}
