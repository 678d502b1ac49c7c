import { FrameState, Kind, type PositionFrameView } from '@hitonami/model';
import type { PositionBatch } from '@hitonami/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { observationsOf } from '../../../test/support/event-log.js';
import { metric } from '../../../test/support/metrics.js';
import {
  batch,
  collectEnds,
  openPositions,
  startIngestor,
  timeOf,
  type Ingestor,
} from './support.js';

// The door for cameras and sensors that detect on the device: positions in floor metres, and no image.

const ends = collectEnds();
let ingestor: Ingestor;
/** Every test has its own stretch of sequences and times, so that they can share one ingestor. */
let n = 0;
beforeAll(async () => {
  ingestor = await startIngestor({}, ends.add);
});
afterAll(ends.run);

async function logged(): Promise<PositionFrameView[]> {
  const found = await observationsOf(ingestor.log, 'test');
  return found.flatMap((one) => (one.type === 'positions' ? [one.frame] : []));
}

/** Person `i` of a frame, in millimetres. */
function person({ view, ...at }: PositionFrameView, i = 0) {
  return {
    track: view.getBigUint64(at.trackAt + 8 * i, true),
    x: view.getInt32(at.xAt + 4 * i, true),
    y: view.getInt32(at.yAt + 4 * i, true),
    vx: view.getInt32(at.vxAt + 4 * i, true),
    vy: view.getInt32(at.vyAt + 4 * i, true),
    confidence: view.getUint8(at.confidenceAt + i),
    kind: view.getUint8(at.kindAt + i),
  };
}

/** Sends batches one after the other on one stream and gives the frames that they became. */
async function publish(...batches: Partial<PositionBatch>[]): Promise<PositionFrameView[]> {
  const before = (await logged()).length;
  const door = openPositions(ingestor);
  for (const changes of batches) {
    const receipt = await door.ask(batch(n++, changes));
    expect(receipt.rejected).toBeUndefined();
  }
  await door.end();
  n += 100;
  return (await logged()).slice(before);
}

describe('a batch', () => {
  it('is answered `processed` with its number of people once it is on the log', async () => {
    const door = openPositions(ingestor);
    const at = n++;
    const receipt = await door.ask(batch(at, { xM: [1, 2], yM: [3, 4], track: ['1', '2'] }));
    expect(receipt).toMatchObject({ site: 'test', camera: 'sensor', sequence: at });
    expect(receipt.processed).toEqual({ people: 2 });
    expect((await logged()).at(-1)).toMatchObject({
      camera: 'sensor',
      sequence: at,
      capturedUs: timeOf(at),
      state: FrameState.seen,
      count: 2,
      floors: ['f1'],
      saturationPermille: 0,
    });
    await door.end();
  });

  it('with device tracks keeps each person’s pseudonym, which has nothing of the device’s number', async () => {
    const number = '12345678901234567890';
    const frames = await publish(
      { xM: [1, 5], yM: [1, 5], track: [number, '7'] },
      { xM: [5, 1.2], yM: [5.1, 1], track: ['7', number] },
    );
    const [a, b] = frames as [PositionFrameView, PositionFrameView];
    expect(person(a, 0).track).toBe(person(b, 1).track);
    expect(person(a, 1).track).toBe(person(b, 0).track);
    expect(person(a, 0).track).not.toBe(person(a, 1).track);
    for (const i of [0, 1]) expect([BigInt(number), 7n]).not.toContain(person(a, i).track);
  });

  it('with device tracks and no speeds gets the speed between two batches', async () => {
    const [first, second] = await publish(
      { xM: [1], yM: [1], track: ['1'] },
      { xM: [1.2], yM: [0.9], track: ['1'] },
    );
    expect(person(first as PositionFrameView)).toMatchObject({ vx: 0, vy: 0 });
    expect(person(second as PositionFrameView)).toMatchObject({
      x: 1200,
      y: 900,
      vx: 1000,
      vy: -500,
    });
  });

  it('with speeds, confidences and kinds passes them on; other kinds are not counted as people', async () => {
    const columns = { xM: [1, 2, 3], yM: [1, 2, 3], vxMS: [1, 0, -1], vyMS: [0, 0.5, 0] };
    const kind = [Kind.person, Kind.bicycle, Kind.wheelchair];
    const [frame] = await publish({
      ...columns,
      confidence: [1, 0.5, 0],
      kind,
      track: ['1', '2', '3'],
    });
    const people = [0, 1, 2].map((i) => person(frame as PositionFrameView, i));
    expect(people.map(({ vx, vy }) => [vx, vy])).toEqual([
      [1000, 0],
      [0, 500],
      [-1000, 0],
    ]);
    expect(people.map(({ confidence }) => confidence)).toEqual([255, 128, 0]);
    expect(people.map((one) => one.kind)).toEqual(kind);
    const door = openPositions(ingestor);
    const receipt = await door.ask(batch(n++, { ...columns, kind, track: ['1', '2', '3'] }));
    // A person, and somebody in a wheelchair.
    expect(receipt.processed).toEqual({ people: 2 });
    await door.end();
  });

  it('without tracks is tracked here: one person, one pseudonym, the tracker’s speed', async () => {
    const frames = await publish(
      ...Array.from({ length: 6 }, (_, i) => ({ xM: [1 + 0.2 * i], yM: [2] })),
    );
    expect(frames.map(({ count }) => count)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(new Set(frames.map((one) => person(one).track)).size).toBe(1);
    const { vx, vy } = person(frames.at(-1) as PositionFrameView);
    expect(vx).toBeGreaterThan(500);
    expect(vx).toBeLessThan(1500);
    expect(Math.abs(vy)).toBeLessThan(200);
  });

  it('without tracks but with speeds keeps the device’s speeds', async () => {
    const still = { xM: [1], yM: [2], vxMS: [0.25], vyMS: [-0.75] };
    const last = (await publish(still, still, still)).at(-1) as PositionFrameView;
    expect(last.count).toBe(1);
    expect(person(last)).toMatchObject({ vx: 250, vy: -750 });
  });

  it('may hold as many people as the log takes, each of whom keeps their pseudonym', async () => {
    const crowd = (many: number, first: number) => ({
      xM: Array.from({ length: many }, (_, i) => (i % 100) / 10),
      yM: Array.from({ length: many }, (_, i) => Math.floor(i / 100) / 10),
      track: Array.from({ length: many }, (_, i) => String(first + i)),
    });
    // Of the last, none was in a frame before: those who were there are still remembered, and make room.
    const frames = await publish(crowd(5_000, 0), crowd(10_000, 0), crowd(10_000, 90_000));
    expect(frames.map(({ count }) => count)).toEqual([5_000, 10_000, 10_000]);
    const [few = [], many = [], others = []] = frames.map((one) =>
      Array.from({ length: one.count }, (_, i) => person(one, i).track),
    );
    expect(many.slice(0, 5_000)).toEqual(few);
    expect(new Set([...many, ...others]).size).toBe(20_000);
  }, 30_000);

  it('of a blind device says that nothing is known, and an empty one that nobody is there', async () => {
    const frames = await publish({ blind: true }, {});
    expect(frames.map(({ state, count }) => [state, count])).toEqual([
      [FrameState.blind, 0],
      [FrameState.empty, 0],
    ]);
  });
});

describe('a malformed batch is rejected with what is wrong, and the next good one is processed', () => {
  const one = { xM: [1], yM: [1] };
  const cases: [string, Partial<PositionBatch>, RegExp, string?][] = [
    ['columns of unlike length', { xM: [1, 2], yM: [1] }, /x_m has 2 entries and y_m 1/],
    [
      'an optional column of another length',
      { ...one, confidence: [1, 1] },
      /confidence has 2 entries and x_m 1/,
    ],
    ['speeds in one direction only', { ...one, vxMS: [1] }, /vx_m_s and vy_m_s come together/],
    ['a ragged speed', { ...one, vxMS: [1, 2], vyMS: [1] }, /vx_m_s has 2 entries and x_m 1/],
    ['a position that is no number', { xM: [NaN], yM: [1] }, /x_m and y_m must be metres/],
    ['an infinite position', { xM: [1], yM: [Infinity] }, /x_m and y_m must be metres/],
    ['a position out of range', { xM: [100_001], yM: [1] }, /within ±100000/],
    [
      'a speed that is no number',
      { ...one, vxMS: [NaN], vyMS: [0] },
      /vx_m_s and vy_m_s must be within ±100/,
    ],
    ['a speed out of range', { ...one, vxMS: [101], vyMS: [0] }, /within ±100/],
    ['a confidence over 1', { ...one, confidence: [1.5] }, /confidence must be from 0 to 1/],
    [
      'a confidence that is no number',
      { ...one, confidence: [NaN] },
      /confidence must be from 0 to 1/,
    ],
    ['an unknown kind', { ...one, kind: [7] }, /kind must be from 0 to 6/],
    ['an unknown floor', { ...one, floor: 'attic' }, /floor 'attic' is not in the plan/],
    [
      'the same track twice',
      { xM: [1, 2], yM: [1, 2], track: ['5', '5'] },
      /a track number stands twice/,
    ],
    [
      'a blind device with entries',
      { ...one, blind: true },
      /blind batch must have no entries, and has 1/,
    ],
    [
      'more entries than are tracked here',
      { xM: Array<number>(2001).fill(1), yM: Array<number>(2001).fill(1) },
      /2001 entries without track numbers are over the limit of 2000/,
    ],
    [
      'more entries than the log takes',
      { xM: Array<number>(10_001).fill(1), yM: Array<number>(10_001).fill(1) },
      /10001 entries are over the limit of 10000/,
    ],
    [
      'a camera that sends frames',
      { ...one, camera: 'eye' },
      /'eye' has a calibration.*FrameIngest/,
      'WRONG_DOOR',
    ],
    ['an unknown camera', { ...one, camera: 'ghost' }, /'ghost'/, 'UNKNOWN_CAMERA'],
    [
      'a batch from the future',
      { ...one, capturedUs: (Date.now() + 60_000) * 1000 },
      /clock/,
      'FUTURE',
    ],
    ['a batch out of order', { ...one, sequence: 0 }, /sequence 0 is not after/, 'OUT_OF_ORDER'],
  ];
  it.each(cases)('%s', async (_name, changes, detail, reason = 'MALFORMED') => {
    const before = (await logged()).length;
    const door = openPositions(ingestor);
    const first = n;
    n += 10;
    await door.ask(batch(first, one));
    const refused = await door.ask(batch(first + 1, changes));
    expect(refused.rejected?.reason).toBe(`REJECT_REASON_${reason}`);
    expect(refused.rejected?.detail).toMatch(detail);
    expect((await door.ask(batch(first + 2, one))).outcome).toBe('processed');
    expect((await logged()).slice(before).map(({ sequence }) => sequence)).toEqual([
      first,
      first + 2,
    ]);
    await door.end();
  });

  it('and may be sent again once it is mended: it did not use up its sequence', async () => {
    const door = openPositions(ingestor);
    const at = n++;
    expect((await door.ask(batch(at, { xM: [1], yM: [] }))).outcome).toBe('rejected');
    expect((await door.ask(batch(at, { xM: [1], yM: [1] }))).outcome).toBe('processed');
    await door.end();
  });
});

it('the same batch on another stream gets the same receipt, and is on the log once', async () => {
  const before = (await logged()).length;
  const message = batch(n++, { xM: [1], yM: [1], track: ['1'] });
  const first = openPositions(ingestor);
  const receipt = await first.ask(message);
  first.cut();
  const again = openPositions(ingestor);
  expect(await again.ask(message)).toEqual(receipt);
  expect((await logged()).length).toBe(before + 1);
  await again.end();
});

it('batches are counted by what became of them', async () => {
  const count = (outcome: string) =>
    metric(ingestor.metrics, 'hitonami_sensor_batches_total', { kind: 'positions', outcome });
  const [processed, rejected] = [await count('processed'), await count('rejected')];
  const door = openPositions(ingestor);
  await door.ask(batch(n++, { xM: [1], yM: [1] }));
  await door.ask(batch(n++, { xM: [1], yM: [] }));
  expect([await count('processed'), await count('rejected')]).toEqual([
    processed + 1,
    rejected + 1,
  ]);
  await door.end();
});
