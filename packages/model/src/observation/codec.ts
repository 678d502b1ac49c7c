import { HitonamiError } from '../errors.js';
import { POSITION_FRAME_VERSION, PositionFrameView, readText } from './frame-view.js';
import { malformed, WireReader, WireWriter } from './wire.js';

/** What a position frame is made of before it is encoded. All columns have `count` entries. */
export interface PositionFrame {
  site: string;
  camera: string;
  sessionHi: number;
  sessionLo: number;
  sequence: number;
  capturedUs: number;
  receivedUs: number;
  planVersion: number;
  periodUs: number;
  /** A value of `FrameState`. */
  state: number;
  /** 0 to 1,000. */
  saturationPermille: number;
  renewed: number;
  floors: readonly string[];
  count: number;
  /** Pseudonyms as pairs of 32-bit halves, low half first: `2 × count` entries. */
  tracks: Uint32Array;
  xMm: Int32Array;
  yMm: Int32Array;
  vxMmS: Int32Array;
  vyMmS: Int32Array;
  /** Index into `floors`. */
  floor: Uint8Array;
  /** Confidence in 255ths. */
  confidence: Uint8Array;
  kind: Uint8Array;
}

/** A report of a counter covers no more than this, µs. */
export const COUNT_INTERVAL_MAX_US = 3_600_000_000;

/** Crossings of one line counted by a sensor in `[fromUs, toUs)`. */
export interface CountFrame {
  site: string;
  counter: string;
  sessionHi: number;
  sessionLo: number;
  sequence: number;
  fromUs: number;
  toUs: number;
  forward: number;
  backward: number;
}

/** Time goes on although every camera of the site is silent. */
export interface Tick {
  site: string;
  nowUs: number;
}

export type Observation =
  | { type: 'positions'; frame: PositionFrameView }
  | { type: 'counts'; counts: CountFrame }
  | { type: 'tick'; tick: Tick };

const UINT32_MAX = 0xffff_ffff;

const HEADER_BYTES = 160;
const BYTES_PER_ENTRY = 27;

/**
 * One `Observation` record that holds a position frame: protobuf wire format, as `proto/hitonami/v1/observation.proto` has it.
 * Written by hand because it is the one message of which there are thousands a second.
 * @throws HitonamiError `INPUT` where a column has not `count` entries
 */
export function encodePositionFrame(frame: PositionFrame): Buffer {
  const { count } = frame;
  const columns = [
    frame.xMm,
    frame.yMm,
    frame.vxMmS,
    frame.vyMmS,
    frame.floor,
    frame.confidence,
    frame.kind,
  ];
  if (frame.tracks.length !== 2 * count || columns.some((column) => column.length !== count)) {
    throw new HitonamiError('INPUT', `every column of a position frame must have ${count} entries`);
  }
  const writer = new WireWriter(HEADER_BYTES + BYTES_PER_ENTRY * count);
  writer.varintField(1, POSITION_FRAME_VERSION);
  writer.stringField(2, frame.site);
  writer.stringField(3, frame.camera);
  writer.fixed64Field(4, frame.sessionHi, frame.sessionLo);
  writer.varintField(5, frame.sequence);
  writer.varintField(6, frame.capturedUs);
  writer.varintField(7, frame.receivedUs);
  writer.varintField(8, frame.planVersion);
  writer.varintField(9, frame.periodUs);
  writer.varintField(10, frame.state);
  writer.varintField(11, frame.saturationPermille);
  writer.varintField(12, frame.renewed);
  for (const floor of frame.floors) writer.stringField(13, floor);
  writer.bytesField(16, littleEndian(frame.tracks));
  writer.bytesField(17, littleEndian(frame.xMm));
  writer.bytesField(18, littleEndian(frame.yMm));
  writer.bytesField(19, littleEndian(frame.vxMmS));
  writer.bytesField(20, littleEndian(frame.vyMmS));
  writer.bytesField(21, frame.floor);
  writer.bytesField(22, frame.confidence);
  writer.bytesField(23, frame.kind);
  return enclose(1, writer.finish());
}

/** One `Observation` record that holds a count frame. */
export function encodeCountFrame(frame: CountFrame): Buffer {
  const writer = new WireWriter(128);
  writer.stringField(1, frame.site);
  writer.stringField(2, frame.counter);
  writer.fixed64Field(3, frame.sessionHi, frame.sessionLo);
  writer.varintField(4, frame.sequence);
  writer.varintField(5, frame.fromUs);
  writer.varintField(6, frame.toUs);
  writer.varintField(7, frame.forward);
  writer.varintField(8, frame.backward);
  return enclose(2, writer.finish());
}

/** One `Observation` record that holds a tick. */
export function encodeTick(tick: Tick): Buffer {
  const writer = new WireWriter(80);
  writer.stringField(1, tick.site);
  writer.varintField(2, tick.nowUs);
  return enclose(3, writer.finish());
}

/**
 * Reads one record of the `observations` topic. Unknown fields are passed over, so that an older reader survives a newer writer.
 * @throws HitonamiError `INPUT` for anything malformed
 */
export function decodeObservation(bytes: Uint8Array): Observation {
  const reader = new WireReader(bytes);
  while (reader.at < reader.end) {
    const tag = reader.varint();
    if (tag === 0x0a || tag === 0x12 || tag === 0x1a) {
      const length = reader.length();
      const end = reader.at + length;
      if (tag === 0x0a)
        return { type: 'positions', frame: new PositionFrameView(bytes, reader.at, end) };
      const body = new WireReader(bytes, reader.at, end);
      return tag === 0x12
        ? { type: 'counts', counts: readCounts(body) }
        : { type: 'tick', tick: readTick(body) };
    }
    reader.skip(tag & 7);
  }
  throw malformed('it holds neither positions, counts nor a tick');
}

function readCounts(reader: WireReader): CountFrame {
  const counts = {
    site: '',
    counter: '',
    sessionHi: 0,
    sessionLo: 0,
    sequence: 0,
    fromUs: 0,
    toUs: 0,
    forward: 0,
    backward: 0,
  };
  while (reader.at < reader.end) {
    const tag = reader.varint();
    if (tag === 0x0a) counts.site = readText(reader);
    else if (tag === 0x12) counts.counter = readText(reader);
    else if (tag === 0x19) {
      counts.sessionLo = reader.u32();
      counts.sessionHi = reader.u32();
    } else if (tag === 0x20) counts.sequence = reader.varint();
    else if (tag === 0x28) counts.fromUs = reader.varint();
    else if (tag === 0x30) counts.toUs = reader.varint();
    else if (tag === 0x38) counts.forward = reader.varint();
    else if (tag === 0x40) counts.backward = reader.varint();
    else reader.skip(tag & 7);
  }
  if (counts.site === '' || counts.counter === '') throw malformed('site or counter is missing');
  if (counts.fromUs === 0 || counts.toUs <= counts.fromUs)
    throw malformed('the interval of a count is empty');
  if (counts.forward > UINT32_MAX || counts.backward > UINT32_MAX) {
    throw malformed('a count is over 32 bits');
  }
  return counts;
}

function readTick(reader: WireReader): Tick {
  const tick = { site: '', nowUs: 0 };
  while (reader.at < reader.end) {
    const tag = reader.varint();
    if (tag === 0x0a) tick.site = readText(reader);
    else if (tag === 0x10) tick.nowUs = reader.varint();
    else reader.skip(tag & 7);
  }
  if (tick.site === '' || tick.nowUs === 0) throw malformed('site or time of a tick is missing');
  return tick;
}

function enclose(field: number, body: Buffer): Buffer {
  const writer = new WireWriter(body.length + 12);
  writer.bytesField(field, body);
  return writer.finish();
}

const HOST_IS_LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** The bytes of a column in the order of the wire. */
function littleEndian(column: Int32Array | Uint32Array): Uint8Array {
  const bytes = Buffer.from(column.buffer, column.byteOffset, column.byteLength);
  return HOST_IS_LITTLE_ENDIAN ? bytes : Buffer.from(bytes).swap32();
}
