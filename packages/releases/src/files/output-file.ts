import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { diskFault } from './faults.js';

/** Text is gathered up to this before it goes to the disk, characters. */
const GATHERED_MAX = 256 * 1024;

export interface WrittenFile {
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** A file that is written once, from its beginning to its end, and hashed on the way. */
export class OutputFile {
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  #gathered = '';
  #bytes = 0;
  #isOpen = true;
  #writing: Promise<void> = Promise.resolve();

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async create(path: string): Promise<OutputFile> {
    return new OutputFile(await open(path, 'wx', 0o644));
  }

  /** Resolves when there is room for more. */
  async text(text: string): Promise<void> {
    this.#gathered += text;
    if (this.#gathered.length >= GATHERED_MAX) await this.#flush();
  }

  /** The bytes are its own from then on. */
  async bytes(bytes: Uint8Array): Promise<void> {
    await this.#flush();
    await this.#put(bytes);
  }

  /** Syncs and closes it, for reading alone from then on. */
  async finish(): Promise<WrittenFile> {
    try {
      await this.#flush();
      await this.#writing;
      await this.#handle.chmod(0o444);
      await this.#handle.sync();
    } catch (error) {
      throw diskFault('finishing a file of a release', error);
    } finally {
      await this.close();
    }
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  /** Lets go of it as it is; again does nothing. */
  async close(): Promise<void> {
    this.#gathered = '';
    if (this.#isOpen) {
      this.#isOpen = false;
      await this.#writing.catch(() => undefined);
      await this.#handle.close();
    }
  }

  async #flush(): Promise<void> {
    if (this.#gathered === '') return;
    const bytes = Buffer.from(this.#gathered, 'utf8');
    this.#gathered = '';
    await this.#put(bytes);
  }

  /** One write is under way while the next bytes are made; its failure comes with the next call. */
  async #put(bytes: Uint8Array): Promise<void> {
    await this.#writing;
    this.#writing = this.#write(bytes);
    this.#writing.catch(() => undefined);
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      // A write may take less than it was given.
      for (let at = 0; at < bytes.length;) {
        const { bytesWritten } = await this.#handle.write(bytes, at, bytes.length - at);
        at += bytesWritten;
      }
    } catch (error) {
      throw diskFault('writing a file of a release', error);
    }
  }
}
