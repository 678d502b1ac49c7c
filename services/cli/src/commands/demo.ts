import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { contracts, TOPIC_NAMES, type Address, type LiveSnapshot } from '@hitonami/service';
import { scenario as scenarioOf, type Scenario } from '@hitonami/simulator';
import { withStation, type Station } from '../compose.js';
import { emptyDataFolder } from '../data-folder.js';
import { countsPurpose } from '../counts-purpose.js';
import { board } from '../demo/board.js';
import { LiveCrowd } from '../demo/live-crowd.js';
import { openDoor } from '../demo/door.js';
import { filmLive } from '../demo/film-live.js';
import { framesPerSAt, warningAt } from '../demo/pace.js';
import { pastHourMs, simulatePast } from '../demo/past.js';
import { partOf } from '../demo/part-of.js';
import { untilInterrupted } from '../interrupt.js';

/** A terminal is redrawn each second; a file or pipe gets a table each window. */
const REDRAW_MS = 1_000;
const PRINT_MS = 10_000;
/** How far back the newest closed window is looked for, µs. */
const LOOK_BACK_US = 60_000_000;
/** The first windows are not to wait for yesterday, nor the pace of the pictures to be judged beside it, ms. */
const PAST_AFTER_MS = 30_000;
const SEED = 1;

/**
 * Of the rush hour two cores draw and watch this much at about two pictures a second; at one, as with twice the people,
 * most who walk are lost between two. Over 0.8 the gates of a rush hour that goes on and on jam.
 */
const RUSH_SHARE = availableParallelism() < 4 ? 0.4 : 0.8;
const SHARE_OF: Readonly<Record<string, number>> = { 'rush-hour': RUSH_SHARE };

const CLEAR_SCREEN = '\u001b[2J\u001b[H';

export interface DemoOptions {
  data: string;
  scenario: string;
  /** Share of the scenario's people; default `SHARE_OF`, else all. */
  people?: number;
  model?: string;
  console: Address;
}

/**
 * `hitonami demo`: a simulated station filmed by its cameras, through the whole road on the embedded parts, watched in
 * the terminal beside the truth until it is interrupted.
 */
export async function demo(
  { data, scenario, people, model, console }: DemoOptions,
  out: NodeJS.WriteStream,
): Promise<void> {
  const share = people ?? SHARE_OF[scenario] ?? 1;
  const chosen = partOf(scenarioOf(scenario), share);
  await emptyDataFolder(data);
  const options = {
    dataFolder: data,
    planJson: JSON.stringify(chosen.plan),
    ...(model !== undefined && { model }),
    metricsAddress: { host: '127.0.0.1', port: 0 },
    consoleAddress: console,
    publicAddress: { host: '127.0.0.1', port: 0 },
    recording: false,
  };
  await withStation(options, (station) => watch(chosen, station, data, out));
}

async function watch(
  scenario: Scenario,
  { plan, log, warehouse, warehouseUrl, doors, failed, console, publicUrl }: Station,
  data: string,
  out: NodeJS.WriteStream,
): Promise<void> {
  let live: LiveSnapshot | undefined;
  const door = `${await openDoor(console)}\nWhat the public sees: ${publicUrl ?? ''}`;
  const tail = await log.tail(TOPIC_NAMES.live, (record) => {
    live = contracts().liveSnapshot.decode(record.value);
  });
  const crowd = new LiveCrowd(scenario, SEED);
  const over = new AbortController();
  let filmed = '';
  const filming = filmLive(scenario, SEED, {
    ...{ crowd, ingestor: doors, signal: over.signal },
    onPace: (pace) => {
      filmed = `${plan.cameras.length} cameras, ${framesPerSAt(pace).toFixed(1)} pictures/s each. ${warningAt(pace)}`;
    },
  });
  let past =
    'An hour of yesterday is simulated for the public’s open data; it is there in some minutes.';
  const remembering = sleep(PAST_AFTER_MS, undefined, { signal: over.signal })
    .then(() => {
      const fromMs = pastHourMs(plan, Date.now());
      return simulatePast({ scenario: scenario.name, warehouseUrl, fromMs }, over.signal);
    })
    .then(
      () => {
        past = '';
      },
      (error: unknown) => {
        past = `No day is over, and none could be simulated for the open data: ${String(error)}`;
      },
    );
  const show = async (): Promise<void> => {
    const fromUs = Date.now() * 1000 - LOOK_BACK_US;
    const measures = await warehouse.measures(plan.site, { lengthS: plan.windowS, fromUs });
    const head = `${plan.name.en} ${plan.name.ja} — ${new Date().toLocaleTimeString('en-GB')} — ${crowd.present} people simulated`;
    const how = `Windows of ${plan.windowS} s, closed some seconds behind, beside what is true of them; "now" is live. Ask: npx hitonami sql --data ${data} --purpose ${countsPurpose(plan)} "SELECT * FROM area_measures_read LIMIT 5". Stop: Ctrl+C.`;
    const table = board(plan, live, measures, (area, startUs) => crowd.window(area, startUs));
    out.write(
      `${out.isTTY ? CLEAR_SCREEN : ''}${head}\n${filmed}\n${door}\n${past}\n\n${table}\n\n${how}\n\n`,
    );
  };
  out.write(
    `The demo station runs: ${plan.cameras.length} drawn cameras → gRPC → detection → log → windows → ClickHouse. First window in some 30 s.\n${door}\n`,
  );
  let showing: Promise<void> | undefined;
  const shown = new Promise<never>((_, reject) => {
    const timer = setInterval(
      () => {
        showing ??= show()
          .catch(reject)
          .finally(() => (showing = undefined));
      },
      out.isTTY ? REDRAW_MS : PRINT_MS,
    );
    over.signal.addEventListener('abort', () => {
      clearInterval(timer);
    });
  });
  try {
    await Promise.race([untilInterrupted(), failed, filming, shown]);
  } finally {
    over.abort();
    crowd.stop();
    await Promise.allSettled([showing, filming, remembering]);
    await tail.stop();
  }
}
