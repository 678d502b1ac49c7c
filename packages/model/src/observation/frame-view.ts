import { KIND_MAX } from '../kind.js';
import { LENGTH, malformed, WireReader } from './wire.js';

/** What the camera could say about a frame; the values of `FrameState` in the contract. */
export const FrameState = { seen: 1, empty: 2, blind: 3 } as const;

export const POSITION_FRAME_VERSION = 1;

/** Most people and objects in one frame; a larger one is malformed. */
export const PEOPLE_PER_FRAME_MAX = 10_000;

/** Longest nominal time between two frames, µs; a frame holds for two of them. */
export const PERIOD_US_MAX = 5_000_000;

const UINT32_MAX = 0xffff_ffff;

/** Most floors that one frame may name. */
const FLOORS_PER_FRAME_MAX = 16;

/**
 * One position frame, read where it lies: the header is parsed, the columns are offsets into the message.
 *
 * The columns are raw little-endian bytes, so `view.getInt32(frame.xAt + 4 * i, true)` is the x of person `i` in
 * millimetres. Ragged, truncated or unpacked columns are refused at construction, so readers need no checks.
 */
export class PositionFrameView {
  site = '';
  camera = '';
  sessionHi = 0;
  sessionLo = 0;
  sequence = 0;
  capturedUs = 0;
  receivedUs = 0;
  planVersion = 0;
  periodUs = 0;
  state = 0;
  saturationPermille = 0;
  renewed = 0;
  floors: readonly string[] = [];
  /** Entries in every column. */
  count = 0;
  readonly view: DataView;
  trackAt = 0;
  xAt = 0;
  yAt = 0;
  vxAt = 0;
  vyAt = 0;
  floorAt = 0;
  confidenceAt = 0;
  kindAt = 0;

  /**
   * @param bytes the message that holds the frame
   * @param start where the frame begins in it
   * @param end where it ends
   * @throws HitonamiError `INPUT` for anything that is not a whole frame of this version
   */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.view = viewOf(bytes);
    const base = bytes.byteOffset;
    const reader = new WireReader(bytes, start, end);
    let version = 0;
    let floors: string[] | undefined;
    let tracks = 0;
    let xs = 0;
    let ys = 0;
    let vxs = 0;
    let vys = 0;
    let floorBytes = 0;
    let confidences = 0;
    let kinds = 0;
    while (reader.at < end) {
      const tag = reader.varint();
      switch (tag) {
        case 0x08:
          version = reader.varint();
          break;
        case 0x12:
          this.site = readText(reader);
          break;
        case 0x1a:
          this.camera = readText(reader);
          break;
        case 0x21:
          this.sessionLo = reader.u32();
          this.sessionHi = reader.u32();
          break;
        case 0x28:
          this.sequence = reader.varint();
          break;
        case 0x30:
          this.capturedUs = reader.varint();
          break;
        case 0x38:
          this.receivedUs = reader.varint();
          break;
        case 0x40:
          this.planVersion = reader.varint();
          break;
        case 0x48:
          this.periodUs = reader.varint();
          break;
        case 0x50:
          this.state = reader.varint();
          break;
        case 0x58:
          this.saturationPermille = reader.varint();
          break;
        case 0x60:
          this.renewed = reader.varint();
          break;
        case 0x6a:
          (floors ??= []).push(readText(reader));
          break;
        default: {
          const field = tag >>> 3;
          const wireType = tag & 7;
          if (field < 16 || field > 23) {
            reader.skip(wireType);
            break;
          }
          if (wireType !== LENGTH) throw malformed(`column ${field} is not packed`);
          const length = reader.length();
          const at = base + reader.at;
          reader.at += length;
          if (field === 16) [this.trackAt, tracks] = [at, length];
          else if (field === 17) [this.xAt, xs] = [at, length];
          else if (field === 18) [this.yAt, ys] = [at, length];
          else if (field === 19) [this.vxAt, vxs] = [at, length];
          else if (field === 20) [this.vyAt, vys] = [at, length];
          else if (field === 21) [this.floorAt, floorBytes] = [at, length];
          else if (field === 22) [this.confidenceAt, confidences] = [at, length];
          else [this.kindAt, kinds] = [at, length];
        }
      }
    }
    if (version !== POSITION_FRAME_VERSION)
      throw malformed(`version ${version} is not known; this reads 1`);
    const count = kinds;
    if (
      tracks !== count * 8 ||
      xs !== count * 4 ||
      ys !== count * 4 ||
      vxs !== count * 4 ||
      vys !== count * 4 ||
      floorBytes !== count ||
      confidences !== count
    ) {
      throw malformed('its columns differ in length');
    }
    if (count > PEOPLE_PER_FRAME_MAX) throw malformed(`over ${PEOPLE_PER_FRAME_MAX} entries`);
    this.count = count;
    if (floors) this.floors = floors;
    this.check();
  }

  private check(): void {
    if (this.site === '' || this.camera === '') throw malformed('site or camera is missing');
    if (this.capturedUs === 0 || this.periodUs === 0)
      throw malformed('capture time or period is missing');
    if (this.periodUs > PERIOD_US_MAX) throw malformed(`the period is over ${PERIOD_US_MAX} µs`);
    if (this.saturationPermille > 1_000) throw malformed('the saturation is over 1,000 permille');
    if (this.planVersion > UINT32_MAX || this.renewed > this.count) {
      throw malformed('plan version or renewed tracks are out of range');
    }
    if (this.state < 1 || this.state > 3) throw malformed(`state ${this.state} is not known`);
    if (this.state !== FrameState.seen && this.count > 0)
      throw malformed('an empty or blind frame has entries');
    if (this.floors.length > FLOORS_PER_FRAME_MAX)
      throw malformed(`over ${FLOORS_PER_FRAME_MAX} floors`);
    const { view, floorAt, kindAt, count } = this;
    const floors = this.floors.length;
    for (let i = 0; i < count; i++) {
      if (view.getUint8(floorAt + i) >= floors)
        throw malformed('an entry has a floor that is not named');
      if (view.getUint8(kindAt + i) > KIND_MAX) throw malformed('an entry has an unknown kind');
    }
  }
}

let lastBuffer: ArrayBufferLike | undefined;
let lastView: DataView | undefined;

/** Messages fetched together share one buffer, so the newest view nearly always serves the next message. */
function viewOf(bytes: Uint8Array): DataView {
  if (bytes.buffer !== lastBuffer || lastView === undefined) {
    lastBuffer = bytes.buffer;
    lastView = new DataView(bytes.buffer);
  }
  return lastView;
}

const INTERNED_MAX = 4_096;
const interned = new Map<number, string>();

/**
 * Ids repeat in every message; a string already made is found by a hash of its bytes and checked letter by letter,
 * which is several times faster than decoding. Only ASCII is kept, as ids are.
 */
export function readText(reader: WireReader): string {
  const length = reader.length();
  const { bytes, at } = reader;
  reader.at = at + length;
  let hash = length;
  for (let i = at; i < at + length; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
  const known = interned.get(hash);
  if (known?.length === length) {
    let same = true;
    for (let i = 0; i < length && same; i++) same = known.charCodeAt(i) === bytes[at + i];
    if (same) return known;
  }
  const fresh = Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('utf8');
  if (interned.size >= INTERNED_MAX) interned.clear();
  if (fresh.length === length) interned.set(hash, fresh);
  return fresh;
}
