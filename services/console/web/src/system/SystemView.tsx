import { useQuery } from '@tanstack/react-query';
import type { System } from '../../../src/contract/index.js';
import { get } from '../shared/api.js';
import { Fault } from '../shared/Fault.js';
import { clockSeconds, duration, figure, percent } from '../shared/format.js';
import { useLanguage, useSay, useWords } from '../shared/i18n.js';
import { useNow } from '../shared/now.js';
import { usePlan } from '../shared/site.js';
import { TableBox } from '../shared/TableBox.js';
import { Waiting } from '../shared/Waiting.js';
import { byWeight, cautionSentence } from './sentence.js';
import { words } from './words.js';
import './system.css';

const EVERY_MS = 2_000;

/** Whether the numbers can be trusted now, and what the machines do. */
export default function SystemView() {
  const t = useWords(words);
  const say = useSay();
  const { language } = useLanguage();
  const plan = usePlan();
  const { data, error, refetch } = useQuery({
    queryKey: ['system', plan.site],
    queryFn: () => get<System>(`/sites/${plan.site}/system`),
    refetchInterval: EVERY_MS,
  });
  return (
    <main id="main" className="page">
      <div className="row">
        <h1>{t.title}</h1>
        {data === undefined ? null : (
          <span className="quiet">{t.asOf(clockSeconds(data.at, language, plan.timeZone))}</span>
        )}
      </div>
      {error === null ? null : <Fault error={error} onRetry={refetch} />}
      {data === undefined ? (
        error === null ? (
          <Waiting />
        ) : null
      ) : (
        <>
          <Cautions cautions={data.cautions} />
          {data.headcountWithheld === null ? null : (
            <section className="card system-cautions" aria-labelledby="withheld-title">
              <h2 id="withheld-title">{t.withheld}</h2>
              <p>{say(data.headcountWithheld)}</p>
            </section>
          )}
          <Cameras system={data} />
          <Frames frames={data.frames} />
          <Pipeline system={data} />
          <Services services={data.services} />
        </>
      )}
    </main>
  );
}

function Cautions({ cautions }: { readonly cautions: System['cautions'] }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const plan = usePlan();
  return (
    <section
      className={cautions.length === 0 ? 'card' : 'card system-cautions'}
      aria-labelledby="cautions-title"
    >
      <h2 id="cautions-title">
        {t.cautions}
        {cautions.length === 0 ? '' : ` (${cautions.length})`}
      </h2>
      {cautions.length === 0 ? (
        <p>{t.allTrusted}</p>
      ) : (
        <ul>
          {cautions.toSorted(byWeight).map((caution) => (
            <li key={`${caution.kind} ${caution.subject}`}>
              {cautionSentence(caution, plan, language)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const STATE_WORD = {
  seeing: 'stateSeeing',
  blind: 'stateBlind',
  silent: 'stateSilent',
  never: 'stateNever',
  'not-started': 'stateNotStarted',
} as const;

function Cameras({ system: { cameras } }: { readonly system: System }) {
  const t = useWords(words);
  const say = useSay();
  const { language } = useLanguage();
  const plan = usePlan();
  const now = useNow();
  const floorOf = (camera: string) => {
    const floor = plan.cameras.find(({ id }) => id === camera)?.floor;
    const named = plan.floors.find(({ id }) => id === floor);
    return named === undefined ? '–' : say(named.name);
  };
  // Those that need somebody first.
  const rank = ({ state, movedSince }: System['cameras'][number]) =>
    state === 'not-started' || (state === 'seeing' && movedSince === null)
      ? 2
      : state === 'seeing'
        ? 1
        : 0;
  const shown = cameras.toSorted((a, b) => rank(a) - rank(b) || (a.camera < b.camera ? -1 : 1));
  return (
    <section aria-labelledby="cameras-title">
      <h2 id="cameras-title">
        {t.cameras} ({cameras.length})
      </h2>
      <TableBox label={t.cameras}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t.camera}</th>
              <th scope="col">{t.state}</th>
              <th scope="col">{t.floor}</th>
              <th scope="col">{t.lastSeen}</th>
              <th scope="col" className="number">
                {t.frames}
              </th>
              <th scope="col" className="number">
                {t.shedHead}
              </th>
              <th scope="col" className="number">
                {t.rejected}
              </th>
              <th scope="col" className="number">
                {t.saturation}
              </th>
              <th scope="col" className="number">
                {t.skewHead}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((camera) => (
              <tr key={camera.camera}>
                <th scope="row">{camera.camera}</th>
                <td>
                  <span className={`state state-${camera.state}`}>
                    {t[STATE_WORD[camera.state]]}
                  </span>
                  {camera.notStarted === null ? null : (
                    <>
                      {' '}
                      <span className="quiet">{camera.notStarted}</span>
                    </>
                  )}
                  {camera.movedSince === null ? null : (
                    <>
                      {' '}
                      <span className="state state-blind">{t.wasMoved}</span>
                    </>
                  )}
                </td>
                <td>{floorOf(camera.camera)}</td>
                <td>
                  {camera.lastSeen === null
                    ? '–'
                    : t.ago(duration((now - Date.parse(camera.lastSeen)) / 1000, language))}
                </td>
                <td className="number">{figure(camera.framesPerS, 1)}</td>
                <td className="number">{figure(camera.shedPerS, 1)}</td>
                <td className="number">{figure(camera.rejectedPerS, 1)}</td>
                <td className="number">{percent(camera.saturation)}</td>
                <td className="number">
                  {camera.skewS === null ? '–' : `${figure(camera.skewS, 2)} s`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
    </section>
  );
}

const FRAME_WORDS = [
  ['received', 'framesReceived'],
  ['destroyed', 'framesDestroyed'],
  ['processed', 'framesProcessed'],
  ['shed', 'framesShed'],
  ['rejected', 'framesRejected'],
] as const;

/** That every picture that came is accounted for, and gone. */
function Frames({ frames }: { readonly frames: System['frames'] }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const { timeZone } = usePlan();
  return (
    <section aria-labelledby="frames-title">
      <h2 id="frames-title">{t.framesTitle}</h2>
      <p className="quiet">
        {frames === null
          ? t.framesUnknown
          : t.framesSince(clockSeconds(frames.since, language, timeZone))}
      </p>
      {frames === null ? null : (
        <dl className="system-facts">
          {FRAME_WORDS.map(([figureOf, word]) => (
            <div key={figureOf}>
              <dt>{t[word]}</dt>
              <dd>{figure(frames[figureOf])}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function Pipeline({ system: { pipeline } }: { readonly system: System }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const { timeZone } = usePlan();
  const facts: readonly (readonly [string, string])[] = [
    [
      t.watermark,
      pipeline.watermarkDelayS === null ? '–' : duration(pipeline.watermarkDelayS, language),
    ],
    [t.logLag, figure(pipeline.logLagRecords)],
    [
      t.written,
      pipeline.writtenUntil === null
        ? '–'
        : clockSeconds(pipeline.writtenUntil, language, timeZone),
    ],
    [t.refusals, figure(pipeline.warehouseRefusals)],
  ];
  return (
    <section aria-labelledby="pipeline-title">
      <h2 id="pipeline-title">{t.pipeline}</h2>
      <dl className="system-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Services({ services }: { readonly services: System['services'] }) {
  const t = useWords(words);
  return (
    <section aria-labelledby="services-title">
      <h2 id="services-title">{t.services}</h2>
      {services.length === 0 ? (
        <p className="quiet">{t.noServices}</p>
      ) : (
        <TableBox label={t.services}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t.service}</th>
                <th scope="col">{t.state}</th>
                <th scope="col">{t.address}</th>
                <th scope="col">{t.detail}</th>
              </tr>
            </thead>
            <tbody>
              {services.map(({ service, url, up, ready, detail }) => (
                <tr key={`${service}${url}`}>
                  <th scope="row">{service}</th>
                  <td>
                    <span className={`state state-${up ? (ready ? 'seeing' : 'blind') : 'silent'}`}>
                      {up ? (ready ? t.ready : t.notReady) : t.down}
                    </span>
                  </td>
                  <td>{url}</td>
                  <td>{detail}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
      )}
    </section>
  );
}
