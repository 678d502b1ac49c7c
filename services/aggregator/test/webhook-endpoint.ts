import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyWebhook, WEBHOOK_IDEMPOTENCY_KEY, WEBHOOK_SIGNATURE } from '@hitonami/service';
import type { AlertMessage } from '../src/alerts/message.js';
import { atEnd } from './support.js';

export const SECRET = 'a secret of the two of us';

export interface Told {
  message: AlertMessage;
  key: string;
  /** The signature was right. */
  isSigned: boolean;
  atMs: number;
  /** How it was answered. */
  status: number;
}

export interface Endpoint {
  url: string;
  port: number;
  told: Told[];
  close(): Promise<void>;
}

/** Somebody's pager. @param answer the status of each message; by default it takes everything */
export async function openEndpoint(
  answer: (message: AlertMessage) => number = () => 204,
  port = 0,
): Promise<Endpoint> {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      const signature = String(request.headers[WEBHOOK_SIGNATURE]);
      const message = JSON.parse(body) as AlertMessage;
      const status = answer(message);
      told.push({
        message,
        key: String(request.headers[WEBHOOK_IDEMPOTENCY_KEY]),
        isSigned: verifyWebhook(SECRET, signature, body),
        atMs: Date.now(),
        status,
      });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) =>
      server.close(() => {
        resolve();
      }),
    );
  };
  atEnd(close);
  const bound = (server.address() as AddressInfo).port;
  return { url: `http://127.0.0.1:${String(bound)}/pager`, port: bound, told, close };
}
