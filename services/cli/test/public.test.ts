/** `hitonami up --public`: the public's pages beside the console, on the same records. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startStation, type Station } from '../src/compose.js';
import { commandLogger } from '../src/command-logger.js';
import { temporaryFolder } from '../../../test/support/event-log.js';
import { planText } from '../../../test/support/plans.js';

const folder = temporaryFolder('public');
let station: Station;
beforeAll(async () => {
  const anyPort = { host: '127.0.0.1', port: 0 };
  station = await startStation({
    dataFolder: folder.path,
    planJson: planText(),
    model: 'none',
    metricsAddress: anyPort,
    consoleAddress: anyPort,
    publicAddress: anyPort,
    recording: false,
    logger: commandLogger('test', 'error'),
  });
}, 60_000);
afterAll(async () => {
  await station.stop();
  folder.remove();
});

it('counts the frames of the ingestor in this process, and keeps what the public asks beside the console', async () => {
  const base = `${station.publicUrl ?? ''}/en/${station.plan.site}`;
  const figures = await (await fetch(`${base}/figures`)).text();
  // It answers and has had no frame: 0 is what was counted.
  expect([...figures.matchAll(/<dd>([^<]*)<\/dd>/g)].map(([, value]) => value)).toEqual(
    Array(5).fill('0'),
  );
  const sent = await fetch(`${base}/ask`, {
    method: 'POST',
    body: new URLSearchParams({ text: 'What do you film?' }),
  });
  expect(sent.status).toBe(201);
  expect(await station.console?.records.inquiries.openCount(station.plan.site)).toBe(1);
});
