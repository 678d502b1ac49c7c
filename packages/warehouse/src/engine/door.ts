import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { commonHeaders, ResultAnswer, sendException, setSummary } from './answer.js';
import { drain, plainBody, readSql, spoolBody } from './body.js';
import { type Engine, quoteText, type Scope } from './engine.js';
import { doorException, engineException, Exception } from './exception.js';
import { Lanes } from './lanes.js';
import * as limits from './limits.js';
import { openResultPipe } from './pipe.js';
import { type Asked, header, readAsked, strangeOrigin } from './request.js';
import type { Spool } from './spool.js';
import { readStatement, type Statement } from './sql.js';

type Insert = Extract<Statement, { kind: 'insert' }>;
type Read = Extract<Statement, { kind: 'read' }>;

const NOTHING = new Uint8Array(0);

export interface DoorOptions {
  engine: Engine;
  spool: Spool;
  /** Told by `/ping`, so that a stale address file is not taken for a living engine. */
  instance: string;
  /** Asked of every client where it is not ''. */
  password: string;
}

/** The HTTP interface of ClickHouse in front of the embedded engine. */
export class Door {
  readonly server: Server;
  readonly #options: DoorOptions;
  readonly #reads = new Lanes(limits.READ_LANES, limits.QUEUE_MAX);
  readonly #writes = new Lanes(1, limits.QUEUE_MAX);
  readonly #running = new Map<string, Promise<void>>();
  #count = 0;
  #isClosing = false;

  constructor(options: DoorOptions) {
    this.#options = options;
    this.server = createServer({ keepAliveTimeout: limits.KEEP_ALIVE_MS }, (request, response) => {
      this.#count += 1;
      const id = `hitonami-${this.#count}`;
      const done = this.#serve(id, request, response).finally(() => this.#running.delete(id));
      this.#running.set(id, done);
    });
    this.server.requestTimeout = 0;
    this.server.maxConnections = limits.CONNECTIONS_MAX;
    this.server.timeout = 0;
  }

  /** Lets nobody in any more, lets those inside end for a while, then cancels them. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.server.close();
    this.server.closeIdleConnections();
    if (await settled(this.#running.values(), limits.STOP_GRACE_MS)) return;
    await Promise.all([...this.#running.keys()].map((id) => this.#options.engine.cancel(id)));
    await settled(this.#running.values(), limits.STOP_GRACE_MS);
    this.server.closeAllConnections();
  }

  async #serve(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.socket.setTimeout(0);
    try {
      await this.#route(id, request, response);
    } catch (error) {
      const fault = engineException(error);
      if (response.headersSent || response.destroyed) {
        response.destroy();
        return;
      }
      // Before the answer, for a client that is still sending would not read it.
      if (!(await drain(request))) response.shouldKeepAlive = false;
      sendException(response, fault);
    }
  }

  async #route(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const strange = strangeOrigin(request);
    if (strange !== undefined) {
      throw doorException(
        516,
        `Requests of the ${strange} are not served: this door is for this machine alone`,
      );
    }
    if (this.#isClosing) throw doorException(202, 'The engine is stopping; try again later', 503);
    if (url.pathname === '/ping') {
      commonHeaders(response, '');
      response.setHeader('X-Hitonami-Instance', this.#options.instance);
      response.end('Ok.\n');
      return;
    }
    if (url.pathname !== '/' && url.pathname !== '/query') {
      request.resume();
      response.statusCode = 404;
      response.end(`There is no handle ${url.pathname.slice(0, 200)}; use / or /ping\n`);
      return;
    }
    if (!['GET', 'HEAD', 'POST'].includes(request.method ?? '')) {
      throw doorException(48, `Method ${request.method ?? ''} is not supported: use GET or POST`);
    }
    if (!isAllowed(request, url, this.#options.password)) {
      throw doorException(516, 'Authentication failed: the password is wrong or missing');
    }
    const asked = readAsked(request, url);
    commonHeaders(response, asked.queryId);
    if (url.pathname === '/' && asked.sql === '' && request.method !== 'POST') {
      response.end('Ok.\n');
      return;
    }
    await this.#statement(id, asked, request, response);
  }

  async #statement(
    id: string,
    asked: Asked,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    // Only while the body comes: a query may run for long without a byte on the wire.
    request.setTimeout(limits.CLIENT_IDLE_MS, () => request.destroy());
    request.once('end', () => request.socket.setTimeout(0));
    const body = plainBody(request);
    const inUrl = Buffer.from(asked.sql, 'utf8');
    const scope: Scope = { ...asked, id };
    if (inUrl.length > 0) {
      const statement = readStatement(inUrl.toString('latin1'));
      if (statement.kind === 'insert') {
        return this.#insert(
          scope,
          statement,
          inUrl.subarray(statement.dataAt),
          body,
          request,
          response,
        );
      }
    }
    // As in ClickHouse, a statement may begin in the URL and go on in the body.
    const inBody = await readSql(body);
    this.#options.spool.reserve(inBody.length);
    try {
      await this.#text(scope, asked, inUrl, inBody, request, response);
    } finally {
      this.#options.spool.release(inBody.length);
    }
  }

  /** A statement all of whose text is here. */
  async #text(
    scope: Scope,
    asked: Asked,
    inUrl: Buffer,
    inBody: Buffer,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const whole = inUrl.length === 0 ? inBody : Buffer.concat([inUrl, Buffer.from('\n'), inBody]);
    const statement = readStatement(whole.toString('latin1'));
    if (statement.kind === 'insert') {
      const data = whole.subarray(statement.dataAt);
      return this.#insert(scope, statement, data, nothing(), request, response);
    }
    if (statement.kind === 'read') return this.#read(scope, asked, statement, request, response);
    return this.#other(scope, asked, utf8(statement.text), request, response);
  }

  async #insert(
    scope: Scope,
    statement: Insert,
    first: Uint8Array,
    body: AsyncIterable<Buffer>,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const data = await spoolBody(this.#options.spool, first, body);
    try {
      const sql =
        `${utf8(statement.head)}\nFROM INFILE ${quoteText(data.path)} COMPRESSION 'none' ` +
        `${utf8(statement.settings)} FORMAT ${statement.format}`;
      const ran = await this.#writes.run(async () => {
        if (request.socket.destroyed) throw doorException(394, 'The client is gone');
        return this.#options.engine.run(scope, sql, 'Null');
      });
      setSummary(response, ran, true, data.bytes);
      response.end();
    } catch (error) {
      // Where the body lay is nothing to the client.
      const fault = engineException(error);
      throw new Exception(fault.code, fault.message.replaceAll(data.path, '(body)'), fault.status);
    } finally {
      await data.remove();
    }
  }

  async #other(
    scope: Scope,
    asked: Asked,
    sql: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const ran = await this.#writes.run(async () => {
      if (request.socket.destroyed) throw doorException(394, 'The client is gone');
      return this.#options.engine.run(scope, sql, asked.format);
    });
    setSummary(response, ran, /^\s*insert\b/i.test(sql), 0);
    response.end(ran.bytes.length === 0 ? NOTHING : ran.bytes);
  }

  async #read(
    scope: Scope,
    asked: Asked,
    statement: Read,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const format = statement.format ?? asked.format;
    await this.#reads.run(async (lane) => {
      if (request.socket.destroyed) return;
      const { engine, spool } = this.#options;
      const path = spool.pipes[lane] ?? '';
      const sql =
        `${utf8(statement.head)}\nINTO OUTFILE ${quoteText(path)} APPEND ` +
        `FORMAT ${format} ${utf8(statement.tail)}`;
      const pipe = openResultPipe(path);
      const answer = new ResultAnswer(response, format, asked.encoding);
      const onGone = (): void => {
        if (!response.writableFinished) gone = this.#cancelUntilEnded(scope.id);
      };
      let gone: (() => void) | undefined;
      response.once('close', onGone);
      const copied = answer.copy(pipe.stream).catch((error: unknown) => error);
      try {
        await engine.run(scope, sql, format);
        pipe.finish();
        const fault = await copied;
        if (fault !== undefined && !response.destroyed) throw engineException(fault);
        if (!response.destroyed) answer.end();
      } catch (error) {
        pipe.finish();
        await copied;
        if (!answer.hasBegun || response.destroyed) throw error;
        await answer.breakOff(engineException(error));
      } finally {
        response.off('close', onGone);
        gone?.();
        pipe.stream.destroy();
      }
    });
  }

  /** Cancels a query, again and again until told that it has ended: it may not have begun yet. */
  #cancelUntilEnded(id: string): () => void {
    // A cancel that fails is followed by the next one.
    const cancel = (): void => void this.#options.engine.cancel(id).catch(() => undefined);
    cancel();
    const timer = setInterval(cancel, limits.CANCEL_AGAIN_MS);
    return () => clearInterval(timer);
  }
}

async function* nothing(): AsyncGenerator<Buffer> {
  // The data are all in the text.
}

function utf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}

function isAllowed(request: IncomingMessage, url: URL, password: string): boolean {
  if (password === '') return true;
  const basic = /^Basic (.+)$/i.exec(header(request, 'authorization') ?? '')?.[1] ?? '';
  const plain = Buffer.from(basic, 'base64').toString('utf8');
  const given =
    header(request, 'x-clickhouse-key') ??
    url.searchParams.get('password') ??
    plain.slice(plain.indexOf(':') + 1);
  const [a, b] = [Buffer.from(given), Buffer.from(password)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Whether all promises settled within the time. */
async function settled(promises: Iterable<Promise<unknown>>, withinMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), withinMs);
  });
  const all = Promise.allSettled(promises).then(() => true);
  const result = await Promise.race([all, late]);
  clearTimeout(timer);
  return result;
}
