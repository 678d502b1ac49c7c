import { HitonamiError } from '@hitonami/model';

const MARK = 0xff;
const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const FIRST_BUFFER_BYTES = 64 * 1_024;

/**
 * Cuts a stream of JPEG pictures, one after the other, into pictures. It follows the segments (ITU-T T.81, Annex B), so
 * that a thumbnail inside a picture's header does not end it. Holds one picture, and never more than the limit.
 */
export class JpegSplitter {
  readonly #maxBytes: number;
  #buffer: Buffer;
  #length = 0;
  /** Where the next thing to look at begins; beyond `#length` where a segment is still to come. */
  #at = 0;
  #state: 'start' | 'segments' | 'scan' = 'start';

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#buffer = Buffer.alloc(Math.min(FIRST_BUFFER_BYTES, maxBytes));
  }

  /** Bytes of a picture that is not whole yet. */
  get pendingBytes(): number {
    return this.#length;
  }

  /**
   * Takes the next bytes of the stream and gives the pictures that they complete.
   *
   * @throws HitonamiError `INPUT` where a picture is above the limit or the bytes are not JPEG
   */
  push(chunk: Uint8Array): Buffer[] {
    const pictures: Buffer[] = [];
    let taken = 0;
    while (taken < chunk.length) {
      const room = this.#makeRoom(chunk.length - taken);
      this.#buffer.set(chunk.subarray(taken, taken + room), this.#length);
      this.#length += room;
      taken += room;
      for (let end = this.#findEnd(); end !== undefined; end = this.#findEnd()) {
        pictures.push(this.#cut(end));
      }
    }
    return pictures;
  }

  /** Overwrites what is held. */
  wipe(): void {
    this.#buffer.fill(0);
    this.#length = 0;
  }

  #makeRoom(wanted: number): number {
    if (this.#length === this.#maxBytes) {
      throw new HitonamiError(
        'INPUT',
        `a picture of the source has more than ${this.#maxBytes} bytes; lower its quality or width, or raise frameBytesMax`,
      );
    }
    const needed = Math.min(this.#length + wanted, this.#maxBytes);
    if (needed > this.#buffer.length) {
      const larger = Buffer.alloc(
        Math.min(this.#maxBytes, Math.max(needed, 2 * this.#buffer.length)),
      );
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer.fill(0);
      this.#buffer = larger;
    }
    return Math.min(wanted, this.#buffer.length - this.#length);
  }

  #cut(end: number): Buffer {
    const picture = Buffer.from(this.#buffer.subarray(0, end));
    this.#buffer.copy(this.#buffer, 0, end, this.#length);
    // What moved to the front is still at its old place too.
    this.#buffer.fill(0, this.#length - end, this.#length);
    this.#length -= end;
    this.#at = 0;
    this.#state = 'start';
    return picture;
  }

  /** Looks at what has come; gives where the picture ends once that is known. */
  #findEnd(): number | undefined {
    for (;;) {
      if (this.#state === 'scan' && !this.#skipScan()) return undefined;
      if (this.#at + 1 >= this.#length) return undefined;
      const code = this.#buffer[this.#at + 1] as number;
      if (this.#buffer[this.#at] !== MARK) throw notJpeg(this.#at);
      if (this.#state === 'start') {
        if (code !== START_OF_IMAGE) throw notJpeg(this.#at);
        this.#state = 'segments';
        this.#at += 2;
      } else if (code === END_OF_IMAGE) {
        return this.#at + 2;
      } else if (code === MARK) {
        this.#at += 1;
      } else if (isAlone(code)) {
        this.#at += 2;
      } else if (code === START_OF_IMAGE || code === 0) {
        throw notJpeg(this.#at);
      } else {
        if (this.#at + 3 >= this.#length) return undefined;
        const length = this.#buffer.readUInt16BE(this.#at + 2);
        if (length < 2) throw notJpeg(this.#at);
        this.#at += 2 + length;
        if (code === START_OF_SCAN) this.#state = 'scan';
      }
    }
  }

  /** Passes over entropy-coded bytes to the next marker that is not among them; false where it has not come. */
  #skipScan(): boolean {
    while (this.#at < this.#length) {
      const mark = this.#buffer.indexOf(MARK, this.#at);
      if (mark === -1 || mark >= this.#length) {
        this.#at = this.#length;
        return false;
      }
      this.#at = mark;
      if (mark + 1 >= this.#length) return false;
      const code = this.#buffer[mark + 1] as number;
      if (code === 0 || isAlone(code)) this.#at += 2;
      else if (code === MARK) this.#at += 1;
      else {
        this.#state = 'segments';
        return true;
      }
    }
    return false;
  }
}

/** Markers without a segment: TEM and the restart markers. */
function isAlone(code: number): boolean {
  return code === 0x01 || (code >= 0xd0 && code <= 0xd7);
}

function notJpeg(at: number): HitonamiError {
  return new HitonamiError('INPUT', `the source's pictures are not JPEG (byte ${at} of a picture)`);
}
