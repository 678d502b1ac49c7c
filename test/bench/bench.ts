import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { aggregator } from './aggregator.js';
import { eventLog } from './event-log.js';
import { warehouse } from './warehouse.js';
import { console } from './console.js';
import { core } from './core.js';
import { disclosure } from './disclosure.js';
import { ingest } from './ingest.js';
import { publisher } from './publisher.js';
import { releases } from './releases.js';
import { simulator } from './simulator.js';
import { tracking } from './tracking.js';
import { measures } from './measures.js';
import { openData } from './open-data.js';
import { loadNow, secondsSince, type BenchOptions, type Figure } from './measure.js';
import { renderer } from './renderer.js';
import { jsonLine, table } from './report.js';

const HELP = `Usage: npm run bench -- [--quick] [--json] [--only <part>,…] [--profiles <folder>]

  --quick              fewer and shorter rounds, under a minute; noisier
  --json               ends with one line of JSON: every figure by its key, null where its part was skipped
  --only <part>,…      only these parts: PARTS
  --profiles <folder>  the aggregator's process writes CPU profiles there
`;

const PARTS: Record<string, (options: BenchOptions) => Promise<Figure[]>> = {
  ingest,
  core,
  tracking,
  measures,
  renderer,
  aggregator,
  log: eventLog,
  warehouse,
  console,
  disclosure,
  releases,
  publisher,
  simulator,
  'open-data': openData,
};

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    profiles: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(HELP.replace('PARTS', Object.keys(PARTS).join(', ')));
} else {
  const names = values.only?.split(',') ?? Object.keys(PARTS);
  const folder = mkdtempSync(join(tmpdir(), 'hitonami-bench-'));
  const options: BenchOptions = {
    quick: values.quick,
    folder,
    profiles: values.profiles === undefined ? undefined : resolve(values.profiles),
    say: (line) => process.stderr.write(`bench: ${line}\n`),
  };
  const startMs = performance.now();
  const loads = [loadNow()];
  const figures: Figure[] = [];
  try {
    for (const name of names) {
      const part = PARTS[name];
      if (part === undefined)
        throw new Error(`no part ${name}; there are ${Object.keys(PARTS).join(', ')}`);
      figures.push(...(await part(options)));
      loads.push(loadNow());
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const run = { quick: values.quick, seconds: Math.round(secondsSince(startMs)), loads };
  process.stdout.write(table(figures, run));
  if (values.json) process.stdout.write(jsonLine(figures, run));
}
