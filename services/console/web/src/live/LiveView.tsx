import { useState } from 'react';
import { AlertList } from '../alerts/AlertList.js';
import { NoLive } from '../app/PurposeChooser.js';
import { figure, percent } from '../shared/format.js';
import { useSay, useWords } from '../shared/i18n.js';
import { remember, remembered } from '../shared/memory.js';
import { usePlan } from '../shared/site.js';
import { AreaTable } from './AreaTable.js';
import { Legend } from './Legend.js';
import { LineTable } from './LineTable.js';
import { LivePlan } from './LivePlan.js';
import { useConnectionStatus, usePicture } from './LiveProvider.js';
import { isPeopleKind } from './people.js';
import type { Layers } from './scene/plan-scene.js';
import { CameraStill } from './stills/CameraStill.js';
import { words as stillWords } from './stills/words.js';
import { words } from './words.js';
import './live.css';

const LAYERS = ['people', 'heat', 'lines', 'cameras'] as const;

function firstLayers(): Layers {
  const known = remembered('layers')?.split(' ') ?? ['people', 'lines'];
  return {
    people: known.includes('people'),
    heat: known.includes('heat'),
    lines: known.includes('lines'),
    cameras: known.includes('cameras'),
  };
}

/** What an operator looks at all day. */
export default function LiveView() {
  const t = useWords(words);
  const s = useWords(stillWords);
  const say = useSay();
  const plan = usePlan();
  const status = useConnectionStatus();
  const [floor, setFloor] = useState<string>();
  const [layers, setLayers] = useState(firstLayers);
  const [selected, setSelected] = useState<string>();
  const [isStill, setStill] = useState(false);
  const hasStills = plan.cameras.some(({ calibration }) => calibration !== undefined);
  const [hasSide, setSide] = useState(() => remembered('side') !== 'off');
  const toggle = (layer: keyof Layers) => {
    const next = { ...layers, [layer]: !layers[layer] };
    remember('layers', LAYERS.filter((each) => next[each]).join(' '));
    setLayers(next);
  };
  const toggleSide = () => {
    remember('side', hasSide ? 'off' : 'on');
    setSide(!hasSide);
  };
  return (
    <main id="main" className={hasSide ? 'live' : 'live is-plan-only'}>
      <h1 className="visually-hidden">{t.live}</h1>
      <section className="live-side" aria-label={t.areas}>
        <AlertList isCompact />
        <Total />
        <AreaTable selected={selected} onSelect={setSelected} />
        <LineTable />
      </section>
      <section className="live-stage" aria-label={t.live}>
        <div className="live-tools">
          {hasStills ? (
            <div className="switch" role="group" aria-label={s.viewWord}>
              <button type="button" aria-pressed={!isStill} onClick={() => setStill(false)}>
                {s.plan}
              </button>
              <button type="button" aria-pressed={isStill} onClick={() => setStill(true)}>
                {s.asCamera}
              </button>
            </div>
          ) : null}
          {plan.floors.length > 1 && !isStill ? (
            <div className="switch" role="group" aria-label={t.floors}>
              <button
                type="button"
                aria-pressed={floor === undefined}
                onClick={() => setFloor(undefined)}
              >
                {t.allFloors}
              </button>
              {plan.floors.map(({ id, name }) => (
                <button
                  key={id}
                  type="button"
                  aria-pressed={floor === id}
                  onClick={() => setFloor(id)}
                >
                  {say(name)}
                </button>
              ))}
            </div>
          ) : null}
          <fieldset className="live-layers" hidden={isStill}>
            <legend className="visually-hidden">{t.layers}</legend>
            {LAYERS.map((layer) => (
              <label key={layer}>
                <input type="checkbox" checked={layers[layer]} onChange={() => toggle(layer)} />{' '}
                {t[layer]}
              </label>
            ))}
          </fieldset>
          <button type="button" className="button live-side-switch" onClick={toggleSide}>
            {hasSide ? t.sideHide : t.sideShow}
          </button>
        </div>
        <NoLive />
        <div className={status === 'lost' ? 'live-frame is-old' : 'live-frame'}>
          {status === 'lost' ? <p className="live-old">{t.stale}</p> : null}
          {isStill && hasStills ? (
            <CameraStill />
          ) : (
            <LivePlan floor={floor} layers={layers} selected={selected} onSelect={setSelected} />
          )}
        </div>
        <details
          className="live-legend"
          open={remembered('legend') !== 'off'}
          onToggle={(event) => remember('legend', event.currentTarget.open ? 'on' : 'off')}
        >
          <summary>{t.legend}</summary>
          <Legend heat={layers.heat} />
        </details>
      </section>
    </main>
  );
}

/** Everybody in sight, with how much is seen: never "nobody" for "nothing seen". */
function Total() {
  const t = useWords(words);
  const picture = usePicture();
  if (picture === undefined) return <p className="quiet">{t.waiting}</p>;
  const { people, snapshot } = picture;
  let count = 0;
  for (let i = 0; i < people.count; i += 1) if (isPeopleKind(people.kind[i] ?? 0)) count += 1;
  const seen =
    snapshot.areas.reduce((sum, { coverage }) => sum + coverage, 0) /
    Math.max(1, snapshot.areas.length);
  return <p className="live-total">{t.total(figure(count), percent(seen))}</p>;
}
