import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { WEBHOOK_IDEMPOTENCY_KEY, WEBHOOK_SIGNATURE } from '@hitonami/service';

export interface ReceivedMessage {
  readonly body: string;
  readonly signature: string | undefined;
  readonly key: string | undefined;
}

/** Somebody's endpoint, that takes what comes only while it is up. */
export class Receiver {
  readonly messages: ReceivedMessage[] = [];
  isUp = true;
  tries = 0;
  readonly #server: Server;
  readonly #scheme: string;

  /** @param tls with a certificate; left out, in the clear */
  static async listen(tls?: { key: Buffer; cert: Buffer }): Promise<Receiver> {
    const receiver = new Receiver(tls);
    const server = receiver.#server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  private constructor(tls: { key: Buffer; cert: Buffer } | undefined) {
    const take = (request: IncomingMessage, response: ServerResponse) => {
      this.#take(request, response);
    };
    this.#scheme = tls === undefined ? 'http' : 'https';
    this.#server = tls === undefined ? createServer(take) : createTlsServer(tls, take);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.port}/hook?token=x`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      this.tries += 1;
      const one = (name: string) => request.headers[name] as string | undefined;
      const [signature, key] = [one(WEBHOOK_SIGNATURE), one(WEBHOOK_IDEMPOTENCY_KEY)];
      if (this.isUp) this.messages.push({ body, signature, key });
      response.writeHead(this.isUp ? 204 : 302, { location: 'http://127.0.0.1:1/' }).end();
    });
  }
}
