import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { createLogger, createMetrics } from '@hitonami/service';
import { openRecords, type Records } from '@hitonami/records';
import { z } from 'zod';
import { openAccess, type AccessOptions } from '../../src/access/index.js';
import { session, type Session } from '../../src/contract/index.js';
import { buildApp } from '../../src/http/app.js';
import { consoleMetrics } from '../../src/metrics.js';

export const PASSWORD = 'correct horse battery staple';
export const URL_HERE = 'http://127.0.0.1:8080';

/** The embedded records in a folder of their own, with passwords that are quick to check. */
export async function temporaryRecords(): Promise<{
  records: Records;
  remove: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'hitonami-access-'));
  const records = await openRecords({ folder, passwordCost: { log2N: 10, r: 8, p: 1 } });
  await records.migrate();
  return {
    records,
    remove: async () => {
      await records.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface Desk {
  app: FastifyInstance;
  setupToken: string | undefined;
  /** Somebody's browser. */
  browser(address?: string): Browser;
}

/** The console's own server with sign-in, and a route that an operator may use. */
export async function openDesk(
  options: Pick<AccessOptions, 'records'> & Partial<AccessOptions> & { proxies?: string[] },
): Promise<Desk> {
  const logger = createLogger({ service: 'console', level: 'silent' });
  let setupToken: string | undefined;
  const { plugin, gate } = await openAccess({
    url: URL_HERE,
    logger,
    onSetupToken: (token) => (setupToken = token),
    ...options,
  });
  const app = await buildApp({
    logger,
    metrics: consoleMetrics(createMetrics('console')),
    url: options.url ?? URL_HERE,
    webFolder: undefined,
    proxies: options.proxies ?? [],
    routes: async (api) => {
      await api.register(plugin);
      api.post(
        '/lamp',
        {
          schema: { body: z.object({ on: z.boolean() }) },
          preHandler: gate.requireRole('operator'),
        },
        async (request) => {
          await gate.audit(request, 'lamp.switch', 'lamp', String(request.body.on));
          return { by: gate.userName(request), session: gate.sessionId(request) };
        },
      );
      api.get('/open', () => ({}));
      api.get('/streams', async (request) => [
        ...(await gate.openSessions([gate.sessionId(request)])),
      ]);
    },
  });
  await app.ready();
  return {
    app,
    setupToken,
    browser: (address) => new Browser(app, options.url ?? URL_HERE, address),
  };
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
interface Extra {
  headers?: Record<string, string | undefined>;
  body?: unknown;
}

/** Keeps cookies and says where a request comes from, as a browser does on a page of the console. */
export class Browser {
  readonly cookies = new Map<string, string>();
  csrfToken: string | null = null;
  readonly #app: FastifyInstance;
  readonly #origin: string;
  readonly #address: string | undefined;

  constructor(app: FastifyInstance, origin: string, address: string | undefined) {
    this.#app = app;
    this.#origin = origin;
    this.#address = address;
  }

  async send(
    method: Method,
    path: string,
    { headers = {}, body }: Extra = {},
  ): Promise<LightMyRequestResponse> {
    const own = {
      cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      'sec-fetch-site': 'same-origin',
      ...(method !== 'GET' && { origin: this.#origin, 'x-csrf-token': this.csrfToken ?? '' }),
    };
    const all = Object.entries({ ...own, ...headers }).filter(
      ([, value]: [string, string | undefined]) => value !== undefined,
    );
    const options: InjectOptions = {
      method,
      url: path.startsWith('/api/') ? path : `/api/v1${path}`,
      headers: Object.fromEntries(all),
      ...(body !== undefined && { payload: body as object }),
      ...(this.#address !== undefined && { remoteAddress: this.#address }),
    };
    const answer = await this.#app.inject(options);
    for (const { name, value, expires } of answer.cookies) {
      if (expires !== undefined && expires.getTime() < Date.now()) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  get(path: string, extra?: Extra): Promise<LightMyRequestResponse> {
    return this.send('GET', path, extra);
  }

  async session(): Promise<Session> {
    const told = session.parse((await this.get('/session')).json());
    this.csrfToken = told.csrfToken;
    return told;
  }

  async signIn(name: string, password = PASSWORD): Promise<LightMyRequestResponse> {
    const answer = await this.send('POST', '/session', { body: { name, password } });
    if (answer.statusCode === 200) this.csrfToken = session.parse(answer.json()).csrfToken;
    return answer;
  }

  lamp(extra: Extra = {}): Promise<LightMyRequestResponse> {
    return this.send('POST', '/lamp', { body: { on: true }, ...extra });
  }
}

export function errorOf(answer: LightMyRequestResponse): [status: number, error: string] {
  return [answer.statusCode, answer.json<{ error: string }>().error];
}
