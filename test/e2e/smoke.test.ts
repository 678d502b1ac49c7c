import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../support/command.js';
import { nodeBinary } from '../support/node-versions.js';

// What `npm start` runs, on this Node and on a newer one, until the table shows a first closed window.

// Area, kind, people now, measured and true density, level of service, speed, coverage.
const FIRST_WINDOW =
  /West hall 西ホール +walkway +\d+ +\d+\.\d\d +\d+\.\d\d +[A-F] +\d+\.\d\d +\d+ %/;
const newer = nodeBinary(26);

describe.each([
  { name: `this Node (${process.version})`, node: process.execPath },
  { name: 'Node 26', node: newer },
])('the demo on $name', ({ node }) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hitonami-smoke-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.skipIf(node === undefined)(
    'shows density beside the true one, level of service and flow, answers SQL meanwhile, and stops when it is asked',
    async () => {
      const data = join(folder, 'data');
      const options = node === undefined ? {} : { node };
      const asking = (async () => {
        for (let attempt = 0; attempt < 40; attempt++) {
          const answer = await run(
            [
              'sql',
              '--data',
              data,
              '--format',
              'TSV',
              'SELECT count() > 0 FROM area_measures_read',
            ],
            {},
            options,
          );
          if (answer.code === 0 && answer.output.startsWith('1')) return answer;
          await new Promise((resolve) => setTimeout(resolve, 500));
        }
        throw new Error('the warehouse of the running demo had no window to show');
      })();
      // The demo is not interrupted before it has been asked.
      const demo = run(
        ['demo', '--data', data, '--console', '127.0.0.1:0'],
        {},
        { ...options, interruptAt: FIRST_WINDOW, interruptAfter: asking },
      );
      const [shown, answer] = await Promise.all([demo, asking]);
      expect(answer.output).toBe('1\n');
      expect(shown.complaints).toBe('');
      expect(shown.output).toMatch(FIRST_WINDOW);
      expect(shown.output).toMatch(/Ticket gates 改札 +\d+ +\d+/);
      expect(shown.code).toBe(0);
    },
    90_000,
  );
});
