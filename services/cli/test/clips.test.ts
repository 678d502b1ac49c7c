import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePlan } from '@hitonami/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../test/support/command.js';
import { requireKafka, startKafka } from '../../../test/support/kafka-broker.js';
import { lentOrSkip, requireOrSkip } from '../../../test/support/require.js';
import { provisionalPlan } from '../src/replay/provisional-plan.js';

const shared = join(import.meta.dirname, '../../../../shared');
const model = join(shared, 'models/rtmdet_nano_320.onnx');
const clip = join(shared, 'data/one-by-one/one-by-one-person-detection.mp4');
const plan = join(import.meta.dirname, '../../../test/plans/one-by-one.site.json');
const tud = join(shared, 'data/tud-campus');

const hasFfmpeg = requireOrSkip(
  'ffmpeg',
  hasProgram('ffmpeg') && hasProgram('ffprobe'),
  'install it to replay clips in tests',
);
const hasClips = lentOrSkip(
  'real clips and detectors',
  existsSync(model) && existsSync(clip),
  'put them at ../shared/data and ../shared/models',
);

const hasKafka = hasFfmpeg && hasClips && (await requireKafka());

function hasProgram(name: string): boolean {
  try {
    execFileSync(name, ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hitonami-clips-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(!hasFfmpeg || !hasClips)('a real clip', () => {
  it('is replayed through gRPC, detection, log and warehouse: two people come and go, one at a time', async () => {
    // The first 50 s: a woman comes at second 6 and leaves at 19, a man comes at 23 and leaves at 44.
    const piece = join(folder, 'piece.mp4');
    execFileSync('ffmpeg', ['-v', 'error', '-i', clip, '-t', '50', '-c', 'copy', piece]);
    const { code, output, complaints } = await run([
      'replay',
      piece,
      '--plan',
      plan,
      '--model',
      model,
      // Half of its frames: what is told apart here takes seconds.
      '--rate',
      '5',
      '--start',
      '2026-04-01T00:00:00Z',
      '--data',
      join(folder, 'replay'),
    ]);
    expect(code, complaints).toBe(0);
    expect(output).toMatch(/exit +0 +2\n/);
    expect(output).toMatch(/\(appeared\) +room-front +2 /);
    expect(output).not.toMatch(/room-front +\d\.\d+ +2 /);
  }, 120_000);

  it.skipIf(!hasKafka)(
    'gives the same rows with Kafka as the log as with the embedded one',
    async () => {
      const piece = join(folder, 'short.mp4');
      execFileSync('ffmpeg', ['-v', 'error', '-i', clip, '-t', '22', '-c', 'copy', piece]);
      const args = ['replay', piece, '--plan', plan, '--model', model, '--rate', '5'];
      const common = [...args, '--start', '2026-04-01T00:00:00Z', '--format', 'jsonl'];
      const embedded = await run([...common, '--data', join(folder, 'embedded')]);
      expect(embedded.output.split('\n').length, embedded.complaints).toBeGreaterThan(6);
      const kafka = await startKafka();
      try {
        const onKafka = await run([
          ...common,
          '--kafka',
          kafka.brokers.join(','),
          '--data',
          join(folder, 'kafka'),
        ]);
        expect(onKafka.output, onKafka.complaints).toBe(embedded.output);
      } finally {
        await kafka.stop();
      }
    },
    120_000,
  );

  it('is judged against its truth: recall and precision as published for this detector', async () => {
    // One more row than the truth has, of a frame that the clip does not have: it counts as missed.
    const truth = join(folder, 'gt.txt');
    await writeFile(
      truth,
      `${(await readFile(join(tud, 'gt.txt'), 'utf8')).trimEnd()}\n999,1,5,5,20,50,1,-1,-1,-1\n`,
    );
    const args = [
      'evaluate',
      join(tud, 'clip.mp4'),
      '--truth',
      truth,
      '--model',
      model,
      '--threshold',
      '0.4',
      '--json',
    ];
    const { code, output, complaints } = await run(args);
    expect(code, complaints).toBe(0);
    expect(complaints).toMatch(/: 1 of \d+ rows are of frames after \d+, the clip's last/);
    const figures = JSON.parse(output) as {
      recall: number;
      precision: number;
      countError: number;
      mota: number;
    };
    expect(Math.abs(figures.precision - 0.89)).toBeLessThanOrEqual(0.02);
    expect(Math.abs(figures.recall - 0.83)).toBeLessThanOrEqual(0.02);
    expect(Math.abs(figures.countError - 0.93)).toBeLessThanOrEqual(0.05);
    expect(figures.mota).toBeGreaterThan(0.5);
  }, 60_000);

  it('fails where its frames are rejected, naming the first: a replay loses none', async () => {
    const args = ['replay', join(tud, 'clip.mp4'), '--plan', plan, '--model', model];
    const { code, output, complaints } = await run([...args, '--data', join(folder, 'rejected')]);
    expect(complaints).toMatch(/all \d+ frames were rejected, .*: frame 1: /);
    expect(output).toBe('');
    expect(code).toBe(1);
  }, 60_000);

  it('names a homography, a truth file or a clip that cannot be used', async () => {
    const truth = join(tud, 'gt.txt');
    const bad = join(folder, 'h.json');
    await writeFile(bad, '{"H": [1, 2]}');
    const judge = (...args: string[]) => run(['evaluate', ...args, '--model', model]);
    expect(
      (await judge(join(tud, 'clip.mp4'), '--truth', truth, '--homography', bad)).complaints,
    ).toMatch(/h\.json must hold one homography of 3 × 3 numbers; it holds 0/);
    expect((await judge(join(tud, 'clip.mp4'), '--truth', bad)).complaints).toMatch(/line 1/);
    expect((await judge(bad, '--truth', truth)).complaints).toMatch(/h\.json is not a video/);
  }, 60_000);
});

it('the example plans of the tests are valid, and so is the one for a clip without a plan', async () => {
  for (const name of ['one-by-one', 'tud-stadtmitte', 'walks-hotel']) {
    const text = await readFile(
      join(import.meta.dirname, `../../../test/plans/${name}.site.json`),
      'utf8',
    );
    expect(parsePlan(text).site).toBe(name);
  }
  expect(
    parsePlan(provisionalPlan({ width: 768, height: 432 })).cameras[0]?.calibration?.imageWidth,
  ).toBe(768);
});
