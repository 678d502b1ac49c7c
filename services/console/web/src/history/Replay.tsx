import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { History } from '../../../src/contract/index.js';
import { savePng } from '../charts/download.js';
import { fileName, stamp } from '../charts/file-name.js';
import { paletteOf } from '../charts/palette.js';
import type { Chosen } from '../charts/period.js';
import { chartWords } from '../charts/words.js';
import { iso, toLocalInput } from '../charts/zoned-time.js';
import { url } from '../shared/api.js';
import { chartColours } from '../shared/chart/Chart.js';
import { dayClock, figure, listed } from '../shared/format.js';
import { useLanguage, useSay, useWords } from '../shared/i18n.js';
import { covered, usePurpose } from '../shared/purposes.js';
import { usePlan } from '../shared/site.js';
import { useTheme } from '../shared/theme.js';
import { changeSpeed, seek, SPEEDS, toggle, withSpeed } from './clock.js';
import { PlanPicture } from './PlanPicture.js';
import { ReplayTable } from './ReplayTable.js';
import { sameTime } from './comparison.js';
import { areasAt, linesAt, type AreaState } from './state.js';
import { svgToPng } from './svg-png.js';
import { useReplayClock } from './use-clock.js';
import { words } from './words.js';

/** Steps of a held Shift. */
const LEAP = 10;

export function Replay({
  history,
  period,
  other,
}: {
  readonly history: History;
  readonly period: Chosen;
  /** The period that is compared: its plan at the same time after its begin stands beside this one. */
  readonly other: { readonly history: History; readonly fromMs: number } | undefined;
}) {
  const t = useWords(words);
  const c = useWords(chartWords);
  const say = useSay();
  const { language } = useLanguage();
  const { theme } = useTheme();
  const plan = usePlan();
  const [clock, change] = useReplayClock(history.starts.length, history.stepS);
  const [chosenFloor, setFloor] = useState<string>();
  const floor = chosenFloor ?? plan.floors[0]?.id ?? '';
  const drawing = useRef<SVGSVGElement>(null);
  // Read anew for each theme.
  const palette = useMemo(() => paletteOf(chartColours(), theme, 13), [theme]);
  const { areas, lines } = useMemo(
    () => stateAt(history, clock.index, plan.alerting.coverageMin),
    [history, clock.index, plan],
  );
  const beside = useMemo(() => {
    if (other === undefined) return undefined;
    const { starts } = other.history;
    const run = { starts: history.starts, fromMs: period.fromMs };
    const index = sameTime(run, clock.index, { starts, fromMs: other.fromMs });
    return {
      at: index === undefined ? undefined : starts[index],
      ...stateAt(other.history, index ?? -1, plan.alerting.coverageMin),
    };
  }, [other, history, clock.index, period.fromMs, plan]);
  const at = history.starts[clock.index] ?? history.starts[0] ?? iso(period.fromMs);
  const time = dayClock(at, language, plan.timeZone);
  const timeOf = (start: string | undefined): string =>
    start === undefined ? t.noWindow : dayClock(start, language, plan.timeZone);
  const onFloor = plan.areas.filter((area) => area.floor === floor);
  const labelOf = (when: string, of: ReadonlyMap<string, AreaState>): string =>
    t.planSaid(
      when,
      listed(
        onFloor.map((area) => `${say(area.name)} ${of.get(area.id)?.text ?? t.notSeen}`),
        language,
      ),
    );
  const named = usePurpose('measures');
  const { fromMs, toMs } = covered(period, named);
  const query = {
    from: iso(fromMs),
    to: iso(toMs),
    purpose: named.purpose,
    step: period.stepS,
    format: 'csv',
  };
  const onKey = (event: KeyboardEvent): void => {
    const by = event.shiftKey ? LEAP : 1;
    const does = {
      ' ': toggle,
      ArrowLeft: (k: typeof clock) => seek(k, k.index - by),
      ArrowRight: (k: typeof clock) => seek(k, k.index + by),
      Home: (k: typeof clock) => seek(k, 0),
      End: (k: typeof clock) => seek(k, k.count - 1),
      '[': (k: typeof clock) => changeSpeed(k, -1),
      ']': (k: typeof clock) => changeSpeed(k, 1),
    }[event.key];
    // Selects and buttons have keys of their own.
    const isOwn =
      event.target instanceof HTMLSelectElement || event.target instanceof HTMLButtonElement;
    if (does === undefined || isOwn) return;
    event.preventDefault();
    change(does);
  };
  return (
    <section className="card replay" aria-label={t.replay} onKeyDown={onKey}>
      <div className="replay-bar">
        <button
          type="button"
          className="button primary replay-play"
          aria-pressed={clock.isPlaying}
          onClick={() => change(toggle)}
        >
          {clock.isPlaying ? `❚❚ ${t.pause}` : `▶ ${t.play}`}
        </button>
        <button
          type="button"
          className="button icon"
          aria-label={t.back}
          onClick={() => change((k) => seek(k, k.index - 1))}
        >
          ‹
        </button>
        <input
          type="range"
          className="replay-slider"
          min={0}
          max={Math.max(0, clock.count - 1)}
          value={clock.index}
          aria-label={t.at}
          aria-valuetext={time}
          onChange={({ target }) => change((k) => seek(k, Number(target.value)))}
        />
        <button
          type="button"
          className="button icon"
          aria-label={t.forward}
          onClick={() => change((k) => seek(k, k.index + 1))}
        >
          ›
        </button>
        <output className="replay-time">{time}</output>
        <label className="row">
          {t.speed}
          <select
            value={clock.speed}
            onChange={({ target }) => {
              const speed = SPEEDS.find((each) => String(each) === target.value);
              if (speed !== undefined) change((k) => withSpeed(k, speed));
            }}
          >
            {SPEEDS.map((speed) => (
              <option key={speed} value={speed}>
                {t.times(String(speed))}
              </option>
            ))}
          </select>
        </label>
        {plan.floors.length > 1 ? (
          <label className="row">
            {t.floor}
            <select value={floor} onChange={({ target }) => setFloor(target.value)}>
              {plan.floors.map((each) => (
                <option key={each.id} value={each.id}>
                  {say(each.name)}
                </option>
              ))}
            </select>
          </label>
        ) : null}
        <span className="row replay-save">
          <a
            className="button small"
            href={url(`/sites/${plan.site}/history`, query)}
            download={fileName(
              [plan.site, 'history', stamp(toLocalInput(period.fromMs, plan.timeZone))],
              'csv',
            )}
          >
            {c.csv}
          </a>
          <button
            type="button"
            className="button small"
            onClick={() => {
              const svg = drawing.current;
              if (svg === null) return;
              const file = fileName(
                [plan.site, floor, stamp(toLocalInput(Date.parse(at), plan.timeZone))],
                'png',
              );
              void svgToPng(svg, palette.surface).then((png) => savePng(file, png));
            }}
          >
            {c.png}
          </button>
        </span>
      </div>
      <p className="quiet replay-keys">{t.keys}</p>
      <div className="replay-body">
        <div className={beside === undefined ? 'replay-plans' : 'replay-plans is-two'}>
          <figure>
            {beside === undefined ? null : (
              <figcaption>
                {t.first}: {time}
              </figcaption>
            )}
            <PlanPicture
              ref={drawing}
              {...{ plan, floor, areas, lines, palette, say }}
              label={labelOf(time, areas)}
            />
          </figure>
          {beside === undefined ? null : (
            <figure>
              <figcaption>
                {t.second}: {timeOf(beside.at)}
              </figcaption>
              <PlanPicture
                {...{ plan, floor, palette, say, areas: beside.areas, lines: beside.lines }}
                label={labelOf(timeOf(beside.at), beside.areas)}
              />
            </figure>
          )}
        </div>
        <ReplayTable floor={floor} areas={areas} lines={lines} />
      </div>
    </section>
  );
}

/** Areas and lines at one window, with what is written into each area. */
function stateAt(history: History, index: number, coverageMin: number) {
  const write = (level: string | null, density: number): string =>
    `${level ?? ''} ${figure(density, 2)}`.trim();
  return { areas: areasAt(history, index, coverageMin, write), lines: linesAt(history, index) };
}
