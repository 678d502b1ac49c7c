import { fileURLToPath } from 'node:url';
import { contracts, TOPIC_NAMES, type LiveSnapshot } from '@hitonami/service';
import { withStation, type Station } from '../compose.js';
import { emptyDataFolder } from '../data-folder.js';
import { board } from '../demo/board.js';
import { startDemoCrowd } from '../demo/crowd.js';
import { untilInterrupted } from '../interrupt.js';
import { readText } from './check.js';

const DEMO_PLAN = fileURLToPath(new URL('../../demo/site.json', import.meta.url));

/** A terminal is redrawn each second; a file or pipe gets a table each window. */
const REDRAW_MS = 1_000;
const PRINT_MS = 10_000;
/** How far back the newest closed window is looked for, µs. */
const LOOK_BACK_US = 60_000_000;
const SEED = 1;

const CLEAR_SCREEN = '\u001b[2J\u001b[H';

export interface DemoOptions {
  data: string;
}

/** `hitonami demo`: a simulated station on the embedded parts, watched in the terminal until it is interrupted. */
export async function demo({ data }: DemoOptions, out: NodeJS.WriteStream): Promise<void> {
  await emptyDataFolder(data);
  const options = { dataFolder: data, planJson: await readText(DEMO_PLAN), recording: false };
  await withStation(options, (station) => watch(station, data, out));
}

async function watch(
  { plan, log, warehouse, doors, failed }: Station,
  data: string,
  out: NodeJS.WriteStream,
): Promise<void> {
  let live: LiveSnapshot | undefined;
  const tail = await log.tail(TOPIC_NAMES.live, (record) => {
    live = contracts().liveSnapshot.decode(record.value);
  });
  const crowd = await startDemoCrowd(plan, doors, SEED);
  const show = async (): Promise<void> => {
    const fromUs = Date.now() * 1000 - LOOK_BACK_US;
    const measures = await warehouse.measures(plan.site, { lengthS: plan.windowS, fromUs });
    const head = `${plan.name.en} ${plan.name.ja} — ${new Date().toLocaleTimeString('en-GB')} — ${crowd.present()} people simulated`;
    const how = `Windows of ${plan.windowS} s, closed some seconds behind; "now" is live. Ask: npx hitonami sql --data ${data} "SELECT * FROM area_measures_read LIMIT 5". Stop: Ctrl+C.`;
    out.write(
      `${out.isTTY ? CLEAR_SCREEN : ''}${head}\n\n${board(plan, live, measures)}\n\n${how}\n\n`,
    );
  };
  out.write(
    'The demo station runs: simulated sensors → gRPC → log → windows → ClickHouse. First window in about 10 s.\n',
  );
  let showing: Promise<void> | undefined;
  let failure: Error | undefined;
  const timer = setInterval(
    () => {
      showing ??= show()
        .catch((error: unknown) => {
          failure = error instanceof Error ? error : new Error(String(error));
        })
        .finally(() => (showing = undefined));
    },
    out.isTTY ? REDRAW_MS : PRINT_MS,
  );
  try {
    await Promise.race([untilInterrupted(), failed]);
  } finally {
    clearInterval(timer);
    await showing;
    crowd.stop();
    await tail.stop();
  }
  if (failure) throw failure;
}
