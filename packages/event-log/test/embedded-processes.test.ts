import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventLog } from '../src/index.js';
import { openEmbeddedLog } from '../src/index.js';
import { startChild } from './children.js';
import type { Child } from './children.js';
import { collect, Recorder, until } from './recorder.js';

/** As test/processes/appender.mjs writes it. */
const filling = (key: string, number: number): string =>
  `${key} ${number} `.repeat(1 + ((number * 37) % 200));

describe('the embedded log among several processes', () => {
  let folder: string;
  let log: EventLog;
  let children: Child[];
  const start = (...args: Parameters<typeof startChild>): Child => {
    const child = startChild(...args);
    children.push(child);
    return child;
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hitonami-log-'));
    children = [];
    log = await openEmbeddedLog({ folder, leaseMs: 1_000, onFault: () => undefined });
    await log.createTopics([{ name: 't', partitions: 1, retentionMs: Infinity }]);
  });
  afterEach(async () => {
    for (const child of children) child.process.kill('SIGKILL');
    await Promise.all(children.map(({ ended }) => ended));
    await log.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('loses nothing acknowledged and tears nothing when the appending process is killed (kill -9), five times', async () => {
    for (let round = 0; round < 5; round++) {
      const child = start('appender.mjs', [folder, 't', round]);
      await until('it appends', () => child.lines.length > 50 + round * 40, child.errors);
      child.process.kill('SIGKILL');
      await child.ended;

      const acknowledged = new Map<string, number>();
      for (const line of child.lines) {
        const [key = '', number = ''] = line.split(' ');
        acknowledged.set(key, Number(number));
      }
      const stored = new Map<string, number>();
      for (const { key, value } of await collect(log.read('t', 0, 0))) {
        if (!key.startsWith(`round${round}-`)) continue;
        const number = (stored.get(key) ?? -1) + 1;
        expect(value.toString()).toBe(filling(key, number));
        stored.set(key, number);
      }
      expect(acknowledged.size).toBe(8);
      for (const [key, number] of acknowledged) {
        expect(stored.get(key)).toBeGreaterThanOrEqual(number);
        // An append is whole or not there: three records each.
        expect(((stored.get(key) ?? 0) + 1) % 3).toBe(0);
      }
    }
  });

  it('hands the records of one process to a consumer in another, soon after they are durable', async () => {
    const recorder = new Recorder();
    const tookMs: number[] = [];
    recorder.onBatch = ({ records }) => {
      for (const { value } of records)
        tookMs.push(Date.now() - Number(value.toString().split(' ')[1]));
    };
    const consumer = await log.consume('g', ['t'], recorder);
    const child = start('producer.mjs', [folder, 't', 200, 5]);
    await until('all came', () => recorder.records.length === 200, child.errors);
    expect(await child.ended).toBe(0);
    await consumer.stop();
    expect(recorder.texts().map((text) => Number(text.split(' ')[0]))).toEqual(
      Array.from({ length: 200 }, (_, number) => number),
    );
    const median = tookMs.sort((a, b) => a - b)[100];
    expect(median).toBeLessThan(50);
  });

  it('keeps every record when several processes append at once', async () => {
    const producers = [0, 1, 2].map(() => start('producer.mjs', [folder, 't', 300, 0]));
    for (const { ended, errors } of producers) expect([await ended, errors()]).toEqual([0, '']);
    const all = await collect(log.read('t', 0, 0));
    expect(all.map(({ offset }) => offset)).toEqual(Array.from({ length: 900 }, (_, o) => o));
  });

  it('takes over at once where the process of the holder was killed, long before its lease ends', async () => {
    const child = start('member.mjs', [folder, 't', 'g', 600_000]);
    await until('the child holds it', () => child.lines.includes('assigned 0 0 '), child.errors);
    await log.append('t', [{ key: 'a', value: Buffer.from('one') }]);
    await until('the child handled it', () => child.lines.some((l) => l.startsWith('record one')));
    const recorder = new Recorder();
    const standby = await log.consume('g', ['t'], recorder);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(recorder.events).toEqual([]);
    expect(await standby.lag()).toEqual([]);

    await until('the child has committed', () => child.lines.includes('committed 1'));
    child.process.kill('SIGKILL');
    const killedMs = Date.now();
    await log.append('t', [{ key: 'a', value: Buffer.from('two') }]);
    await until('the standby took over', () => recorder.texts().includes('two'));
    expect(Date.now() - killedMs).toBeLessThan(3_000);
    expect(recorder.resumes.get('t/0')).toEqual({
      position: 1,
      metadata: `by ${child.process.pid ?? 0}`,
    });
    await standby.stop();
  });

  it('takes over where the holder hangs past its lease; the holder, awake again, loses and may not commit', async () => {
    const child = start('member.mjs', [folder, 't', 'g', 1_000]);
    await until('the child holds it', () => child.lines.includes('assigned 0 0 '), child.errors);
    child.process.kill('SIGSTOP');
    const recorder = new Recorder();
    const heir = await log.consume('g', ['t'], recorder);
    await until('the heir took over', () => recorder.events.includes('assigned t/0'));
    await log.append('t', [{ key: 'a', value: Buffer.from('one') }]);
    await until('the heir has it', () => recorder.texts().includes('one'));
    await heir.commit('t', 0, 1, 'by the heir');
    child.process.kill('SIGCONT');
    await until('the child notices', () => child.lines.includes('lost 0'), child.errors);
    expect(child.lines.filter((line) => line.startsWith('record'))).toEqual([]);

    await heir.stop();
    await until(
      'the child has it again',
      () => child.lines.includes('assigned 0 1 by the heir'),
      () => child.lines,
    );
  });
});
