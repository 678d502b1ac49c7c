import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cannotListen } from './cannot-listen.js';
import { formatAddress } from './config/fields.js';
import type { Address } from './config/fields.js';
import type { Health } from './health.js';
import type { Metrics } from './metrics.js';

/** Bounds of the operations server. */
const CONNECTIONS_MAX = 64;
const HEADER_BYTES_MAX = 8 * 1_024;
const REQUEST_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 10_000;

export interface OperationsOptions {
  address: Address;
  metrics: Pick<Metrics, 'text' | 'contentType'>;
  health: Pick<Health, 'liveness' | 'readiness'>;
}

export interface Operations {
  /** Where it listens; the port is the real one also where 0 was asked for. */
  readonly address: Address;
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Serves `/metrics`, `/healthz` (200 while every loop ticks, else 503) and `/readyz` (200 while every component is
 * ready, else 503), the last two as JSON with reasons.
 *
 * @throws HitonamiError `CONFIG` where the address cannot be listened on.
 */
export async function startOperations(options: OperationsOptions): Promise<Operations> {
  let scrape: Promise<string> | undefined;
  // Scrapes at the same time share one collection: a large registry is slow to print.
  const metricsText = (): Promise<string> => {
    scrape ??= options.metrics.text().finally(() => (scrape = undefined));
    return scrape;
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      send(response, 405, 'text/plain', 'only GET\n');
      return;
    }
    switch ((request.url ?? '').split('?', 1)[0]) {
      case '/metrics':
        send(response, 200, options.metrics.contentType, await metricsText());
        return;
      case '/healthz': {
        const report = options.health.liveness();
        sendJson(response, report.live ? 200 : 503, report);
        return;
      }
      case '/readyz': {
        const report = options.health.readiness();
        sendJson(response, report.ready ? 200 : 503, report);
        return;
      }
      default:
        send(response, 404, 'text/plain', 'here are /metrics, /healthz and /readyz\n');
    }
  }

  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: REQUEST_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
    },
    (request, response) => {
      answer(request, response).catch(() => {
        if (!response.headersSent) send(response, 500, 'text/plain', 'the answer failed\n');
        else response.destroy();
      });
    },
  );
  server.maxConnections = CONNECTIONS_MAX;
  server.listen(options.address.port, options.address.host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw cannotListen(
      { what: 'Metrics and health', key: 'HITONAMI_METRICS_ADDRESS', option: '--metrics' },
      options.address,
      cause,
    );
  }
  const address = { host: options.address.host, port: (server.address() as AddressInfo).port };
  let stopped: Promise<void> | undefined;
  return {
    address,
    url: `http://${formatAddress(address)}`,
    stop: () =>
      (stopped ??= new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      })),
  };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, 'application/json', `${JSON.stringify(body)}\n`);
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
