/**
 * The process that owns an embedded warehouse. Started by `startEmbeddedWarehouse` with its options as the first
 * argument; tells its parent when it is ready or why it is not, and ends when its parent does.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { type Address, readAddress, removeAddress, writeAddress } from './address.js';
import { Door } from './door.js';
import { Engine } from './engine.js';
import { engineException } from './exception.js';
import { READ_LANES, SPOOL_BYTES_MAX } from './limits.js';
import type { EngineMessage, EngineOptions } from './messages.js';
import { isAlive, Spool } from './spool.js';

const options = JSON.parse(process.argv[2] ?? '{}') as EngineOptions;
/** The engine's own files, beside the address. */
const CHDB = 'chdb';

function tell(message: EngineMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}

async function main(): Promise<void> {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const engine = new Engine(join(options.folder, CHDB));
  const spool = new Spool(SPOOL_BYTES_MAX, READ_LANES);
  process.once('exit', () => spool.close());
  const instance = randomUUID();
  const door = new Door({ engine, spool, instance, password: options.password });

  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    await door.close();
    await removeAddress(options.folder);
    engine.close();
    process.exit(0);
  };
  // The parent stops us by a message; a parent that dies closes the channel. Ctrl-C in a terminal reaches the
  // whole group, and it is for the parent to say in which order things end.
  process.on('message', (message) => {
    if (message === 'stop') void stop();
  });
  process.once('disconnect', () => void stop());
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => void stop());

  await new Promise<void>((resolve, reject) => {
    door.server.once('error', reject);
    door.server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = door.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  await writeAddress(options.folder, { url, pid: process.pid, instance });
  await tell({ kind: 'ready', url, port, version: await engine.version() });
}

try {
  await main();
} catch (error) {
  const fault = engineException(error);
  const system = (error as NodeJS.ErrnoException).code ?? '';
  const owner = /^[A-Z]+$/.test(system) ? undefined : await ownerOf(options.folder);
  await tell({
    kind: 'failed',
    code: /^[A-Z]+$/.test(system) ? system : String(fault.code),
    text: error instanceof Error ? error.message : String(error),
    ...(owner === undefined ? {} : { owner }),
  });
  process.exit(1);
}

/** Which other living process holds the folder: by the address it left there, else by the engine's own lock file. */
async function ownerOf(folder: string): Promise<Address | undefined> {
  const address = await readAddress(folder);
  if (address !== undefined && isAlive(address.pid)) return address;
  const status = await readFile(join(folder, CHDB, 'status'), 'utf8').catch(() => '');
  const pid = Number(/^PID: (\d+)/m.exec(status)?.[1] ?? 0);
  if (pid === 0 || pid === process.pid || !isAlive(pid)) return undefined;
  return { pid, url: 'an address not yet known', instance: '' };
}
