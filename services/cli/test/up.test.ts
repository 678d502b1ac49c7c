import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run, type CommandResult } from '../../../test/support/command.js';
import { planText } from '../../../test/support/plans.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hitonami-up-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** `hitonami up` at any free port but for what is given, until it runs. */
async function up(
  more: readonly string[],
  environment: Record<string, string> = {},
): Promise<CommandResult> {
  const plan = join(folder, 'site.json');
  await writeFile(plan, planText());
  const anywhere = ['--metrics', '127.0.0.1:0', '--console', '127.0.0.1:0'];
  const data = ['--data', await mkdtemp(join(folder, 'data-')), '--warehouse-port', '0'];
  return run(['up', plan, ...data, '--model', 'none', ...anywhere, ...more], environment, {
    interruptAt: /stop with Ctrl\+C/,
  });
}

it('listens beyond this machine with the consent that it asks for, and not without', async () => {
  const beyond = ['--listen', '0.0.0.0:0'];
  const refused = await up(beyond);
  expect(refused.complaints).toContain('HITONAMI_GRPC_INSECURE=yes-inside-a-private-network');
  expect(refused.code).toBe(1);
  const HITONAMI_GRPC_INSECURE = 'yes-inside-a-private-network';
  const heard = await up(beyond, { HITONAMI_GRPC_INSECURE, HITONAMI_MODEL: 'never-looked-at' });
  expect(heard.complaints).toBe('');
  expect(heard.output).toMatch(/counts: 0\.0\.0\.0:[1-9]\d* \(gRPC\)/);
  expect(heard.code).toBe(0);
}, 60_000);

it('looks for the certificate that the environment names', async () => {
  const { code, complaints } = await up(['--listen', '127.0.0.1:0'], {
    HITONAMI_GRPC_TLS_CERT: 'no-such.pem',
    HITONAMI_GRPC_TLS_KEY: 'no-such.pem',
  });
  expect(complaints).toMatch(/HITONAMI_GRPC_TLS_CERT: the file no-such\.pem cannot be read/);
  expect(code).toBe(1);
}, 60_000);

it.each([
  ['--listen', 'HITONAMI_GRPC_ADDRESS'],
  ['--metrics', 'HITONAMI_METRICS_ADDRESS'],
  ['--console', 'HITONAMI_CONSOLE_ADDRESS'],
  ['--public', 'HITONAMI_PUBLIC_ADDRESS'],
])(
  'says in one line that the address of %s is in use, and how to choose another',
  async (option, key) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const taken = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    // The last word on an option counts.
    const { code, complaints } = await up(['--listen', '127.0.0.1:0', option, taken]);
    server.close();
    expect(complaints).toMatch(
      new RegExp(
        `^hitonami: .* cannot be served at ${taken}: the address is in use\\. Choose another: ${key}, or ${option} of hitonami up\\.\\n$`,
      ),
    );
    expect(code).toBe(1);
  },
  60_000,
);
