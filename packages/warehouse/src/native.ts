/**
 * ClickHouse's Native format, the fastest to insert: one block of columns, each a name, a type and its values one
 * after the other, little-endian. Source: ClickHouse's `NativeWriter.cpp` at protocol revision 0, as over HTTP.
 */
export class NativeBlock {
  readonly rows: number;
  readonly #parts: Uint8Array[] = [];
  readonly #names: string[] = [];

  constructor(rows: number) {
    this.rows = rows;
  }

  get names(): readonly string[] {
    return this.#names;
  }

  /** A text per row; few different ones are expected, and each is encoded once. */
  text(name: string, valueOf: (row: number) => string): this {
    const known = new Map<string, Buffer>();
    const cells: Buffer[] = [];
    let bytes = 0;
    let last = '';
    let cell = encodeText(last);
    for (let row = 0; row < this.rows; row += 1) {
      const value = valueOf(row);
      if (value !== last) {
        cell = known.get(value) ?? encodeText(value);
        known.set(value, cell);
        last = value;
      }
      cells.push(cell);
      bytes += cell.length;
    }
    const data = new Uint8Array(bytes);
    let at = 0;
    for (const each of cells) {
      data.set(each, at);
      at += each.length;
    }
    return this.#column(name, 'String', data);
  }

  u8(name: string, valueOf: (row: number) => number): this {
    return this.#column(name, 'UInt8', fill(new Uint8Array(this.rows), valueOf));
  }

  u32(name: string, valueOf: (row: number) => number, type = 'UInt32'): this {
    return this.#column(name, type, bytesOf(fill(new Uint32Array(this.rows), valueOf)));
  }

  i32(name: string, values: Int32Array): this {
    return this.#column(name, 'Int32', bytesOf(values));
  }

  /** Whole numbers that a double holds exactly; others are refused. */
  i64(name: string, valueOf: (row: number) => number, type = 'Int64'): this {
    const halves = new Uint32Array(this.rows * 2);
    for (let row = 0; row < this.rows; row += 1) {
      const value = valueOf(row);
      if (!Number.isSafeInteger(value))
        throw new RangeError(`${name}: ${value} is not a whole number`);
      halves[row * 2] = value >>> 0;
      halves[row * 2 + 1] = Math.floor(value / 2 ** 32) >>> 0;
    }
    return this.#column(name, type, bytesOf(halves));
  }

  /** A time, µs since 1970. */
  timeUs(name: string, valueOf: (row: number) => number): this {
    return this.i64(name, valueOf, "DateTime64(6, 'UTC')");
  }

  /** A 64-bit number in two halves. */
  u64(name: string, highOf: (row: number) => number, lowOf: (row: number) => number): this {
    const halves = new Uint32Array(this.rows * 2);
    for (let row = 0; row < this.rows; row += 1) {
      halves[row * 2] = lowOf(row);
      halves[row * 2 + 1] = highOf(row);
    }
    return this.#column(name, 'UInt64', bytesOf(halves));
  }

  /** The block's bytes, in pieces. */
  encode(): Uint8Array[] {
    return [encodeVarUint(this.#names.length), encodeVarUint(this.rows), ...this.#parts];
  }

  #column(name: string, type: string, data: Uint8Array): this {
    this.#names.push(name);
    this.#parts.push(encodeText(name), encodeText(type), data);
    return this;
  }
}

function fill<T extends Uint8Array | Uint32Array>(array: T, valueOf: (row: number) => number): T {
  for (let row = 0; row < array.length; row += 1) array[row] = valueOf(row);
  return array;
}

/** Typed arrays are in the machine's order, which is little-endian wherever Node and chDB run. */
function bytesOf(values: Uint32Array | Int32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function encodeText(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([encodeVarUint(bytes.length), bytes]);
}

function encodeVarUint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}
