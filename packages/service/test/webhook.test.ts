import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  WEBHOOK_IDEMPOTENCY_KEY,
  WEBHOOK_SIGNATURE,
  deliverWebhook,
  postWebhook,
  signWebhook,
  verifyWebhook,
  webhookRetryMs,
} from '../src/index.js';

// A signed message to somebody else's endpoint: sent until it is taken, believed only with its signature.

const SECRET = 'a secret of two parties';

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** An endpoint that answers one status after another, the last for ever; 0 cuts the connection. */
async function endpoint(statuses: number[], port = 0) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      const status = statuses[Math.min(received.length, statuses.length) - 1] ?? 200;
      if (status === 0) request.socket.destroy();
      else response.writeHead(status, { location: 'http://127.0.0.1:1/elsewhere' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address() as AddressInfo;
  return { received, port: address.port, url: `http://127.0.0.1:${String(address.port)}/hook` };
}

const message = { body: { what: '混雑' }, idempotencyKey: 'a:1' };

describe('a signature', () => {
  const body = '{"what":"混雑"}';
  const signed = signWebhook(SECRET, body, 1_000_000);

  it('is right for the body, the secret and the time that it was made with', () => {
    expect(signed).toMatch(/^t=1000000,v1=[0-9a-f]{64}$/);
    expect(verifyWebhook(SECRET, signed, body, 1_000_010)).toBe(true);
  });

  it.each([
    ['missing', undefined, body, 1_000_000],
    ['empty', '', body, 1_000_000],
    ['of another body', signed, `${body} `, 1_000_000],
    ['forged with another secret', signWebhook('guessed', body, 1_000_000), body, 1_000_000],
    ['moved to another time', signed.replace('1000000', '1000001'), body, 1_000_001],
    ['cut short', signed.slice(0, -2), body, 1_000_000],
    ['played again ten minutes later', signed, body, 1_000_600],
    ['from the future', signed, body, 999_400],
  ])('that is %s is not believed', (_what, header, text, nowS) => {
    expect(verifyWebhook(SECRET, header, text, nowS)).toBe(false);
  });
});

describe('a message', () => {
  it('is posted as JSON with a signature that the receiver can check, and its idempotency key', async () => {
    const { url, received } = await endpoint([204]);
    await postWebhook({ url, secret: SECRET }, message);
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    expect(JSON.parse(body)).toEqual({ what: '混雑' });
    expect(headers['content-type']).toBe('application/json');
    expect(headers[WEBHOOK_IDEMPOTENCY_KEY]).toBe('a:1');
    expect(verifyWebhook(SECRET, headers[WEBHOOK_SIGNATURE] as string, body)).toBe(true);
  });

  it('is sent again, with the same key, until it is answered with 2xx', async () => {
    const { url, received } = await endpoint([500, 0, 200]);
    const faults: string[] = [];
    const { signal } = new AbortController();
    const onFault = (fault: Error): unknown => faults.push(fault.message);
    await deliverWebhook({ url, secret: SECRET }, message, { signal, onFault });
    expect(received.map(({ headers }) => headers[WEBHOOK_IDEMPOTENCY_KEY])).toEqual(
      Array(3).fill('a:1'),
    );
    expect(faults[0]).toMatch(/answered 500; it is tried again/);
    expect(faults).toHaveLength(2);
  });

  it('waits for an endpoint that is not there yet', async () => {
    const gone = await endpoint([200]);
    for (const end of ends.splice(0)) end();
    const { signal } = new AbortController();
    const delivered = deliverWebhook({ url: gone.url, secret: SECRET }, message, { signal });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const back = await endpoint([200], gone.port);
    await delivered;
    expect(back.received).toHaveLength(1);
  });

  it('does not follow a redirect to somewhere else', async () => {
    const { url } = await endpoint([307]);
    await expect(postWebhook({ url, secret: SECRET }, message)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      canRetry: true,
    });
  });

  it('is given up at once when the sender is stopped; the fault names neither path nor secret', async () => {
    const stop = new AbortController();
    const faults: string[] = [];
    const delivered = deliverWebhook(
      { url: 'http://127.0.0.1:9/hook?token=1234', secret: SECRET },
      message,
      {
        signal: stop.signal,
        onFault: ({ message: text }) => {
          faults.push(text);
          stop.abort();
        },
      },
    );
    await expect(delivered).rejects.toMatchObject({ code: 'STOPPED' });
    expect(faults.join()).not.toMatch(/token|secret of two/);
  });

  it('is tried soon, then ever more seldom, and every 15 s in the end', () => {
    expect([1, 2, 3, 50].map(webhookRetryMs)).toEqual([250, 500, 1_000, 15_000]);
  });
});
