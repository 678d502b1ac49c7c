import { parseArgs } from 'node:util';
import { HitonamiError } from '@hitonami/model';
import { drawDataset } from './draw.js';

const USAGE =
  'node packages/renderer/dist/dataset/main.js --out DIR --count N --seed S --split train|held-out [--workers 2]';

function wholeNumber(name: string, text: string | undefined, low: number, high: number): number {
  const value = Number(text);
  if (text === undefined || !Number.isInteger(value) || value < low || value > high) {
    throw new HitonamiError(
      'CONFIG',
      `--${name} must be a whole number from ${String(low)} to ${String(high)}. ${USAGE}`,
    );
  }
  return value;
}

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    count: { type: 'string' },
    seed: { type: 'string', default: '1' },
    split: { type: 'string', default: 'train' },
    workers: { type: 'string', default: '2' },
  },
});
const { out: folder, split } = values;
if (folder === undefined) throw new HitonamiError('CONFIG', `--out is missing. ${USAGE}`);
if (split !== 'train' && split !== 'held-out') {
  throw new HitonamiError('CONFIG', `--split must be train or held-out, not ${split}. ${USAGE}`);
}
const count = wholeNumber('count', values.count, 1, 999_999);
const started = performance.now();
let said = 0;
await drawDataset({
  folder,
  count,
  seed: wholeNumber('seed', values.seed, 0, 2 ** 31 - 1),
  split,
  workers: wholeNumber('workers', values.workers, 1, 64),
  onProgress: (drawn) => {
    const seconds = (performance.now() - started) / 1000;
    if (seconds - said < 5 && drawn < count) return;
    said = seconds;
    process.stderr.write(
      `${String(drawn)} of ${String(count)} pictures, ${(drawn / seconds).toFixed(1)} a second\n`,
    );
  },
});
