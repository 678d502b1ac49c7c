/** The whole canary suite: `npm run canary`, a table, and with `--json` one line of JSON at the end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCamera } from './camera.js';
import { FAULTS, runThrough, type FaultResult } from './faults.js';
import { foldersIn, startIngestor, type Ingestor } from './ingestor.js';
import { drawCanary, drawOther } from './picture.js';
import {
  costOf,
  FORGOTTEN_BY_FFMPEG_MS,
  FORGOTTEN_MS,
  FORGOTTEN_UNFINISHED_MS,
  lookIntoCamera,
  lookIntoIngestor,
  type Memory,
} from './remembering.js';
import { LeakSearch } from './search.js';
import { runStationThrough, STATION_FAULTS } from './station.js';

/** Canaries of each kind of look into memory. */
const CANARIES = 10;
/** Looks as soon as the receipt is there: how it is then is told, and nothing is promised. */
const AT_ONCE = 4;
const COST_FRAMES = 300;
const OTHERS = 12;
const NOT_OVERWRITTEN = { GLIBC_TUNABLES: 'glibc.malloc.perturb=0' };

const say = (line: string): void => {
  console.log(line);
};
const sizeOf = (bytes: number): string =>
  bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

async function withIngestor<T>(
  environment: Record<string, string>,
  work: (ingestor: Ingestor) => Promise<T>,
): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), 'hitonami-canary-'));
  try {
    const ingestor = await startIngestor(await foldersIn(root), environment);
    try {
      return await work(ingestor);
    } finally {
      ingestor.child.kill('SIGTERM');
      await ingestor.exited;
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function memoryOfIngestor(others: readonly Buffer[]): Promise<Memory[]> {
  return withIngestor({}, async (ingestor) => {
    const memories: Memory[] = [];
    const looks = [
      { mode: 'idle', afterMs: 0, times: AT_ONCE },
      { mode: 'load', afterMs: 0, times: AT_ONCE },
      { mode: 'idle', afterMs: FORGOTTEN_MS, times: CANARIES },
      { mode: 'load', afterMs: FORGOTTEN_MS, times: CANARIES },
      { mode: 'vanished', afterMs: FORGOTTEN_UNFINISHED_MS, times: AT_ONCE },
    ] as const;
    for (const { mode, afterMs, times } of looks)
      for (let i = 0; i < times; i++)
        memories.push(
          await lookIntoIngestor(ingestor, others, { mode, afterMs, isGrey: i % 2 === 1 }),
        );
    return memories;
  });
}

async function memoryOfCamera(others: readonly Buffer[]): Promise<Memory[]> {
  const root = mkdtempSync(join(tmpdir(), 'hitonami-canary-'));
  const camera = await startCamera(await foldersIn(root), others);
  try {
    const memories: Memory[] = [];
    const looks = [
      { mode: 'load', afterMs: FORGOTTEN_MS, times: AT_ONCE },
      { mode: 'idle', afterMs: FORGOTTEN_MS, times: AT_ONCE },
      { mode: 'load', afterMs: FORGOTTEN_BY_FFMPEG_MS, times: 2 },
      { mode: 'idle', afterMs: FORGOTTEN_BY_FFMPEG_MS, times: 1 },
    ] as const;
    for (const { mode, afterMs, times } of looks)
      for (let i = 0; i < times; i++)
        memories.push(...(await lookIntoCamera(camera, { mode, afterMs, isGrey: i % 2 === 1 })));
    return memories;
  } finally {
    await camera.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

function sayFault({ fault, receipts, places, finds }: FaultResult): void {
  const answers = Object.entries(receipts).map(([outcome, count]) => `${count} ${outcome}`);
  say(`${fault} (receipts: ${answers.join(', ')}): ${finds.length} finds`);
  for (const { place, things, bytes } of places)
    say(`  ${place.padEnd(28)} ${String(things).padStart(6)} ${sizeOf(bytes).padStart(10)}`);
  for (const { place, what } of finds) say(`  FOUND in ${place}: ${what}`);
}

function sayMemories(memories: readonly Memory[]): void {
  for (const [group, looks] of grouped(memories)) {
    const bytes = looks.reduce((sum, { searchedBytes }) => sum + searchedBytes, 0);
    const withTraces = looks.filter(({ traces }) => traces.length > 0);
    say(
      `${group}: ${looks.length} canaries, ${sizeOf(bytes)} searched, traces of ${withTraces.length}`,
    );
    for (const line of new Set(
      withTraces.flatMap(({ traces }) =>
        traces.map(({ form, mapping }) => `${form} in ${mapping || 'anonymous memory'}`),
      ),
    ))
      say(`  FOUND ${line}`);
  }
}

const groupOf = ({ process, mode, afterMs }: Memory): string =>
  `${process}, ${mode}, ${(afterMs / 1000).toFixed(1)} s after its receipt or showing`;

function grouped(memories: readonly Memory[]): Map<string, Memory[]> {
  const groups = new Map<string, Memory[]>();
  for (const memory of memories)
    groups.set(groupOf(memory), [...(groups.get(groupOf(memory)) ?? []), memory]);
  return groups;
}

const others = await Promise.all(Array.from({ length: OTHERS }, (_, i) => drawOther(i)));
say('What was written or sent');
const canary = await drawCanary();
const search = await LeakSearch.of(canary);
const results: FaultResult[] = [];
for (const fault of FAULTS) {
  results.push(await runThrough(fault, canary, search));
  sayFault(results.at(-1) as FaultResult);
}
for (const fault of STATION_FAULTS) {
  results.push(await runStationThrough(fault, canary, search));
  sayFault(results.at(-1) as FaultResult);
}
say('\nWhat memory held');
const memories = await memoryOfIngestor(others);
sayMemories(memories);
const inCamera = await memoryOfCamera(others);
sayMemories(inCamera);
// What the suite would find if nothing were done about it: without this, finding nothing would mean nothing.
const control = await withIngestor(NOT_OVERWRITTEN, async (ingestor) => {
  const options = { mode: 'idle', afterMs: FORGOTTEN_MS, isGrey: false } as const;
  return [await lookIntoIngestor(ingestor, others, options)];
});
say('and where freed memory is not overwritten (it must be found there)');
sayMemories(control);
say('\nWhat it costs');
const overwriting = await withIngestor({}, (ingestor) => costOf(ingestor, others, COST_FRAMES));
const plain = await withIngestor(NOT_OVERWRITTEN, (ingestor) =>
  costOf(ingestor, others, COST_FRAMES),
);
for (const [name, { framesPerS, cpuMs }] of [
  ['freed memory overwritten', overwriting],
  ['not overwritten', plain],
] as const)
  say(`${name}: ${framesPerS.toFixed(1)} frames/s, ${cpuMs.toFixed(1)} ms of a core each`);

const finds = results.reduce((sum, result) => sum + result.finds.length, 0);
const remembered = [...memories, ...inCamera].filter(
  ({ afterMs, process, traces }) =>
    afterMs > 0 &&
    traces.length > 0 &&
    // An ffmpeg forgets by ending: what it holds before is told, and nothing is promised of it.
    (process !== 'ffmpeg' || afterMs >= FORGOTTEN_BY_FFMPEG_MS),
).length;
say(`\n${finds} finds in what was written or sent; ${remembered} canaries remembered`);
const isBlind = control.every(({ traces }) => traces.length === 0);
if (isBlind) say('The suite found nothing where there must be something: it proves nothing.');
if (process.argv.includes('--json')) {
  const looks = [...memories, ...inCamera].map(({ traces, ...look }) => ({
    ...look,
    traces: traces.length,
  }));
  say(
    JSON.stringify({
      faults: results,
      memory: looks,
      cost: { overwriting, plain },
      finds,
      remembered,
    }),
  );
}
process.exitCode = finds + remembered === 0 && !isBlind ? 0 : 1;
