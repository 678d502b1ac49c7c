/** A buyer's endpoint with a certificate of its own house: told over real TLS, by a service that was told to trust it. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyWebhook } from '@hitonami/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, temporaryFolder } from '../../../test/support/event-log.js';
import { requireOrSkip } from '../../../test/support/require.js';
import { postSigned } from '../src/buyers/webhook-target.js';
import { SITE, SOLD, startShop, startCustomer } from './buyers-support.js';
import { Receiver } from './receiver.js';

const hasOpenssl = requireOrSkip(
  'openssl',
  spawnSync('openssl', ['version']).status === 0,
  'install openssl',
);

describe.skipIf(!hasOpenssl)('word of a new release over TLS', () => {
  const folder = temporaryFolder('tls');
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await Receiver.listen(certified(folder.path));
  });
  afterAll(() => {
    receiver.stop();
    folder.remove();
  });
  const secret = 'a-secret-of-many-characters';
  const messageTo = (url: string) => ({ url, secret, body: {}, idempotencyKey: 'x' });
  const { signal } = new AbortController();

  it('is not given to who cannot show whom they are', async () => {
    const post = postSigned(messageTo(receiver.url), { allowsPrivate: true }, signal);
    await expect(post).rejects.toMatchObject({
      ...{ code: 'UNAVAILABLE', canRetry: true, message: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    });
    expect(receiver.tries).toBe(0);
  });

  it('is not given to an address within the house, whatever its certificate, unless the operator says so', async () => {
    for (const url of [receiver.url, `https://localhost:${receiver.port}/hook`]) {
      const post = postSigned(messageTo(url), { allowsPrivate: false }, signal);
      await expect(post).rejects.toMatchObject({ message: 'its address is refused (private)' });
    }
    expect(receiver.tries).toBe(0);
  });

  it('is given to who shows a certificate that the service was told to trust', async () => {
    // Somebody with a contract and an endpoint, and a release since.
    const shop = await startShop();
    const { id } = await startCustomer(shop);
    await shop.records.buyers.setWebhook(id, { url: receiver.url, secret });
    await shop.close();
    await shop.release('2026-10-07');
    // The same data in a process of its own: which authorities it trusts is settled at its start. That it may call this
    // machine is the operator's setting, and this test's; nothing else opens it.
    const child = spawn(process.execPath, [join(import.meta.dirname, 'processes/open-data.mjs')], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        ...{ PATH: process.env['PATH'], HITONAMI_DATA: shop.path },
        ...{ HITONAMI_PUBLIC_ADDRESS: '127.0.0.1:0', HITONAMI_BUYERS_PRIVATE_WEBHOOKS: 'yes' },
        NODE_EXTRA_CA_CERTS: join(folder.path, 'ca.pem'),
      },
    });
    try {
      await eventually('the message', () => receiver.messages.length > 0, 30_000);
      const [{ body, signature } = { body: '', signature: '' }] = receiver.messages;
      expect(verifyWebhook(secret, signature, body)).toBe(true);
      expect(JSON.parse(body)).toMatchObject({ type: 'release', site: SITE, dataset: SOLD.id });
    } finally {
      child.stdin.end();
      await once(child, 'exit');
      shop.remove();
    }
  }, 60_000);
});

/** An authority and an endpoint's certificate that it signed, made by openssl. */
function certified(cwd: string): { key: Buffer; cert: Buffer } {
  const openssl = (line: string): void => {
    execFileSync('openssl', line.split(' '), { cwd, stdio: 'ignore' });
  };
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  openssl(`req -x509 ${key} -days 2 -subj /CN=house -keyout ca.key -out ca.pem`);
  openssl(
    `req -x509 ${key} -days 2 -subj /CN=endpoint -CA ca.pem -CAkey ca.key -addext subjectAltName=IP:127.0.0.1,DNS:localhost -addext basicConstraints=critical,CA:FALSE -keyout key.pem -out cert.pem`,
  );
  const [own, cert] = ['key.pem', 'cert.pem'].map((name) => readFileSync(join(cwd, name)));
  return { key: own ?? Buffer.of(), cert: cert ?? Buffer.of() };
}
