import { open, type FileHandle } from 'node:fs/promises';
import { finished } from 'node:stream';
import type { Readable } from 'node:stream';
import type { ReleaseFile } from '@hitonami/model';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasTag, tagFor } from '../http/conditions.js';
import { encodingFor, type Encoding } from '../http/encodings.js';
import { Fault } from '../http/faults.js';
import { packer, type Packing } from '../http/packing.js';
import { PACK_WHOLE_BYTES_MAX, PackedFiles } from './packed-files.js';
import { whenOver } from './over.js';
import { rangeOf } from './ranges.js';

/** Large files that are packed while they travel, at once; to others they go as they are. */
const PACKING_MAX = 4;
/** Files that are under way at once; more are told to come later. */
const SENDING_MAX = 500;
/** Smaller files gain nothing from being packed, bytes. */
const PACK_FROM_BYTES = 860;
/** When to try again where too much is under way, s. */
const RETRY_S = 10;
/** Read at once, bytes. */
const CHUNK_BYTES = 256 * 1024;

const PACKABLE =
  /^(text\/|application\/(json|geo\+json|ld\+json|x-ndjson|jsonl|schema\+json))|\+json/;

export interface SentOptions {
  readonly file: ReleaseFile;
  readonly path: string;
  readonly cacheControl: string;
  /** Whether it may be kept packed for others who come; what is counted as it travels is not. */
  readonly isForAll: boolean;
}

/** Counts what travels of a body, bytes. */
export interface Tally {
  bytes: number;
}

/** Sends files: whole or a part, as they are or packed, or not at all where the other side has them. */
export class FileSender {
  readonly #packed = new PackedFiles();
  #packing = 0;
  #sending = 0;
  readonly #onSending: (count: number) => void;

  /** @param onSending told how many files are under way, whenever that changes */
  constructor(onSending: (count: number) => void) {
    this.#onSending = onSending;
  }

  /**
   * Answers GET and HEAD.
   *
   * @throws Fault `failed` where the file is not as its manifest says
   */
  async send(
    request: FastifyRequest,
    reply: FastifyReply,
    { file, path, cacheControl, isForAll }: SentOptions,
    tally: Tally,
  ): Promise<FastifyReply> {
    const { range: rangeHeader, 'if-none-match': ifNone, 'if-range': ifRange } = request.headers;
    void reply.header('cache-control', cacheControl).header('vary', 'accept-encoding');
    const whole = tagFor(file.sha256, 'identity');
    if (hasTag(ifNone, file.sha256)) return reply.code(304).header('etag', whole).send();
    const asked =
      ifRange === undefined || ifRange === whole ? rangeOf(rangeHeader, file.bytes) : 'whole';
    if (asked === 'unsatisfiable')
      return reply.code(416).header('content-range', `bytes */${file.bytes}`).send();
    const encoding =
      asked === 'whole' && rangeHeader === undefined
        ? this.#encodingFor(request, file)
        : 'identity';
    const isPackedOnce = encoding !== 'identity' && isForAll && file.bytes <= PACK_WHOLE_BYTES_MAX;
    const isStreamed = request.method !== 'HEAD' && file.bytes > 0 && !isPackedOnce;
    let sent: readonly Readable[] = [];
    if (isStreamed) {
      // Before anything is waited for: of many who come at once no more get in.
      if (this.#sending >= SENDING_MAX) throw new Fault('failed', RETRY_S);
      this.#count(1);
      // Whoever goes away half-way leaves nothing open.
      whenOver(request, reply, () => {
        this.#count(-1);
        for (const stream of sent) stream.destroy();
      });
    }
    const handle = await openWhole(path, file);
    const { first, last } = asked === 'whole' ? { first: 0, last: file.bytes - 1 } : asked;
    void reply
      .type(file.mediaType)
      .header('accept-ranges', 'bytes')
      .header('etag', tagFor(file.sha256, encoding))
      .header(
        'content-disposition',
        `attachment; filename="${file.name.replaceAll(/[^\w.-]/g, '_')}"`,
      );
    if (encoding === 'identity') void reply.header('content-length', last - first + 1);
    else void reply.header('content-encoding', encoding);
    if (asked !== 'whole')
      void reply.code(206).header('content-range', `bytes ${first}-${last}/${file.bytes}`);
    if (request.method === 'HEAD' || file.bytes === 0) {
      await handle.close();
      return reply.send();
    }
    if (encoding !== 'identity' && isPackedOnce) {
      await handle.close();
      return reply.send(await this.#packed.of(path, file, encoding));
    }
    const raw = handle.createReadStream({ start: first, end: last, highWaterMark: CHUNK_BYTES });
    const stream = encoding === 'identity' ? raw : this.#packedOnTheWay(raw, encoding);
    sent = [raw, stream];
    // Gone while the file was opened.
    if (request.raw.socket.destroyed) raw.destroy();
    stream.on('data', (chunk: Buffer) => (tally.bytes += chunk.byteLength)).pause();
    return reply.send(stream);
  }

  #count(change: 1 | -1): void {
    this.#sending += change;
    this.#onSending(this.#sending);
  }

  #encodingFor({ headers, method }: FastifyRequest, { mediaType, bytes }: ReleaseFile): Encoding {
    if (bytes < PACK_FROM_BYTES || !PACKABLE.test(mediaType)) return 'identity';
    if (method !== 'HEAD' && this.#packing >= PACKING_MAX) return 'identity';
    return encodingFor(headers['accept-encoding']);
  }

  #packedOnTheWay(raw: Readable, encoding: Packing): Readable {
    this.#packing += 1;
    const packing = packer[encoding]();
    finished(packing, () => {
      this.#packing -= 1;
      raw.destroy();
    });
    raw.once('error', (error) => packing.destroy(error));
    return raw.pipe(packing);
  }
}

/** A file that is as long as its manifest says: another one is not sent under its checksum. */
async function openWhole(path: string, { bytes }: ReleaseFile): Promise<FileHandle> {
  const handle = await open(path).catch((cause: unknown) => {
    throw new Error(`a file of a release cannot be opened: ${path}`, { cause });
  });
  const { size } = await handle.stat();
  if (size === bytes) return handle;
  await handle.close();
  throw new Fault('failed');
}
