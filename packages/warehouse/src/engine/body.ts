import { open, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { doorException, Exception } from './exception.js';
import { BODY_BYTES_MAX, DRAIN_BYTES_MAX, SQL_BYTES_MAX } from './limits.js';
import type { Spool } from './spool.js';

/** A body at rest in the spool. `remove` must always be called. */
export interface SpooledBody {
  path: string;
  bytes: number;
  remove(): Promise<void>;
}

/** The request's body, decompressed. Faults of the compression come as ClickHouse's ZLIB_INFLATE_FAILED. */
export function plainBody(request: IncomingMessage): AsyncIterable<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity' || encoding === '') return request;
  const decoder = decoderOf(encoding);
  request.on('error', (error) => decoder.destroy(error));
  request.pipe(decoder);
  return inflated(decoder, encoding);
}

function decoderOf(encoding: string): zlib.Gunzip | zlib.Inflate | zlib.BrotliDecompress {
  if (encoding === 'gzip' || encoding === 'x-gzip') return zlib.createGunzip();
  if (encoding === 'deflate') return zlib.createInflate();
  if (encoding === 'br') return zlib.createBrotliDecompress();
  throw doorException(
    48,
    `Content-Encoding ${encoding} is not supported: send gzip, deflate or br`,
  );
}

async function* inflated(decoder: Readable, encoding: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of decoder) yield chunk as Buffer;
  } catch (error) {
    if (error instanceof Error && 'errno' in error && typeof error.errno === 'number') {
      throw doorException(354, `The body is not ${encoding}: ${error.message}`);
    }
    throw error;
  }
}

/** Reads a body that is SQL text. */
export async function readSql(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body) {
    bytes += part.length;
    if (bytes > SQL_BYTES_MAX) {
      throw doorException(
        307,
        `A body with its SQL inside may have ${SQL_BYTES_MAX} bytes: put the INSERT into the URL and the data alone into the body`,
      );
    }
    parts.push(part);
  }
  return Buffer.concat(parts, bytes);
}

/** Puts `first` and then the body into the spool, within the bounds; leaves nothing behind where it fails. */
export async function spoolBody(
  spool: Spool,
  first: Uint8Array,
  body: AsyncIterable<Buffer>,
): Promise<SpooledBody> {
  const path = spool.nextPath();
  let bytes = 0;
  const remove = async (): Promise<void> => {
    await rm(path, { force: true });
    spool.release(bytes);
    bytes = 0;
  };
  const file = await open(path, 'wx', 0o600);
  try {
    const take = async (part: Uint8Array): Promise<void> => {
      if (bytes + part.length > BODY_BYTES_MAX) {
        throw doorException(
          307,
          `One insert may have ${BODY_BYTES_MAX} bytes: send smaller batches`,
        );
      }
      spool.reserve(part.length);
      bytes += part.length;
      await file.writev([part]);
    };
    if (first.length > 0) await take(first);
    for await (const part of body) await take(part);
    return { path, bytes, remove };
  } catch (error) {
    await remove();
    throw asSpoolFault(error);
  } finally {
    await file.close();
  }
}

function asSpoolFault(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC') return doorException(202, 'No room for the body in memory; try again');
  if (error instanceof Exception) return error;
  return error;
}

/**
 * Reads what is left of a refused body and throws it away, so that the client gets to read the answer instead of
 * a reset connection. False where there is too much of it: then the connection has to go.
 */
export async function drain(request: IncomingMessage): Promise<boolean> {
  if (request.complete) return true;
  if (request.destroyed) return false;
  let bytes = 0;
  return new Promise((resolve) => {
    request.unpipe();
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > DRAIN_BYTES_MAX) resolve(false);
    });
    request.once('end', () => resolve(true));
    request.once('close', () => resolve(request.complete));
    request.resume();
  });
}
