import { useId } from 'react';
import { useSearchParams } from 'react-router';
import { useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import { chosenPeriod, daysMax, STEPS, type Chosen, type StepS } from './period.js';
import { useNow } from './use-now.js';
import { chartWords } from './words.js';
import { addDays, serviceDayOf, toLocalInput } from './zoned-time.js';

/** The period of the view, from its address. */
export function usePeriod(defaultStepS?: StepS): Chosen {
  const { timeZone } = usePlan();
  const [search] = useSearchParams();
  return chosenPeriod(search, timeZone, useNow(), defaultStepS);
}

/** Fields that choose a service day or any period, and the step. */
export function PeriodPicker({
  period,
  hasStep = true,
}: {
  readonly period: Chosen;
  readonly hasStep?: boolean;
}) {
  const t = useWords(chartWords);
  const { timeZone } = usePlan();
  const [, setSearch] = useSearchParams();
  const id = useId();
  const now = useNow();
  const change = (values: Record<string, string | undefined>): void => {
    setSearch(
      (search) => {
        const next = new URLSearchParams(search);
        for (const [key, value] of Object.entries(values)) {
          if (value === undefined) next.delete(key);
          else next.set(key, value);
        }
        return next;
      },
      { replace: true },
    );
  };
  const toDay = (day: string): void => change({ day, from: undefined, to: undefined });
  const today = serviceDayOf(now, timeZone);
  const { day } = period;
  const words = { 10: t.step10, 60: t.step60, 900: t.step900, 3600: t.step3600 };
  return (
    <div className="period no-print" role="group" aria-label={t.period}>
      <span className="switch">
        <button
          type="button"
          aria-pressed={day !== undefined}
          onClick={() => toDay(day ?? serviceDayOf(period.fromMs, timeZone))}
        >
          {t.oneDay}
        </button>
        <button
          type="button"
          aria-pressed={day === undefined}
          onClick={() =>
            change({
              day: undefined,
              from: toLocalInput(period.fromMs, timeZone),
              to: toLocalInput(period.toMs, timeZone),
            })
          }
        >
          {t.anyPeriod}
        </button>
      </span>
      {day === undefined ? (
        <>
          <label htmlFor={`${id}from`}>{t.from}</label>
          <input
            id={`${id}from`}
            type="datetime-local"
            value={toLocalInput(period.fromMs, timeZone)}
            onChange={({ target }) => target.value !== '' && change({ from: target.value })}
          />
          <label htmlFor={`${id}to`}>{t.to}</label>
          <input
            id={`${id}to`}
            type="datetime-local"
            value={toLocalInput(period.toMs, timeZone)}
            onChange={({ target }) => target.value !== '' && change({ to: target.value })}
          />
        </>
      ) : (
        <>
          <button
            type="button"
            className="button icon"
            aria-label={t.previous}
            onClick={() => toDay(addDays(day, -1))}
          >
            ‹
          </button>
          <label className="visually-hidden" htmlFor={`${id}day`}>
            {t.day}
          </label>
          <input
            id={`${id}day`}
            type="date"
            value={day}
            max={today}
            onChange={({ target }) => target.value !== '' && toDay(target.value)}
          />
          <button
            type="button"
            className="button icon"
            aria-label={t.next}
            disabled={day >= today}
            onClick={() => toDay(addDays(day, 1))}
          >
            ›
          </button>
          <button
            type="button"
            className="button"
            disabled={day === today}
            onClick={() => toDay(today)}
          >
            {t.today}
          </button>
        </>
      )}
      {hasStep ? (
        <label className="period-step">
          {t.step}
          <select value={period.stepS} onChange={({ target }) => change({ step: target.value })}>
            {STEPS.map((step) => (
              <option key={step} value={step}>
                {words[step]}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {period.fault === undefined ? null : (
        <p className="fault" role="alert">
          {period.fault === 'order' ? t.periodWrong : t.capped(String(daysMax(period.stepS)))}
        </p>
      )}
    </div>
  );
}
