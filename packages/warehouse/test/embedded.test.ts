/**
 * What the embedded engine promises beyond what a server does: its process, its folder, its door.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EmbeddedWarehouse,
  findEmbeddedWarehouse,
  openWarehouse,
  startEmbeddedWarehouse,
} from '@hitonami/warehouse';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AREA_KINDS, fullWindow, HOUR_US } from './windows.js';

const folders: string[] = [];
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hitonami-test-'));
  folders.push(folder);
  return folder;
}
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function until(what: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const endMs = Date.now() + withinMs;
  while (!(await what())) {
    if (Date.now() > endMs) throw new Error('waited in vain');
    await sleep(20);
  }
}

describe('the door of the embedded engine', () => {
  let engine: EmbeddedWarehouse;
  beforeAll(async () => {
    engine = await startEmbeddedWarehouse({ folder: await newFolder() });
    await post('CREATE TABLE t (a UInt32) ENGINE = MergeTree ORDER BY a');
  }, 60_000);
  afterAll(() => engine.stop());

  const at = (parameters: Record<string, string>): string =>
    `${engine.url}/?${new URLSearchParams(parameters).toString()}`;
  const post = (
    body: string | Uint8Array<ArrayBuffer>,
    parameters: Record<string, string> = {},
    headers: Record<string, string> = {},
  ) => fetch(at(parameters), { method: 'POST', body, headers });
  const count = async (): Promise<number> =>
    Number(await (await post('SELECT count() FROM t')).text());

  it('answers as curl would ask', async () => {
    expect(await (await fetch(`${engine.url}/ping`)).text()).toBe('Ok.\n');
    expect(await (await fetch(`${engine.url}/`)).text()).toBe('Ok.\n');
    const answer = await fetch(
      at({
        query: 'SELECT {a: UInt8} AS a, {b: String} AS b',
        param_a: '5',
        param_b: 'ä',
        default_format: 'JSONEachRow',
        query_id: 'q-1',
      }),
    );
    expect(answer.headers.get('x-clickhouse-query-id')).toBe('q-1');
    expect(answer.headers.get('x-clickhouse-format')).toBe('JSONEachRow');
    expect(await answer.json()).toEqual({ a: 5, b: 'ä' });
    expect(await (await post('SELECT 1, 2')).text()).toBe('1\t2\n');
    expect(await (await post('1 + 1', { query: 'SELECT' })).text()).toBe('2\n');
  });

  it('compresses what it answers where both sides want it', async () => {
    for (const encoding of ['gzip', 'br', 'deflate']) {
      const asked = { query: 'SELECT number FROM numbers(20000)', enable_http_compression: '1' };
      const answer = await fetch(at(asked), { headers: { 'Accept-Encoding': encoding } });
      expect(answer.headers.get('content-encoding')).toBe(encoding);
      expect((await answer.text()).endsWith('\n19999\n')).toBe(true);
    }
  });

  it('lets the client be the first to close an idle connection', async () => {
    const answer = await fetch(`${engine.url}/ping`);
    expect(answer.headers.get('keep-alive')).toBe('timeout=60');
  });

  it('says what an insert did', async () => {
    const answer = await post('1\n2\n3\n', { query: 'INSERT INTO t FORMAT TSV' });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.headers.get('x-clickhouse-summary') ?? '')).toMatchObject({
      written_rows: '3',
    });
  });

  it('lets GET read only', async () => {
    const answer = await fetch(at({ query: 'DROP TABLE t' }));
    expect([answer.status, answer.headers.get('x-clickhouse-exception-code')]).toEqual([
      500,
      '164',
    ]);
  });

  it('refuses what is wrong or hostile, each with its code, and serves the next', async () => {
    const before = await count();
    const cases: [string, Promise<Response>, number, string | null][] = [
      ['bad SQL', post('SELEC 1'), 400, '62'],
      ['no such table', post('SELECT * FROM nope'), 404, '60'],
      ['no such setting', post('SELECT 1', { nope: '1' }), 404, '115'],
      ['a setting that is no name', post('SELECT 1', { 'a=1, b': '1' }), 404, '115'],
      ['no such database', post('SELECT 1', { database: 'nope' }), 404, '81'],
      ['no such path', fetch(`${engine.url}/nope`), 404, null],
      ['several statements', post('SELECT 1; DROP TABLE t'), 400, '62'],
      ['a file of its own', post(`SELECT 1 INTO OUTFILE '/tmp/hitonami-x'`), 501, '48'],
      ['a session', post('SELECT 1', { session_id: 'x' }), 501, '48'],
      [
        'not gzip',
        post('nope', { query: 'INSERT INTO t FORMAT CSV' }, { 'Content-Encoding': 'gzip' }),
        400,
        '354',
      ],
      [
        'unknown encoding',
        post('x', { query: 'INSERT INTO t FORMAT CSV' }, { 'Content-Encoding': 'lzma' }),
        501,
        '48',
      ],
      [
        'cut short',
        post(Buffer.from([1, 0, 0, 0, 2]), { query: 'INSERT INTO t FORMAT RowBinary' }),
        500,
        '33',
      ],
      ['not a number', post('x\n', { query: 'INSERT INTO t FORMAT CSV' }), 400, '117'],
      ['a page in a browser', post('SELECT 1', {}, { Origin: 'https://evil.example' }), 403, '516'],
      ['SQL without end', post(Buffer.alloc(17 * 1024 * 1024, 'x')), 413, '307'],
    ];
    for (const [name, asked, status, code] of cases) {
      const answer = await asked;
      const text = await answer.text();
      expect(
        [answer.status, answer.headers.get('x-clickhouse-exception-code')],
        `${name}: ${text}`,
      ).toEqual([status, code]);
      if (code !== null)
        expect(text, name).toMatch(new RegExp(`^Code: ${code}\\. DB::Exception: `));
    }
    expect(await count()).toBe(before);
  });

  it('refuses a name that was made to point at this machine', async () => {
    const asking = request(engine.url, { headers: { Host: 'evil.example' } }).end();
    const [answer] = (await once(asking, 'response')) as [{ statusCode: number; resume(): void }];
    answer.resume();
    expect(answer.statusCode).toBe(403);
  });

  it('refuses a body over the bound without a reset, and leaves nothing of it in memory', async () => {
    const piece = Buffer.alloc(8 * 1024 * 1024);
    const body = new ReadableStream({
      start: () => undefined,
      pull: (() => {
        let sent = 0;
        return (controller: ReadableStreamDefaultController) => {
          if ((sent += 1) > 34) controller.close();
          else controller.enqueue(piece);
        };
      })(),
    });
    const answer = await fetch(at({ query: 'INSERT INTO t FORMAT RowBinary' }), {
      ...{ method: 'POST', body, duplex: 'half' },
    });
    expect([answer.status, answer.headers.get('x-clickhouse-exception-code')]).toEqual([
      413,
      '307',
    ]);
    expect(await spoolFiles(engine.pid)).toEqual([]);
    expect(await count()).toBeGreaterThan(0);
  }, 30_000);

  it('cancels the query of a client that goes away', async () => {
    const abort = new AbortController();
    const asked = fetch(at({ query: 'SELECT number FROM system.numbers' }), {
      signal: abort.signal,
    });
    await (await asked).body?.getReader().read();
    abort.abort();
    const running = async (): Promise<string> =>
      (
        await post(
          `SELECT count() FROM system.processes WHERE query LIKE '%system.numbers%' AND query NOT LIKE '%processes%'`,
        )
      ).text();
    await until(async () => (await running()) === '0\n');
  });

  it('serves on after many clients that went away at any moment', async () => {
    const leaving = Array.from({ length: 60 }, async (_, i) => {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), i);
      const asked = { query: 'SELECT number FROM numbers(1000000000)' };
      await fetch(at(asked), { signal: abort.signal })
        .then((answer) => answer.text())
        .catch(() => undefined);
    });
    await Promise.all(leaving);
    const startedMs = Date.now();
    expect(await (await post('SELECT 1')).text()).toBe('1\n');
    expect(Date.now() - startedMs).toBeLessThan(10_000);
  }, 30_000);

  it('refuses what is over the bound of its queue at once, and serves the rest', async () => {
    const slow = Array.from({ length: 120 }, () => post('SELECT sleep(0.05) FORMAT Null'));
    const answers = await Promise.all(slow);
    const refused = answers.filter(({ status }) => status === 503);
    // 64 wait and 2 run; what was done while the last came in made some more room.
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(120 - 66);
    expect(
      new Set(refused.map(({ headers }) => headers.get('x-clickhouse-exception-code'))),
    ).toEqual(new Set(['202']));
    expect(answers.filter(({ status }) => status === 200).length).toBe(120 - refused.length);
  }, 30_000);

  it('asks for the password where it has one', async () => {
    const locked = await startEmbeddedWarehouse({ folder: await newFolder(), password: 'geheim' });
    const none = await fetch(`${locked.url}/?query=SELECT+1`);
    expect([none.status, none.headers.get('x-clickhouse-exception-code')]).toEqual([403, '516']);
    const warehouse = openWarehouse({ url: locked.url, database: 'default', password: 'geheim' });
    expect(await warehouse.rows('SELECT 1 AS x')).toEqual([{ x: 1 }]);
    await warehouse.close();
    await locked.stop();
  }, 30_000);
});

/** Folders that an engine's process keeps bodies in: in memory where there is enough of it. */
async function spoolFolders(pid: number | undefined): Promise<string[]> {
  const found: string[] = [];
  for (const root of ['/dev/shm', tmpdir()]) {
    const names = existsSync(root) ? await readdir(root) : [];
    const own = names.filter((name) => name.startsWith(`hitonami-warehouse-${String(pid)}-`));
    found.push(...own.map((name) => join(root, name)));
  }
  return found;
}

/** Bodies that it keeps now. */
async function spoolFiles(pid: number | undefined): Promise<string[]> {
  const [own, ...others] = await spoolFolders(pid);
  expect([own === undefined, others]).toEqual([false, []]);
  return (await readdir(own ?? '')).filter((name) => name.startsWith('in-'));
}

describe('the process of the embedded engine', () => {
  let engine: EmbeddedWarehouse | undefined;
  afterEach(async () => {
    await engine?.stop();
    engine = undefined;
  });

  it('is found by its folder while it lives, and not after', async () => {
    const folder = await newFolder();
    expect(await findEmbeddedWarehouse(folder)).toBeUndefined();
    engine = await startEmbeddedWarehouse({ folder });
    expect(await findEmbeddedWarehouse(folder)).toBe(engine.url);
    const left = await readFile(join(folder, 'engine.json'), 'utf8');
    await engine.stop();
    expect(await findEmbeddedWarehouse(folder)).toBeUndefined();
    // As a process that was killed leaves it; the number may by now be another process's.
    await writeFile(join(folder, 'engine.json'), left.replace(/"pid":\d+/, `"pid":${process.pid}`));
    expect(await findEmbeddedWarehouse(folder)).toBeUndefined();
    await writeFile(join(folder, 'engine.json'), 'not JSON');
    expect(await findEmbeddedWarehouse(folder)).toBeUndefined();
  }, 30_000);

  it('owns its folder: a second one is told who has it', async () => {
    const folder = await newFolder();
    engine = await startEmbeddedWarehouse({ folder });
    await expect(startEmbeddedWarehouse({ folder })).rejects.toMatchObject({
      code: 'WAREHOUSE',
      message: expect.stringContaining(
        `in use by process ${String(engine.pid)}, which answers at ${engine.url}`,
      ) as string,
    });
    await expect(
      startEmbeddedWarehouse({ folder: await newFolder(), port: Number(new URL(engine.url).port) }),
    ).rejects.toMatchObject({
      code: 'CONFIG',
      detail: 'EADDRINUSE',
    });
    expect(await (await fetch(`${engine.url}/ping`)).text()).toBe('Ok.\n');
  }, 30_000);

  it('is killed in the middle of inserts again and again: nothing acknowledged is lost, nothing counted twice', async () => {
    const crashes: string[] = [];
    const here = await startEmbeddedWarehouse({
      folder: await newFolder(),
      onCrash: ({ reason }) => crashes.push(reason),
    });
    engine = here;
    const warehouse = openWarehouse({ url: here.url, database: 'kill' });
    await warehouse.migrate();
    let acknowledged = 0;
    let isOver = false;
    const writing = (async () => {
      while (!isOver) {
        await warehouse.insertWindows([fullWindow('s', HOUR_US + acknowledged * 10e6)], {
          ...{ retention: 'keep', areaKinds: AREA_KINDS },
        });
        acknowledged += 1;
      }
    })();
    for (let kill = 0; kill < 3; kill += 1) {
      const before = acknowledged;
      await until(() => acknowledged > before + 2 && here.pid !== undefined);
      await sleep(Math.random() * 60);
      process.kill(here.pid ?? 0, 'SIGKILL');
      await until(() => crashes.length > kill);
    }
    isOver = true;
    await writing;
    const { areas, lines, flows, cameras } = await warehouse.exportMeasures('s', 10);
    expect([areas.length, lines.length, flows.length, cameras.length]).toEqual(
      [2, 1, 1, 1].map((rows) => rows * acknowledged),
    );
    expect(await warehouse.rows('SELECT count() AS n FROM positions FINAL')).toEqual([
      { n: acknowledged * 2 },
    ]);
    expect(crashes).toEqual(Array(3).fill('was ended by SIGKILL'));
    await warehouse.close();
  }, 60_000);

  it('comes back under the same address after a crash; what was running may be tried again', async () => {
    engine = await startEmbeddedWarehouse({ folder: await newFolder() });
    const warehouse = openWarehouse({
      url: engine.url,
      database: 'default',
      retry: { attempts: 1 },
    });
    const slow = warehouse.rows('SELECT sum(number) FROM numbers(100000000000)');
    const failed = expect(slow).rejects.toMatchObject({ code: 'UNAVAILABLE', canRetry: true });
    await sleep(100);
    process.kill(engine.pid ?? 0, 'SIGKILL');
    await failed;
    await until(() => warehouse.ping());
    await warehouse.close();
  }, 30_000);

  it('stops while busy, soon, and gives back what it had in memory', async () => {
    engine = await startEmbeddedWarehouse({ folder: await newFolder() });
    const { pid, url } = engine;
    const busy = fetch(
      `${url}/?query=${encodeURIComponent('SELECT sum(number) FROM numbers(10000000000000)')}`,
    );
    await sleep(200);
    const startedMs = Date.now();
    await Promise.all([engine.stop(), engine.stop()]);
    expect(Date.now() - startedMs).toBeLessThan(12_000);
    expect((await busy).headers.get('x-clickhouse-exception-code')).toBe('394');
    await expect(fetch(`${url}/ping`)).rejects.toThrow();
    expect(await spoolFolders(pid)).toEqual([]);
  }, 30_000);

  it('ends when its parent dies', async () => {
    const folder = await newFolder();
    const program = `import { startEmbeddedWarehouse } from '@hitonami/warehouse';
      const engine = await startEmbeddedWarehouse({ folder: ${JSON.stringify(folder)} });
      console.log(engine.pid);`;
    const parent: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', program], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(parent.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    const pid = Number(said.toString());
    expect(await findEmbeddedWarehouse(folder)).toBeDefined();
    parent.kill('SIGKILL');
    await until(() => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    });
    expect(await findEmbeddedWarehouse(folder)).toBeUndefined();
  }, 30_000);
});
