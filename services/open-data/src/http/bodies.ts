import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasTag, tagFor } from './conditions.js';
import { encodingFor, type Encoding } from './encodings.js';
import { pack, type Packing } from './packing.js';

/** Smaller bodies gain nothing from being packed, bytes. */
const PACK_FROM_BYTES = 860;
/** Something that is made once and answered many times, with its packed forms as they are asked for. */
export class Body {
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly #packed = new Map<Packing, Promise<Buffer>>();
  #packedBytes = 0;

  constructor(text: string | Buffer, type: string, headers: Readonly<Record<string, string>> = {}) {
    this.bytes = typeof text === 'string' ? Buffer.from(text) : text;
    this.sha256 = createHash('sha256').update(this.bytes).digest('hex');
    this.type = type;
    this.headers = headers;
  }

  /** What it takes in memory, about. */
  get size(): number {
    return this.bytes.byteLength + this.#packedBytes;
  }

  packed(encoding: Encoding): Buffer | Promise<Buffer> {
    if (encoding === 'identity') return this.bytes;
    const known = this.#packed.get(encoding);
    if (known !== undefined) return known;
    const made = pack[encoding](this.bytes).then((bytes) => {
      this.#packedBytes += bytes.byteLength;
      return bytes;
    });
    this.#packed.set(encoding, made);
    return made;
  }
}

/** Answers GET and HEAD with a body: its tag, what the other side can unpack, and 304 where it has it already. */
export async function sendBody(
  request: FastifyRequest,
  reply: FastifyReply,
  body: Body,
  cacheControl: string,
): Promise<FastifyReply> {
  const encoding =
    body.bytes.byteLength < PACK_FROM_BYTES
      ? 'identity'
      : encodingFor(request.headers['accept-encoding']);
  void reply
    .type(body.type)
    .headers(body.headers)
    .header('cache-control', cacheControl)
    .header('etag', tagFor(body.sha256, encoding))
    .header('vary', 'accept-encoding, accept');
  if (hasTag(request.headers['if-none-match'], body.sha256)) return reply.code(304).send();
  if (encoding !== 'identity') void reply.header('content-encoding', encoding);
  return reply.send(await body.packed(encoding));
}
