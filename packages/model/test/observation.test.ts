import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import protobuf from 'protobufjs';
import { fileURLToPath } from 'node:url';
import { frameRecord, frameView } from '../../../test/support/frames.js';
import {
  decodeObservation,
  encodeCountFrame,
  encodePositionFrame,
  encodeTick,
  FrameState,
} from '../src/index.js';

const protoRoot = fileURLToPath(new URL('../../../proto/', import.meta.url));

function plainClient(): protobuf.Type {
  const root = new protobuf.Root();
  root.resolvePath = (_, target) => `${protoRoot}${target}`;
  root.loadSync('hitonami/v1/observation.proto');
  return root.lookupType('hitonami.v1.Observation');
}

const uint32 = fc.nat({ max: 0xffff_ffff });
const int32 = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });
const person = fc.record({
  lo: uint32,
  hi: uint32,
  x: int32,
  y: int32,
  vx: int32,
  vy: int32,
  kind: fc.nat({ max: 6 }),
  confidence: fc.nat({ max: 255 }),
});
const anyFrame = fc.record({
  site: fc.stringMatching(/^[a-z0-9-]{1,20}$/),
  camera: fc.stringMatching(/^[a-z0-9-]{1,20}$/),
  sessionHi: uint32,
  sessionLo: uint32,
  sequence: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  capturedUs: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  periodUs: fc.integer({ min: 1, max: 5_000_000 }),
  people: fc.array(person, { maxLength: 40 }),
});

type AnyFrame = typeof anyFrame extends fc.Arbitrary<infer T> ? T : never;

function encode({ people, ...head }: AnyFrame): Buffer {
  return encodePositionFrame({
    ...head,
    receivedUs: head.capturedUs,
    planVersion: 3,
    state: people.length > 0 ? FrameState.seen : FrameState.empty,
    saturationPermille: 12,
    renewed: Math.min(1, people.length),
    floors: ['f1'],
    count: people.length,
    tracks: Uint32Array.from(people.flatMap(({ lo, hi }) => [lo, hi])),
    xMm: Int32Array.from(people, ({ x }) => x),
    yMm: Int32Array.from(people, ({ y }) => y),
    vxMmS: Int32Array.from(people, ({ vx }) => vx),
    vyMmS: Int32Array.from(people, ({ vy }) => vy),
    floor: new Uint8Array(people.length),
    confidence: Uint8Array.from(people, ({ confidence }) => confidence),
    kind: Uint8Array.from(people, ({ kind }) => kind),
  });
}

describe('the position event', () => {
  it('reads back what was written, at any place in a larger buffer', () => {
    fc.assert(
      fc.property(anyFrame, fc.nat({ max: 9 }), (frame, padding) => {
        const record = encode(frame);
        const shared = Buffer.concat([Buffer.alloc(padding), record]);
        const observation = decodeObservation(shared.subarray(padding));
        if (observation.type !== 'positions') throw new Error('not positions');
        const { frame: read } = observation;
        expect([read.site, read.camera, read.sessionHi, read.sessionLo]).toEqual([
          frame.site,
          frame.camera,
          frame.sessionHi,
          frame.sessionLo,
        ]);
        expect([read.sequence, read.capturedUs, read.periodUs]).toEqual([
          frame.sequence,
          frame.capturedUs,
          frame.periodUs,
        ]);
        expect(read.count).toBe(frame.people.length);
        frame.people.forEach((someone, i) => {
          expect(read.view.getUint32(read.trackAt + 8 * i, true)).toBe(someone.lo);
          expect(read.view.getUint32(read.trackAt + 8 * i + 4, true)).toBe(someone.hi);
          expect(read.view.getInt32(read.xAt + 4 * i, true)).toBe(someone.x);
          expect(read.view.getInt32(read.vyAt + 4 * i, true)).toBe(someone.vy);
          expect(read.view.getUint8(read.kindAt + i)).toBe(someone.kind);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('is standard protobuf: a plain client with nothing but the .proto file reads the same', () => {
    const type = plainClient();
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const message = type.toObject(type.decode(encode(frame)), {
          longs: String,
          defaults: true,
          bytes: Array,
        }) as {
          positions: Record<string, unknown>;
        };
        const read = message.positions;
        expect(read['site']).toBe(frame.site);
        expect(read['sequence']).toBe(String(frame.sequence));
        expect(read['capturedUs']).toBe(String(frame.capturedUs));
        expect(read['xMm']).toEqual(frame.people.map(({ x }) => x));
        expect(read['vyMmS']).toEqual(frame.people.map(({ vy }) => vy));
        expect(read['track']).toEqual(
          frame.people.map(({ hi, lo }) => String((BigInt(hi) << 32n) | BigInt(lo))),
        );
        expect(read['kind']).toEqual(frame.people.map(({ kind }) => kind));
      }),
      { numRuns: 100 },
    );
  });

  it('reads what a plain client wrote, and passes over fields that it does not know', () => {
    const type = plainClient();
    const bytes = type
      .encode(
        type.fromObject({
          positions: {
            version: 1,
            site: 's',
            camera: 'c',
            capturedUs: 5,
            receivedUs: 6,
            periodUs: 7,
            state: 1,
            floors: ['f'],
            track: [9],
            xMm: [-1],
            yMm: [2],
            vxMmS: [3],
            vyMmS: [4],
            floor: Buffer.from([0]),
            confidence: Buffer.from([200]),
            kind: Buffer.from([0]),
          },
        }),
      )
      .finish();
    const unknown = Buffer.from([0xf8, 0x07, 0x05]);
    const observation = decodeObservation(Buffer.concat([unknown, bytes]));
    expect(observation).toMatchObject({
      type: 'positions',
      frame: { site: 's', camera: 'c', count: 1 },
    });
  });

  it('carries counts and ticks as well', () => {
    const counts = {
      site: 's',
      counter: 'k',
      sessionHi: 1,
      sessionLo: 2,
      sequence: 3,
      fromUs: 10,
      toUs: 20,
      forward: 4,
      backward: 5,
    };
    expect(decodeObservation(encodeCountFrame(counts))).toEqual({ type: 'counts', counts });
    expect(decodeObservation(encodeTick({ site: 's', nowUs: 99 }))).toEqual({
      type: 'tick',
      tick: { site: 's', nowUs: 99 },
    });
  });

  it('takes 27 bytes a person and a head of under 100', () => {
    const people = Array.from({ length: 20 }, (_, track) => ({ track, x: 1, y: 2 }));
    expect(frameRecord({ sequence: 1_000, atMs: 1_700_000_000_000, people }).length).toBeLessThan(
      20 * 27 + 100,
    );
  });
});

describe('a record that is not a whole position event', () => {
  const people = [
    { track: 1, x: 1, y: 1 },
    { track: 2, x: 2, y: 2 },
  ];
  const good = frameRecord({ sequence: 1, atMs: 1_000, people });

  it('is refused wherever it is cut', () => {
    for (let length = 0; length < good.length; length++) {
      expect(() => decodeObservation(good.subarray(0, length))).toThrow(/malformed observation/);
    }
  });

  it('never reads outside its bytes, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(), (noise, at) => {
        const mutated = Buffer.from(good);
        mutated.set(
          noise.subarray(0, Math.max(0, mutated.length - (at % mutated.length))),
          at % mutated.length,
        );
        for (const bytes of [noise, mutated]) {
          try {
            decodeObservation(bytes);
          } catch (error) {
            expect((error as Error).message).toMatch(/malformed observation/);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is refused where a number is beyond what the contract allows', () => {
    const frame = (changes: object): Buffer => encodePositionFrame({ ...baseFrame(), ...changes });
    expect(() => decodeObservation(frame({ periodUs: 5_000_001 }))).toThrow(/the period is over/);
    expect(() => decodeObservation(frame({ saturationPermille: 1_001 }))).toThrow(/saturation/);
    expect(() => decodeObservation(frame({ renewed: 3 }))).toThrow(/renewed/);
    expect(decodeObservation(frame({ periodUs: 5_000_000, renewed: 2 })).type).toBe('positions');
  });

  it('is refused where a column is longer than the others', () => {
    const frame = frameView({ sequence: 1, atMs: 1_000, people });
    expect(frame.count).toBe(2);
    const ragged = { ...baseFrame(), count: 2, xMm: new Int32Array(3) };
    expect(() => encodePositionFrame(ragged)).toThrow(
      /every column of a position frame must have 2 entries/,
    );
  });
});

function baseFrame() {
  return {
    site: 's',
    camera: 'c',
    sessionHi: 0,
    sessionLo: 0,
    sequence: 1,
    capturedUs: 1,
    receivedUs: 1,
    planVersion: 1,
    periodUs: 1,
    state: 1,
    saturationPermille: 0,
    renewed: 0,
    floors: ['f'],
    count: 2,
    tracks: new Uint32Array(4),
    xMm: new Int32Array(2),
    yMm: new Int32Array(2),
    vxMmS: new Int32Array(2),
    vyMmS: new Int32Array(2),
    floor: new Uint8Array(2),
    confidence: new Uint8Array(2),
    kind: new Uint8Array(2),
  };
}
