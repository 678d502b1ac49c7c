import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import * as zlib from 'node:zlib';
import type { Exception } from './exception.js';
import type { Ran } from './engine.js';
import { BREAK_OFF_MS, CLIENT_IDLE_MS, KEEP_ALIVE_TOLD_S } from './limits.js';
import type { Asked } from './request.js';

/** Headers that every answer has. */
export function commonHeaders(response: ServerResponse, queryId: string): void {
  response.setHeader('X-ClickHouse-Server-Display-Name', 'hitonami embedded');
  response.setHeader('X-ClickHouse-Timezone', 'UTC');
  // Told shorter than kept, so that it is always the client that closes an idle connection.
  if (response.shouldKeepAlive) response.setHeader('Keep-Alive', `timeout=${KEEP_ALIVE_TOLD_S}`);
  if (/^[\x20-\x7e]{1,200}$/.test(queryId)) response.setHeader('X-ClickHouse-Query-Id', queryId);
}

export function setSummary(
  response: ServerResponse,
  ran: Ran,
  written: boolean,
  body: number,
): void {
  const summary = {
    read_rows: String(ran.rowsRead),
    read_bytes: String(ran.bytesRead),
    written_rows: String(written ? ran.rowsRead : 0),
    written_bytes: String(written ? ran.bytesRead : 0),
    total_rows_to_read: '0',
    result_rows: String(written ? ran.rowsRead : 0),
    result_bytes: String(written ? body : 0),
    elapsed_ns: String(Math.round(ran.elapsedS * 1e9)),
  };
  response.setHeader('X-ClickHouse-Summary', JSON.stringify(summary));
}

/** Answers with an exception, in ClickHouse's form. Nothing may have been sent yet. */
export function sendException(response: ServerResponse, fault: Exception): void {
  response.statusCode = fault.status;
  response.setHeader('X-ClickHouse-Exception-Code', String(fault.code));
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  response.end(`${fault.message}\n`);
}

const TYPES: Readonly<Record<string, string>> = {
  json: 'application/json; charset=UTF-8',
  jsoncompact: 'application/json; charset=UTF-8',
  jsonstrings: 'application/json; charset=UTF-8',
  jsoneachrow: 'application/x-ndjson; charset=UTF-8',
  csv: 'text/csv; charset=UTF-8; header=absent',
  csvwithnames: 'text/csv; charset=UTF-8; header=present',
  tabseparated: 'text/tab-separated-values; charset=UTF-8',
  tsv: 'text/tab-separated-values; charset=UTF-8',
  pretty: 'text/plain; charset=UTF-8',
  prettycompact: 'text/plain; charset=UTF-8',
  native: 'application/octet-stream',
  rowbinary: 'application/octet-stream',
  parquet: 'application/octet-stream',
  arrowstream: 'application/octet-stream',
};

/** Sends a result as it comes out of the engine. */
export class ResultAnswer {
  readonly #response: ServerResponse;
  readonly #format: string;
  readonly #encoding: Asked['encoding'];
  readonly #tag = randomBytes(8).toString('hex');
  #out: Writable | undefined;
  #encoder: Encoder | undefined;

  constructor(response: ServerResponse, format: string, encoding: Asked['encoding']) {
    this.#response = response;
    this.#format = format;
    this.#encoding = encoding;
  }

  get hasBegun(): boolean {
    return this.#out !== undefined;
  }

  /**
   * Copies the whole stream, waiting for the client; a client that takes nothing for too long is cut off. The stream
   * is read to its end also when the client is gone: the engine would block on a pipe that nobody reads.
   */
  async copy(from: Readable): Promise<void> {
    for await (const part of from) {
      if (this.#response.destroyed) continue;
      const out = this.#begin();
      if (!out.write(part)) await this.#room(out);
    }
  }

  /** Ends a whole result. */
  end(): void {
    this.#begin().end();
  }

  /** Ends a result that broke off: with ClickHouse's mark for it, and a connection that closes before its end. */
  async breakOff(fault: Exception): Promise<void> {
    const text = `${fault.message}\n`;
    const mark = `\r\n__exception__\r\n${this.#tag}\r\n${text}${Buffer.byteLength(text)} ${this.#tag}\r\n__exception__\r\n`;
    const out = this.#begin();
    await new Promise((resolve) => out.write(mark, resolve));
    const encoder = this.#encoder;
    if (encoder !== undefined) await new Promise<void>((resolve) => encoder.flush(() => resolve()));
    // A moment for the client to take the mark in before it learns that the connection is gone.
    await setTimeout(BREAK_OFF_MS);
    this.#response.socket?.end();
  }

  #begin(): Writable {
    if (this.#out !== undefined) return this.#out;
    const response = this.#response;
    response.setHeader('X-ClickHouse-Format', this.#format);
    response.setHeader('X-ClickHouse-Exception-Tag', this.#tag);
    response.setHeader(
      'Content-Type',
      TYPES[this.#format.toLowerCase()] ?? 'text/plain; charset=UTF-8',
    );
    this.#out = response;
    if (this.#encoding !== undefined) {
      response.setHeader('Content-Encoding', this.#encoding);
      const encoder = encoderOf(this.#encoding);
      encoder.pipe(response);
      response.once('close', () => encoder.destroy());
      this.#encoder = encoder;
      this.#out = encoder;
    }
    return this.#out;
  }

  async #room(out: Writable): Promise<void> {
    const abort = new AbortController();
    const gone = (): void => abort.abort();
    const patience = globalThis.setTimeout(() => this.#response.destroy(), CLIENT_IDLE_MS);
    this.#response.once('close', gone);
    try {
      await once(out, 'drain', { signal: abort.signal });
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    } finally {
      clearTimeout(patience);
      this.#response.off('close', gone);
    }
  }
}

type Encoder = zlib.Gzip | zlib.BrotliCompress | zlib.Deflate;

function encoderOf(encoding: 'gzip' | 'br' | 'deflate'): Encoder {
  if (encoding === 'gzip') return zlib.createGzip({ level: 1 });
  if (encoding === 'deflate') return zlib.createDeflate({ level: 1 });
  return zlib.createBrotliCompress({ params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } });
}
