import { promisify } from 'node:util';
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib';
import type { Transform } from 'node:stream';
import type { Encoding } from './encodings.js';

export type Packing = Exclude<Encoding, 'identity'>;

/** Of Brotli, 0 to 11, and gzip, 1 to 9: about as fast as each other. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const GZIP = { level: 5 };

const asGzip = promisify<Buffer, typeof GZIP, Buffer>(gzip);
const asBrotli = promisify<Buffer, typeof BROTLI, Buffer>(brotliCompress);

/** Packs at once, beside the thread that answers. */
export const pack: Readonly<Record<Packing, (bytes: Buffer) => Promise<Buffer>>> = {
  gzip: (bytes) => asGzip(bytes, GZIP),
  br: (bytes) => asBrotli(bytes, BROTLI),
};

/** Packs what passes through. */
export const packer: Readonly<Record<Packing, () => Transform>> = {
  gzip: () => createGzip(GZIP),
  br: () => createBrotliCompress(BROTLI),
};
