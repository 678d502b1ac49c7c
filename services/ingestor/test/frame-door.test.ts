import { FrameState } from '@hitonami/model';
import type { Frame, Receipt } from '@hitonami/service';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brightnessDetector, modelFolder } from '../../../packages/vision/test/tiny-model.js';
import { eventually, observationsOf } from '../../../test/support/event-log.js';
import { metric } from '../../../test/support/metrics.js';
import {
  collectEnds,
  frame,
  openFrames,
  picture,
  SIDE,
  startIngestor,
  timeOf,
  type Ingestor,
} from './support.js';

// The door through which pixels come in, over real gRPC, with real inference and a real log: a tiny detector that sees
// a person in every white square of 8 × 8 pixels.

const models = modelFolder();
const model = models.put('brightness.onnx', brightnessDetector(SIDE));
afterAll(() => {
  models.remove();
});

const square = await picture(16, 32);

/** The position frames on the log, as sequences with their counts. */
async function logged(ingestor: Ingestor, camera = 'eye') {
  const found = [];
  for (const observation of await observationsOf(ingestor.log, 'test'))
    if (observation.type === 'positions' && observation.frame.camera === camera)
      found.push(observation.frame);
  return found;
}

const outcomeOf = ({ outcome }: Receipt): string => outcome ?? 'nothing';

describe('a camera that sees nothing', () => {
  it('is blind on the log, not before an empty place, and its frames are counted by the reason', async () => {
    const ingestor = await startIngestor({
      model: models.put('brightness-large.onnx', brightnessDetector(160)),
    });
    const door = openFrames(ingestor);
    const dark = await sharp({
      create: { width: SIDE, height: SIDE, channels: 3, background: '#050505' },
    })
      .png()
      .toBuffer();
    expect((await door.ask(frame(0, dark))).processed).toEqual({ people: 0 });
    expect((await logged(ingestor)).map(({ state, count }) => [state, count])).toEqual([
      [FrameState.blind, 0],
    ]);
    const labels = { site: 'test', camera: 'eye', reason: 'dark' };
    expect(await metric(ingestor.metrics, 'hitonami_camera_blind_frames_total', labels)).toBe(1);
  });
});

describe('a good frame', () => {
  it('is answered `processed` only after its positions are on the log', async () => {
    const ingestor = await startIngestor({ model });
    const door = openFrames(ingestor);
    for (let n = 0; n < 8; n++) {
      const receipt = await door.ask(frame(n, square));
      expect([receipt.sequence, receipt.outcome]).toEqual([n, 'processed']);
      // No waiting here: what the receipt speaks of must be there already.
      expect((await logged(ingestor)).map(({ sequence }) => sequence)).toContain(n);
    }
  });

  it('becomes a person on the floor, with a pseudonym of this session, and the number of people in the receipt', async () => {
    const ingestor = await startIngestor({ model });
    const door = openFrames(ingestor);
    for (let n = 0; n < 4; n++) await door.ask(frame(n, square));
    expect(door.receipts.map(({ processed }) => processed?.people)).toEqual([1, 1, 1, 1]);
    const frames = await logged(ingestor);
    const last = frames.at(-1);
    expect(last).toMatchObject({
      site: 'test',
      camera: 'eye',
      sequence: 3,
      capturedUs: timeOf(3),
      planVersion: 1,
      periodUs: 200_000,
      state: FrameState.seen,
      floors: ['f1'],
      count: 1,
    });
    // The foot point of a box from (16, 32) to (24, 40) lies at (20, 40) pixels, so at (2, 2.4) metres.
    expect(last?.view.getInt32(last.xAt, true)).toBeCloseTo(2000, -2);
    expect(last?.view.getInt32(last.yAt, true)).toBeCloseTo(2400, -2);
    expect(last?.receivedUs).toBeGreaterThan(timeOf(3));
    const tracks = frames.map((one) => one.view.getBigUint64(one.trackAt, true));
    expect(new Set(tracks).size).toBe(1);
    expect(
      new Set(frames.map(({ sessionHi, sessionLo }) => `${sessionHi} ${sessionLo}`)).size,
    ).toBe(1);
  });

  it('in which nobody is says so: an empty place is not an unseen one', async () => {
    const ingestor = await startIngestor({ model });
    const empty = await sharp({
      create: { width: SIDE, height: SIDE, channels: 3, background: 'black' },
    })
      .jpeg()
      .toBuffer();
    expect((await openFrames(ingestor).ask(frame(0, empty))).processed).toEqual({ people: 0 });
    expect((await logged(ingestor))[0]).toMatchObject({
      state: FrameState.empty,
      count: 0,
      floors: [],
    });
  });

  it('shows in the metrics: people in view, clock skew, saturation, latencies', async () => {
    const ingestor = await startIngestor({ model });
    const door = openFrames(ingestor);
    for (let n = 0; n < 3; n++) await door.ask(frame(n, square));
    const labels = { site: 'test', camera: 'eye' };
    expect(await metric(ingestor.metrics, 'hitonami_people_in_view', labels)).toBe(1);
    expect(
      await metric(ingestor.metrics, 'hitonami_camera_clock_skew_seconds', labels),
    ).toBeGreaterThan(50);
    expect(
      await metric(ingestor.metrics, 'hitonami_detector_saturation_ratio', labels),
    ).toBeCloseTo(1 / 300, 5);
    const text = await ingestor.metrics.text();
    expect(text).toMatch(/hitonami_inference_seconds_count 3/);
    expect(text).toMatch(/hitonami_ingest_seconds_count 3/);
  });
});

/** A JPEG's start and frame header: 10 000 × 10 000 pixels. */
const hugeJpeg = Buffer.from(
  'ffd8ffc0001108271027100301110002110103110100ffda000c03010002110311003f00',
  'hex',
);
/** PNG signature and IHDR: 10 000 × 10 000, 8 bit RGB, and nothing after it. */
const hugePng = Buffer.from('89504e470d0a1a0a0000000d4948445200002710000027100802000000', 'hex');

describe('a frame that cannot be used is rejected with a reason, and the next good one on the stream is processed', () => {
  const ends = collectEnds();
  let ingestor: Ingestor;
  beforeAll(async () => {
    ingestor = await startIngestor({ model }, ends.add);
  });
  afterAll(ends.run);

  /** What is wrong with frame `n`, after `n - 1` was good. */
  type Fault = (n: number) => Partial<Frame>;
  const bad: Record<string, [Fault, string, RegExp]> = {
    'an image that is none': [() => ({ image: Buffer.from('no image') }), 'UNDECODABLE', /neither/],
    'a PNG cut short': [() => ({ image: square.subarray(0, -30) }), 'UNDECODABLE', /decode/],
    'a PNG header of 100 megapixels': [() => ({ image: hugePng }), 'TOO_LARGE', /10000×10000/],
    'a JPEG header of 100 megapixels': [() => ({ image: hugeJpeg }), 'TOO_LARGE', /10000×10000/],
    'an image over the decoder’s 8 MiB': [
      () => ({ image: Buffer.alloc(8 * 1024 * 1024 + 1, 7) }),
      'TOO_LARGE',
      /8388609 bytes, over the limit of 8388608/,
    ],
    'no image': [() => ({ image: Buffer.alloc(0) }), 'MALFORMED', /no image/],
    'an unknown site': [() => ({ site: 'nowhere' }), 'UNKNOWN_SITE', /'nowhere'.*publish/],
    'an unknown camera': [
      () => ({ camera: 'ghost' }),
      'UNKNOWN_CAMERA',
      /'ghost'.*version 1.*'test'/,
    ],
    'a frame from the future': [
      () => ({ capturedUs: (Date.now() + 3_600_000) * 1000 }),
      'FUTURE',
      /3\d{3}\.\d s ahead of the ingestor's clock.*set the camera's clock/,
    ],
    'a sequence that goes back': [
      (n) => ({ sequence: n - 5 }),
      'OUT_OF_ORDER',
      /sequence \d+ is not after \d+/,
    ],
    'a capture time that goes back': [
      (n) => ({ capturedUs: timeOf(n - 5) }),
      'OUT_OF_ORDER',
      /is not after \d+/,
    ],
    'a capture time that stands still': [
      (n) => ({ capturedUs: timeOf(n - 1) }),
      'OUT_OF_ORDER',
      /is not after/,
    ],
    'a period too short': [
      () => ({ periodUs: 9_999 }),
      'MALFORMED',
      /period_us.*10000 to 5000000.*9999/,
    ],
    'a period too long': [() => ({ periodUs: 5_000_001 }), 'MALFORMED', /period_us/],
    'a capture time of zero': [() => ({ capturedUs: 0 }), 'MALFORMED', /captured_us/],
    'a sequence beyond whole numbers': [
      () => ({ sequence: 2 ** 60 }),
      'MALFORMED',
      /sequence.*2\^53/,
    ],
    'a camera without calibration': [() => ({ camera: 'sensor' }), 'WRONG_DOOR', /PositionIngest/],
    'a camera whose plan does not say why it is needed': [
      () => ({ camera: 'eye-unexplained' }),
      'NOT_STARTED',
      /does not say why camera 'eye-unexplained' is needed rather than a counter/,
    ],
    'a frame recorded before, of a camera whose plan says on no basis': [
      () => ({ recorded: true }),
      'RECORDED',
      /not used for a new purpose.*recordedBasis of 'eye'.*hitonami replay/s,
    ],
  };
  const cases = Object.entries(bad).map(([name, [fault, reason, detail]], i) => ({
    name,
    fault,
    reason,
    detail,
    n: 10 + 10 * i,
  }));

  it.each(cases)('$name', async ({ fault, reason, detail, n }) => {
    const label = { reason: `REJECT_REASON_${reason}` };
    const before = await metric(ingestor.metrics, 'hitonami_refused_total', label);
    const door = openFrames(ingestor);
    await door.ask(frame(n - 1, square));
    const refused = await door.ask(frame(n, square, fault(n)));
    expect(refused.rejected?.reason).toBe(`REJECT_REASON_${reason}`);
    expect(refused.rejected?.detail).toMatch(detail);
    const next = await door.ask(frame(n + 1, square));
    expect([next.sequence, next.outcome]).toEqual([n + 1, 'processed']);
    const sequences = (await logged(ingestor)).map(({ sequence }) => sequence);
    expect(sequences.slice(-2)).toEqual([n - 1, n + 1]);
    expect(await metric(ingestor.metrics, 'hitonami_refused_total', label)).toBe(before + 1);
    await door.end();
  });

  it('a picture of another size than its camera was calibrated with', async () => {
    const ingestor = await startIngestor({ model });
    const door = openFrames(ingestor);
    const refused = await door.ask(frame(0, await picture(16, 32, 128)));
    expect(refused.rejected).toMatchObject({ reason: 'REJECT_REASON_MALFORMED' });
    expect(refused.rejected?.detail).toMatch(/128×128.*'eye' was calibrated with 64×64/);
    expect(outcomeOf(await door.ask(frame(1, square)))).toBe('processed');
  });

  it('an ingestor that was started without a detector says so', async () => {
    const door = openFrames(await startIngestor());
    const { rejected } = await door.ask(frame(0, square));
    expect(rejected).toMatchObject({ reason: 'REJECT_REASON_INTERNAL' });
    expect(rejected?.detail).toMatch(/HITONAMI_MODEL/);
  });
});

describe('a message over the limit of gRPC', () => {
  it('ends its stream with RESOURCE_EXHAUSTED; the next stream works', async () => {
    const ingestor = await startIngestor({ model });
    const door = openFrames(ingestor);
    await door.ask(frame(0, square));
    await door.send(frame(1, Buffer.alloc(17 * 1024 * 1024)));
    expect(await door.ended).toMatchObject({
      code: 8,
      details: expect.stringMatching(/larger than max/) as string,
    });
    expect(outcomeOf(await openFrames(ingestor).ask(frame(2, square)))).toBe('processed');
  });
});

/** Full of detail, so that it takes its time to decode. */
const slow = await sharp({
  create: {
    width: SIDE * 40,
    height: SIDE * 40,
    channels: 3,
    background: 'black',
    noise: { type: 'gaussian', mean: 128, sigma: 40 },
  },
})
  .jpeg({ quality: 90 })
  .toBuffer();

describe('more frames than the ingestor can take', () => {
  it('sheds the oldest that wait, processes the newest, and answers in the order of the frames', async () => {
    const ingestor = await startIngestor({ model, workers: 1, queue: 1 });
    const door = openFrames(ingestor);
    // Slow ones (of a size that is refused in the end) hold both permits while quick ones come.
    await door.send(frame(0, slow), frame(1, slow));
    await door.send(...Array.from({ length: 20 }, (_, i) => frame(2 + i, square)));
    const receipts = await door.until(22);
    expect(receipts.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 22 }, (_, n) => n),
    );
    expect(receipts.slice(0, 2).map(outcomeOf)).toEqual(['rejected', 'rejected']);
    expect(receipts[2]?.shed?.reason).toBe('SHED_REASON_NEWER_FRAME');
    expect(outcomeOf(receipts[21] as Receipt)).toBe('processed');
    const processed = receipts.filter(({ processed }) => processed).map(({ sequence }) => sequence);
    expect((await logged(ingestor)).map(({ sequence }) => sequence)).toEqual(processed);
    expect(await metric(ingestor.metrics, 'hitonami_frames_shed_total')).toBe(
      20 - processed.length,
    );
  });

  it('a rejected frame is not answered before an earlier one that is still being examined', async () => {
    const door = openFrames(await startIngestor({ model }));
    await door.send(frame(0, slow), frame(1, square, { periodUs: 1 }), frame(2, square));
    expect((await door.until(3)).map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
  });
});

describe('a sender that connects again', () => {
  it('gets the same receipt for the same frame, and the log has it once', async () => {
    const ingestor = await startIngestor({ model });
    const before = openFrames(ingestor);
    for (let n = 0; n < 3; n++) await before.ask(frame(n, square));
    before.cut();
    const after = openFrames(ingestor);
    await after.send(frame(1, square), frame(2, square), frame(3, square));
    const receipts = await after.until(3);
    expect(receipts.slice(0, 2)).toEqual(before.receipts.slice(1, 3));
    expect(outcomeOf(receipts[2] as Receipt)).toBe('processed');
    const frames = await logged(ingestor);
    expect(frames.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3]);
    expect(new Set(frames.map(({ sessionLo }) => sessionLo)).size).toBe(1);
    // A frame sent again is booked as its receipt says: as often as it was answered.
    expect(await metric(ingestor.metrics, 'hitonami_frames_processed_total')).toBe(6);
  });

  it('gets the receipt also of a frame that was still in work when the connection broke', async () => {
    const ingestor = await startIngestor({ model });
    const before = openFrames(ingestor);
    await before.send(frame(0, slow), frame(1, square));
    await eventually(
      'both have come',
      async () => (await metric(ingestor.metrics, 'hitonami_frames_received_total')) === 2,
    );
    before.cut();
    const after = openFrames(ingestor);
    expect(outcomeOf(await after.ask(frame(1, square)))).toBe('processed');
    expect((await logged(ingestor)).map(({ sequence }) => sequence)).toEqual([1]);
  });

  it('and has itself started again, with sequences from 0, begins a new session', async () => {
    const ingestor = await startIngestor({ model });
    const before = openFrames(ingestor);
    for (let n = 5; n < 8; n++) await before.ask(frame(n, square));
    await before.end();
    const after = openFrames(ingestor);
    for (let n = 0; n < 2; n++)
      expect(outcomeOf(await after.ask(frame(n, square, { capturedUs: timeOf(8 + n) })))).toBe(
        'processed',
      );
    const frames = await logged(ingestor);
    expect(frames.map(({ sequence }) => sequence)).toEqual([5, 6, 7, 0, 1]);
    const sessions = frames.map(({ sessionLo }) => sessionLo);
    expect(new Set(sessions.slice(0, 3)).size).toBe(1);
    expect(new Set(sessions.slice(3)).size).toBe(1);
    expect(sessions[3]).not.toBe(sessions[0]);
  });

  it('keeps the frames of its old session in that session, also those still in work when the new one begins', async () => {
    const ingestor = await startIngestor({ model, workers: 1 });
    const before = openFrames(ingestor);
    await before.send(frame(0, slow), frame(1, square));
    await eventually(
      'both have come',
      async () => (await metric(ingestor.metrics, 'hitonami_frames_received_total')) === 2,
    );
    const after = openFrames(ingestor);
    await after.ask(frame(0, square, { capturedUs: timeOf(2) }));
    await before.until(2);
    const [old, fresh] = await logged(ingestor);
    expect([old?.sequence, fresh?.sequence]).toEqual([1, 0]);
    expect(old?.sessionLo).not.toBe(fresh?.sessionLo);
  });
});

describe('two streams that send the same camera', () => {
  it('do not end each other’s session with every frame: the one that came last has it, until it ends', async () => {
    const ingestor = await startIngestor({ model });
    const [one, other] = [openFrames(ingestor), openFrames(ingestor)];
    const at = (sequence: number, n: number) => frame(sequence, square, { capturedUs: timeOf(n) });
    expect(outcomeOf(await one.ask(at(10, 0)))).toBe('processed');
    expect(outcomeOf(await other.ask(at(0, 1)))).toBe('processed');
    const refused = await one.ask(at(11, 2));
    expect(refused.rejected).toMatchObject({ reason: 'REJECT_REASON_OUT_OF_ORDER' });
    expect(refused.rejected?.detail).toMatch(/another stream .* one stream only/);
    expect(outcomeOf(await other.ask(at(1, 3)))).toBe('processed');
    await other.end();
    expect(outcomeOf(await one.ask(at(12, 4)))).toBe('processed');
  });

  it('one stream carries several cameras, each with its own order', async () => {
    const ingestor = await startIngestor({ model });
    const door = openFrames(ingestor);
    for (let n = 0; n < 3; n++)
      await door.send(frame(n, square), frame(n, square, { camera: 'eye-2' }));
    const receipts = await door.until(6);
    for (const camera of ['eye', 'eye-2']) {
      expect(
        receipts.filter((one) => one.camera === camera).map(({ sequence }) => sequence),
      ).toEqual([0, 1, 2]);
      expect((await logged(ingestor, camera)).length).toBe(3);
    }
  });
});

describe('an ingestor that stops', () => {
  it('processes what is being examined, sheds what waits with STOPPING, and leaves no frame without a receipt', async () => {
    const ingestor = await startIngestor({ model, workers: 1, queue: 8 });
    const door = openFrames(ingestor);
    await door.send(...Array.from({ length: 8 }, (_, n) => frame(n, n < 2 ? slow : square)));
    await eventually(
      'all have come',
      async () => (await metric(ingestor.metrics, 'hitonami_frames_received_total')) === 8,
    );
    const stopped = ingestor.service.stop();
    // Its sender does not know yet.
    await door.send(frame(8, square), frame(9, square, { camera: 'eye-2' }));
    const report = await stopped;
    expect([report.state, report.faults, report.overran]).toEqual(['stopped', [], []]);
    expect(await door.ended).toMatchObject({ code: 0 });
    const receipts = [...door.receipts].sort((a, b) => a.sequence - b.sequence);
    expect(receipts.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 10 }, (_, n) => n),
    );
    for (const { shed, processed, rejected } of receipts)
      expect(shed?.reason === 'SHED_REASON_STOPPING' || processed || rejected).toBeTruthy();
    expect(receipts[9]?.shed?.reason).toBe('SHED_REASON_STOPPING');
    const processed = receipts.filter((one) => one.processed).map(({ sequence }) => sequence);
    expect((await logged(ingestor)).map(({ sequence }) => sequence)).toEqual(processed);
  });
});
