/** Looks for a canary in everything that was written or sent, and keeps account of where it looked. */
import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { greysOf, picturesOf, type Greys } from './carving.js';
import { decodings } from './decodings.js';
import { TraceFinder, type Form } from './finder.js';
import { formsOnTheWay, type Canary } from './picture.js';

/** Bytes looked at together; what lies on a seam is looked at twice. */
const CHUNK_BYTES = 32 * 1024 * 1024;
const SEAM_BYTES = 1024 * 1024;
/** As in a gzipped file of base64 lines of JSON. */
const DEPTH_MAX = 3;

export interface Find {
  readonly place: string;
  readonly what: string;
}

export interface Account {
  readonly place: string;
  bytes: number;
  /** Files, answers, streams, tables. */
  things: number;
}

export class LeakSearch {
  readonly #finder: TraceFinder;
  readonly #greys: Greys;
  #accounts = new Map<string, Account>();
  #finds: Find[] = [];

  private constructor(finder: TraceFinder, greys: Greys) {
    this.#finder = finder;
    this.#greys = greys;
  }

  static async of(canary: Canary, more: readonly Form[] = []): Promise<LeakSearch> {
    const forms = [
      ...(await formsOnTheWay(canary)).map(({ name, bytes }) => ({ name, bytes })),
      ...(await formsElsewhere(canary)),
      ...more,
    ];
    return new LeakSearch(new TraceFinder(forms), await greysOf(sharp(canary.jpeg)));
  }

  get finds(): readonly Find[] {
    return this.#finds;
  }

  /** Forgets what was looked at and found, but not what is sought. */
  startAnew(): void {
    this.#accounts = new Map();
    this.#finds = [];
  }

  get accounts(): readonly Account[] {
    return [...this.#accounts.values()];
  }

  /** One thing that was written or sent, all of it. */
  async look(place: string, name: string, bytes: Buffer): Promise<void> {
    this.#account(place).things++;
    for (let at = 0; at === 0 || at < bytes.length; at += CHUNK_BYTES)
      await this.#lookAt(place, name, bytes.subarray(at, at + CHUNK_BYTES + SEAM_BYTES));
    this.#account(place).bytes += bytes.length;
  }

  /** Every file in a folder and below it, and their names. */
  async lookInFolder(place: string, folder: string): Promise<void> {
    this.#account(place);
    for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, entry);
      // Sockets and the like hold nothing; a link's target is looked at where it lies.
      if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) continue;
      await this.look(place, entry, wholeFile(path));
    }
  }

  #account(place: string): Account {
    let account = this.#accounts.get(place);
    if (account === undefined) {
      account = { place, bytes: 0, things: 0 };
      this.#accounts.set(place, account);
    }
    return account;
  }

  async #lookAt(place: string, name: string, bytes: Buffer): Promise<void> {
    const seen = new Set<string>();
    const inside = async (part: Buffer, how: string, depth: number): Promise<void> => {
      const traces = this.#finder.find(part, 5);
      for (const trace of traces)
        this.#finds.push({ place, what: `${name}: ${how}${trace.form}, ${trace.length} bytes` });
      for (const picture of await picturesOf(this.#greys, part))
        this.#finds.push({ place, what: `${name}: ${how}a ${picture} that shows it` });
      if (depth === 0) return;
      for (const decoded of decodings(part)) {
        const key = createHash('sha1').update(decoded.bytes).digest('base64');
        if (seen.has(key)) continue;
        seen.add(key);
        await inside(decoded.bytes, `${how}${decoded.how} of `, depth - 1);
      }
    };
    await inside(bytes, '', DEPTH_MAX);
  }
}

/** Without the holes of a sparse file, which read as zeros and take long. */
function wholeFile(path: string): Buffer {
  const { size, blocks } = lstatSync(path);
  const file = openSync(path, 'r');
  try {
    // A database file that reserves room ahead of what it holds: its end is zeros.
    const bytes = Buffer.alloc(Math.min(size, Math.max(blocks * 512 * 4, 64 * 1024 * 1024)));
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, length, bytes.length - length, length);
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

const SIDES = [16, 24, 32, 48, 64, 96, 128, 160, 224, 256, 320] as const;
const KERNELS = ['nearest', 'linear', 'cubic', 'lanczos3'] as const;

/** Forms that nothing makes on the way, and somebody might: small ones, in colour and in greys, without any header. */
async function formsElsewhere({ jpeg, rgb }: Canary): Promise<Form[]> {
  const forms: Form[] = [
    { name: 'greys', bytes: await sharp(jpeg).greyscale().raw().toBuffer() },
    { name: 'BGR', bytes: reversed(rgb) },
  ];
  for (const side of SIDES) {
    for (const kernel of KERNELS) {
      for (const height of side % 4 === 0 ? [side, (side * 3) / 4] : [side]) {
        const small = sharp(jpeg).resize(side, height, { fit: 'fill', kernel });
        const name = `${side} × ${height} (${kernel})`;
        forms.push({ name, bytes: await small.clone().raw().toBuffer() });
        const greys = await small.greyscale().extractChannel(0).raw().toBuffer();
        forms.push({ name: `${name}, greys`, bytes: greys });
      }
    }
  }
  return forms;
}

function reversed(rgb: Buffer): Buffer {
  return Buffer.from(rgb.map((_, i) => rgb[i - (i % 3) + 2 - (i % 3)] ?? 0));
}
