import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireOrSkip } from '../../../test/support/require.js';
import { probeClip } from '../src/probe.js';
import { startUsOf } from '../src/replay/start.js';

const hasFfmpeg = requireOrSkip(
  'ffmpeg',
  spawnSync('ffmpeg', ['-version']).status === 0,
  'install it to probe clips in tests',
);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hitonami-probe-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(!hasFfmpeg)('what is known of a clip', () => {
  it.each(['drawn.mp4', 'drawn.mkv', 'drawn.avi', 'drawn.ts'])(
    'is how long %s is, and when its file was closed',
    async (name) => {
      const clip = join(folder, name);
      const drawn = ['-f', 'lavfi', '-i', 'testsrc=size=320x240:rate=10', '-t', '6'];
      execFileSync('ffmpeg', ['-v', 'error', ...drawn, clip]);
      await utimes(clip, new Date(), new Date('2026-04-01T00:00:10Z'));
      const facts = await probeClip(clip);
      expect(facts).toMatchObject({
        width: 320,
        height: 240,
        framesPerS: 10,
        createdMs: undefined,
      });
      expect(facts.durationS).toBeCloseTo(6, 0);
      expect(facts.changedMs).toBe(Date.parse('2026-04-01T00:00:10Z'));
    },
  );

  it('is its own time too, where it has one', async () => {
    const clip = join(folder, 'told.mp4');
    const drawn = ['-f', 'lavfi', '-i', 'testsrc=size=320x240:rate=10', '-t', '1'];
    const told = ['-metadata', 'creation_time=2026-04-01T08:00:00Z'];
    execFileSync('ffmpeg', ['-v', 'error', ...drawn, ...told, clip]);
    expect((await probeClip(clip)).createdMs).toBe(Date.parse('2026-04-01T08:00:00Z'));
  });

  it('is nothing of a text, though ffmpeg would draw its letters', async () => {
    const text = join(folder, 'det.txt');
    await writeFile(text, '1,-1,1,2,30,40,0.9\n'.repeat(50));
    await expect(probeClip(text)).rejects.toThrow(/det\.txt is a text, not a video/);
  });
});

describe('the first instant of a recording', () => {
  const nowMs = Date.parse('2026-04-01T12:00:00Z');
  const at = (time: string): number => Date.parse(`2026-04-01T${time}Z`);
  const recorded = { changedMs: at('11:00:00'), durationS: 60 };

  it('is so long before its file was closed as it is long', () => {
    expect(startUsOf('clip', recorded, undefined, nowMs)).toBe(at('10:59:00') * 1000);
  });

  it('is never so late that it would end in the future', () => {
    const ahead = { ...recorded, changedMs: at('12:30:00') };
    expect(startUsOf('clip', ahead, undefined, nowMs)).toBe(at('11:59:00') * 1000);
  });

  it('is what it says itself, and before that what is asked for', () => {
    const told = { ...recorded, createdMs: at('09:00:00') };
    expect(startUsOf('clip', told, undefined, nowMs)).toBe(at('09:00:00') * 1000);
    expect(startUsOf('clip', told, new Date(at('08:00:00')), nowMs)).toBe(at('08:00:00') * 1000);
  });

  it('is asked for where it cannot be: in the future, or of a recording that does not say how long it is', () => {
    const told = { ...recorded, createdMs: at('11:59:30') };
    const start = (facts: Parameters<typeof startUsOf>[1], asked?: Date) => () =>
      startUsOf('clip', facts, asked, nowMs);
    expect(start(told)).toThrow(
      /clip would end in the future \(2026-04-01T12:00:30.000Z\) by .*: give .*--start/,
    );
    expect(start(recorded, new Date(nowMs))).toThrow(
      /in the future .* from this start on: .*--start/,
    );
    const endless = { ...recorded, durationS: undefined };
    expect(start(endless)).toThrow(/clip does not say how long it is: .*--start/);
    expect(start(endless, new Date(nowMs))()).toBe(nowMs * 1000);
  });
});
