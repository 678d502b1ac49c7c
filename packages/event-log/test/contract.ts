import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventLog, OutgoingRecord, TailedRecord } from '../src/index.js';
import { MAX_RECORD_BYTES, partitionOf } from '../src/index.js';
import { collect, Recorder, until } from './recorder.js';

/** What the suite needs of an adapter: several logs open on the same data, as several services would have them. */
export interface Bench {
  open(): Promise<EventLog>;
}

const record = (key: string, text: string): OutgoingRecord => ({ key, value: Buffer.from(text) });
const numbered = (key: string, from: number, count: number): OutgoingRecord[] =>
  Array.from({ length: count }, (_, index) => record(key, `${key}-${from + index}`));

/** What every event log promises: runs against each adapter. */
export function eventLogContract(name: string, setUp: () => Promise<Bench>): void {
  describe(`${name}: what every event log promises`, () => {
    let bench: Bench;
    let log: EventLog;
    const opened: EventLog[] = [];
    const open = async (): Promise<EventLog> => {
      const one = await bench.open();
      opened.push(one);
      return one;
    };
    /** A new topic, so that the tests do not see each other. */
    const makeTopic = async (partitions = 1): Promise<string> => {
      const topic = `t-${randomUUID().slice(0, 8)}`;
      await log.createTopics([{ name: topic, partitions, retentionMs: Infinity }]);
      return topic;
    };

    beforeAll(async () => {
      bench = await setUp();
      log = await open();
    }, 120_000);
    afterAll(async () => {
      await Promise.all(opened.map((one) => one.close()));
    }, 60_000);

    it('gives back what was appended, from any offset to the end', async () => {
      const topic = await makeTopic();
      await log.append(topic, numbered('a', 0, 5));
      await log.append(topic, numbered('b', 5, 5));
      const all = await collect(log.read(topic, 0, 0));
      expect(all.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(all.map(({ key }) => key).join('')).toBe('aaaaabbbbb');
      const some = await collect(log.read(topic, 0, 7));
      expect(some.map(({ value }) => value.toString())).toEqual(['b-7', 'b-8', 'b-9']);
      expect(await collect(log.read(topic, 0, 10))).toEqual([]);
    });

    it('keeps the order of a key, also when many appends are under way at once', async () => {
      const topic = await makeTopic(3);
      const keys = ['north', 'south', 'east', 'west', 'tower'];
      const appends: Promise<void>[] = [];
      for (let round = 0; round < 40; round++)
        for (const key of keys) appends.push(log.append(topic, numbered(key, round * 2, 2)));
      await Promise.all(appends);
      const seen = new Map<string, string[]>();
      for (let partition = 0; partition < 3; partition++)
        for (const { key, value } of await collect(log.read(topic, partition, 0))) {
          expect(partition).toBe(partitionOf(key, 3));
          seen.set(key, [...(seen.get(key) ?? []), value.toString()]);
        }
      for (const key of keys)
        expect(seen.get(key)).toEqual(Array.from({ length: 80 }, (_, index) => `${key}-${index}`));
    });

    it('shows an appended record to another log as soon as the append has resolved', async () => {
      const topic = await makeTopic();
      const other = await open();
      await log.append(topic, [record('site', 'durable')]);
      const found = await collect(other.read(topic, 0, 0));
      expect(found.map(({ value }) => value.toString())).toEqual(['durable']);
    });

    it('takes a record of 1 MB and one at the limit, and refuses a larger one by name', async () => {
      const topic = await makeTopic();
      const values = [1_000_000, MAX_RECORD_BYTES].map((bytes) => Buffer.alloc(bytes, bytes % 251));
      for (const value of values) await log.append(topic, [{ key: 'plan', value }]);
      const found = await collect(log.read(topic, 0, 0));
      expect(
        found.map(({ value }, index) => value.equals(values[index] ?? Buffer.alloc(0))),
      ).toEqual([true, true]);
      const recorder = new Recorder();
      const consumer = await log.consume('big', [topic], recorder);
      await until('the big records came', () => recorder.records.length === 2);
      await consumer.stop();
      const tooLarge = { key: 'plan', value: Buffer.alloc(MAX_RECORD_BYTES + 1) };
      await expect(log.append(topic, [tooLarge])).rejects.toMatchObject({ code: 'INPUT' });
    });

    it('takes values that are views into larger memory, and empty values, keys and appends', async () => {
      const topic = await makeTopic();
      const memory = new Uint8Array([9, 9, 1, 2, 3, 9]);
      await log.append(topic, []);
      await log.append(topic, [{ key: '', value: memory.subarray(2, 5) }]);
      await log.append(topic, [{ key: 'é字', value: new Uint8Array(0) }]);
      const found = await collect(log.read(topic, 0, 0));
      expect(found.map(({ key, value }) => [key, [...value]])).toEqual([
        ['', [1, 2, 3]],
        ['é字', []],
      ]);
    });

    it('takes 10,000 records in one append and delivers each once, in order', async () => {
      const topic = await makeTopic();
      await log.append(topic, numbered('n', 0, 10_000));
      const recorder = new Recorder();
      const consumer = await log.consume('ten-thousand', [topic], recorder);
      await until('all came', () => recorder.records.length >= 10_000);
      await consumer.stop();
      expect(recorder.texts()).toEqual(Array.from({ length: 10_000 }, (_, index) => `n-${index}`));
    });

    it('refuses topics and partitions that do not exist, and says what to do', async () => {
      const unknown = { code: 'LOG', canRetry: false, detail: 'UNKNOWN_TOPIC' };
      await expect(log.append('nowhere', [record('a', 'a')])).rejects.toMatchObject(unknown);
      await expect(log.consume('g', ['nowhere'], new Recorder())).rejects.toMatchObject(unknown);
      await expect(log.tail('nowhere', () => undefined)).rejects.toThrow(/createTopics/);
      await expect(collect(log.read('nowhere', 0, 0))).rejects.toMatchObject(unknown);
      const topic = await makeTopic(2);
      await expect(collect(log.read(topic, 2, 0))).rejects.toMatchObject({
        detail: 'UNKNOWN_PARTITION',
      });
    });

    it('makes a topic once: the same again is fine, another partition count is refused', async () => {
      const topic = await makeTopic(2);
      await log.append(topic, [record('a', 'kept')]);
      await log.createTopics([{ name: topic, partitions: 2, retentionMs: 60_000 }]);
      const found = await collect(log.read(topic, partitionOf('a', 2), 0));
      expect(found).toHaveLength(1);
      await expect(
        log.createTopics([{ name: topic, partitions: 3, retentionMs: 60_000 }]),
      ).rejects.toMatchObject({ code: 'CONFIG', detail: 'PARTITIONS_DIFFER' });
      await expect(
        log.createTopics([{ name: 'no spaces', partitions: 1, retentionMs: 1 }]),
      ).rejects.toMatchObject({ code: 'CONFIG' });
    });

    it('tells its topics, with how long each keeps its records and how soon it deletes them then', async () => {
      const [short, long] = [await makeTopic(2), await makeTopic(1)];
      await log.createTopics([{ name: short, partitions: 2, retentionMs: 60_000 }]);
      const found = await log.topics();
      const holding = (name: string) => found.find((topic) => topic.name === name);
      expect(holding(short)).toMatchObject({ partitions: 2, retentionMs: 60_000 });
      expect(holding(long)).toMatchObject({ partitions: 1, retentionMs: Infinity });
      expect(holding(short)?.deletedWithinMs).toBeLessThan(600_000);
    });

    it('counts the records that are older than an instant', async () => {
      const topic = await makeTopic(2);
      await log.append(topic, [record('a', 'one'), record('b', 'two')]);
      await sleep(50);
      const betweenMs = Date.now();
      await sleep(50);
      await log.append(topic, [record('a', 'three')]);
      expect(await log.countOlder(topic, betweenMs - 600_000)).toBe(0);
      expect(await log.countOlder(topic, betweenMs)).toBe(2);
      expect(await log.countOlder(topic, Date.now() + 600_000)).toBe(3);
      await expect(log.countOlder('nowhere', 0)).rejects.toMatchObject({ detail: 'UNKNOWN_TOPIC' });
    });

    it('assigns every partition before its first batch, and resumes from the commit with its metadata', async () => {
      const topic = await makeTopic(2);
      const keyOf = [0, 1].map((partition) => {
        let n = 0;
        while (partitionOf(`k${n}`, 2) !== partition) n += 1;
        return `k${n}`;
      });
      for (const key of keyOf) await log.append(topic, numbered(key, 0, 10));

      const first = new Recorder();
      const consumer = await log.consume('resume', [topic], first);
      await until('20 records came', () => first.records.length === 20);
      expect(first.events.slice(0, 2).sort()).toEqual([
        `assigned ${topic}/0`,
        `assigned ${topic}/1`,
      ]);
      expect(first.resumes.get(`${topic}/0`)).toEqual({ position: 0, metadata: '' });
      await consumer.commit(topic, 0, 4, 'closed_until=1700000000');
      await consumer.commit(topic, 1, 10, '');
      await consumer.stop();
      expect(first.events.slice(2).sort()).toEqual([`lost ${topic}/0`, `lost ${topic}/1`]);

      const second = new Recorder();
      const restarted = await (await open()).consume('resume', [topic], second);
      await until('6 records came again', () => second.records.length >= 6);
      await restarted.stop();
      expect(second.resumes.get(`${topic}/0`)).toEqual({
        position: 4,
        metadata: 'closed_until=1700000000',
      });
      expect(second.resumes.get(`${topic}/1`)).toEqual({ position: 10, metadata: '' });
      expect(second.records.map(({ partition, offset }) => [partition, offset])).toEqual(
        [4, 5, 6, 7, 8, 9].map((offset) => [0, offset]),
      );
    });

    it('delivers again what was not committed', async () => {
      const topic = await makeTopic();
      await log.append(topic, numbered('x', 0, 3));
      for (let start = 0; start < 2; start++) {
        const recorder = new Recorder();
        const consumer = await log.consume('forgetful', [topic], recorder);
        await until('3 records came', () => recorder.records.length === 3);
        await consumer.stop();
        expect(recorder.texts()).toEqual(['x-0', 'x-1', 'x-2']);
      }
    });

    it('delivers a batch again when the handler failed, with nothing lost or out of order', async () => {
      const topic = await makeTopic();
      const recorder = new Recorder();
      let failures = 0;
      recorder.onBatch = () => {
        if (failures++ < 2) throw new Error('the warehouse is away');
      };
      const consumer = await log.consume('failing', [topic], recorder);
      await log.append(topic, numbered('x', 0, 5));
      await until('5 records came', () => recorder.records.length >= 5);
      await consumer.stop();
      expect(failures).toBeGreaterThan(2);
      expect(recorder.texts()).toEqual(['x-0', 'x-1', 'x-2', 'x-3', 'x-4']);
    });

    it('gives every group all records', async () => {
      const topic = await makeTopic();
      const recorders = [new Recorder(), new Recorder()];
      const consumers = await Promise.all(
        recorders.map((recorder, index) => log.consume(`both-${index}`, [topic], recorder)),
      );
      await log.append(topic, numbered('x', 0, 50));
      for (const recorder of recorders)
        await until('50 records came', () => recorder.records.length === 50);
      await consumers[0]?.commit(topic, 0, 50, 'mine');
      await Promise.all(consumers.map((consumer) => consumer.stop()));
      const again = new Recorder();
      const consumer = await log.consume('both-1', [topic], again);
      await until('the other group starts over', () => again.records.length === 50);
      expect(again.resumes.get(`${topic}/0`)).toEqual({ position: 0, metadata: '' });
      await consumer.stop();
    });

    it('hands over to a second member when the first one stops', async () => {
      const topic = await makeTopic();
      const [first, second] = [new Recorder(), new Recorder()];
      const holder = await log.consume('pair', [topic], first);
      await until('the first holds it', () => first.events.length > 0);
      const standby = await (await open()).consume('pair', [topic], second);
      await log.append(topic, numbered('x', 0, 4));
      // Either may hold it now: a broker may move the partition as the second one joins.
      const holds = (recorder: Recorder): boolean =>
        recorder.events.at(-1) === `assigned ${topic}/0`;
      await until(
        'one holds it and has all',
        () =>
          [first, second].filter((r) => holds(r) && r.records.at(-1)?.offset === 3).length === 1,
        () => [first.events, second.events],
      );
      const secondHolds = holds(second);
      const [leaving, staying, heir] = secondHolds
        ? [standby, holder, first]
        : [holder, standby, second];
      await leaving.commit(topic, 0, 4, 'over to you');
      await leaving.stop();
      await log.append(topic, numbered('x', 4, 4));
      await until('the other takes over', () => heir.records.at(-1)?.offset === 7);
      expect(heir.resumes.get(`${topic}/0`)).toEqual({ position: 4, metadata: 'over to you' });
      await staying.stop();
      await expect(leaving.commit(topic, 0, 8, '')).rejects.toMatchObject({ detail: 'NOT_HELD' });
    });

    it('refuses commits for what is not held, and impossible ones', async () => {
      const topic = await makeTopic();
      const recorder = new Recorder();
      const consumer = await log.consume('careful', [topic], recorder);
      await until('it is assigned', () => recorder.events.length > 0);
      await expect(consumer.commit(topic, 7, 1, '')).rejects.toMatchObject({ detail: 'NOT_HELD' });
      await expect(consumer.commit(topic, 0, -1, '')).rejects.toMatchObject({ code: 'LOG' });
      await expect(consumer.commit(topic, 0, 0, 'x'.repeat(5000))).rejects.toThrow(/4096/);
      await consumer.stop();
    });

    it('knows how far a consumer is behind, and that its loop turns', async () => {
      const topic = await makeTopic();
      await log.append(topic, numbered('x', 0, 10));
      const recorder = new Recorder();
      let release: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => (release = resolve));
      recorder.onBatch = () => gate;
      const consumer = await log.consume('behind', [topic], recorder);
      await until('it is assigned', () => recorder.events.length > 0);
      const behind = { topic, partition: 0, committed: 0, position: 0, end: 10, lag: 10 };
      expect(await consumer.lag()).toEqual([behind]);
      release();
      await until('all came', () => recorder.records.length === 10);
      await consumer.commit(topic, 0, 6, '');
      await until('the lag is gone', async () => (await consumer.lag())[0]?.lag === 0);
      expect(await consumer.lag()).toEqual([{ ...behind, committed: 6, position: 10, lag: 0 }]);
      const before = Date.now();
      await until('the loop turned', () => consumer.lastProgressMs() > before);
      await consumer.stop();
      expect(await consumer.lag()).toEqual([]);
    });

    it('delivers a new record to a waiting consumer soon', async () => {
      const topic = await makeTopic();
      const recorder = new Recorder();
      const consumer = await log.consume('quick', [topic], recorder);
      await until('it is assigned', () => recorder.events.length > 0);
      const tookMs: number[] = [];
      for (let n = 0; n < 20; n++) {
        const start = performance.now();
        await log.append(topic, numbered('x', n, 1));
        await until('it came', () => recorder.records.length === n + 1);
        tookMs.push(performance.now() - start);
      }
      await consumer.stop();
      const median = tookMs.sort((a, b) => a - b)[10] ?? Infinity;
      expect(median).toBeLessThan(100);
    });

    it('tails all partitions: from the end only what comes after, from the start everything', async () => {
      const topic = await makeTopic(2);
      await log.append(topic, [record('a', 'old'), record('b', 'old')]);
      const [fresh, all]: [TailedRecord[], TailedRecord[]] = [[], []];
      const tails = [
        await log.tail(topic, (r) => fresh.push(r)),
        await log.tail(topic, (r) => all.push(r), { from: 'start' }),
      ];
      await log.append(topic, [record('a', 'new'), record('b', 'new')]);
      await until('both came', () => fresh.length >= 2 && all.length >= 4);
      await Promise.all(tails.map((tail) => tail.stop()));
      expect(fresh.map(({ value }) => value.toString())).toEqual(['new', 'new']);
      expect(all).toHaveLength(4);
      for (const { key, partition } of all) expect(partition).toBe(partitionOf(key, 2));
    });

    it('goes on handling while another log of the same data writes', async () => {
      const topic = await makeTopic();
      const recorder = new Recorder();
      const consumer = await log.consume('across', [topic], recorder);
      const writer = await open();
      for (let round = 0; round < 20; round++)
        await writer.append(topic, numbered('x', round * 50, 50));
      await until('all came', () => recorder.records.length >= 1000);
      await consumer.stop();
      expect(recorder.records.map(({ offset }) => offset)).toEqual(
        Array.from({ length: 1000 }, (_, offset) => offset),
      );
    });

    it('closes in the middle of consumption: the batch in hand finishes, partitions are lost, no call comes later', async () => {
      const topic = await makeTopic();
      const mine = await open();
      await mine.append(topic, numbered('x', 0, 100));
      const recorder = new Recorder();
      let inside = 0;
      recorder.onBatch = async () => {
        inside += 1;
        await new Promise((resolve) => setTimeout(resolve, 200));
        inside -= 1;
      };
      await mine.consume('closing', [topic], recorder);
      await mine.tail(topic, () => undefined);
      await until('a batch is in hand', () => inside === 1);
      await mine.close();
      expect(inside).toBe(0);
      expect(recorder.events).toEqual([`assigned ${topic}/0`, `lost ${topic}/0`]);
      const seen = recorder.records.length;
      await log.append(topic, numbered('x', 100, 1));
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(recorder.records).toHaveLength(seen);
      await expect(mine.append(topic, [record('a', 'late')])).rejects.toMatchObject({
        code: 'STOPPED',
      });
      await mine.close();
    });
  });
}
