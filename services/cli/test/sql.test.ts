import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { publishPlan } from '@hitonami/service';
import { openWarehouse, startEmbeddedWarehouse } from '@hitonami/warehouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestLog, temporaryFolder } from '../../../test/support/event-log.js';
import { planText } from '../../../test/support/plans.js';
import { sql, type SqlOptions } from '../src/commands/sql.js';
import { verifyAudit } from '../src/commands/verify-audit.js';
import { tablesOf } from '../src/sql/items.js';

const named = (statement: string): string[] => tablesOf(statement).map(({ table }) => table);

describe('which tables of people a statement names', () => {
  it.each([
    ['SELECT 1', []],
    ['SHOW TABLES', []],
    ['SELECT name FROM system.tables', []],
    ["SELECT 'positions' -- positions", []],
    ['SELECT count() FROM positions', ['positions']],
    ['select x_mm from hitonami."positions" limit 1', ['positions']],
    [
      'WITH p AS (SELECT * FROM `flow_legs`) SELECT * FROM p, area_measures_read',
      ['flow_legs', 'area_measures'],
    ],
    ['SELECT 1 WHERE 1 IN positions', ['positions']],
    ['SELECT/**/*/**/FROM/* it */positions', ['positions']],
    ['DESCRIBE TABLE line_measures', ['line_measures']],
  ])('is told from its text: %s', (statement, tables) => {
    expect(named(statement)).toEqual(tables);
  });

  it.each([
    ['INSERT INTO positions VALUES (1)', /sql only reads/],
    ['ALTER TABLE positions DELETE WHERE 1', /sql only reads/],
    ['SELECT 1; DROP TABLE audit', /more than one statement/],
    ["SELECT * FROM merge('hitonami', '^posi')", /'merge' reads where nobody can tell/],
    ["SELECT * FROM Remote ('localhost', 'hitonami', 'positions')", /reads where nobody can tell/],
    ["SELECT * FROM '/data/positions.parquet'", /reads a file/],
    ['SELECT * FROM system.query_log', /of the tables of system/],
    ['SELECT * FROM {table:Identifier}', /has parameters/],
    ['SELECT * FROM `posi\\x74ions`', /cannot be read from/],
    ["SELECT 'open", /cannot be read from/],
    ['', /sql only reads/],
  ])('is not guessed: %s', (statement, why) => {
    expect(() => named(statement)).toThrow(why);
  });
});

describe('hitonami sql', () => {
  const folder = temporaryFolder('sql');
  let engine: Awaited<ReturnType<typeof startEmbeddedWarehouse>>;

  beforeAll(async () => {
    engine = await startEmbeddedWarehouse({ folder: join(folder.path, 'warehouse') });
    const warehouse = openWarehouse({ url: engine.url, database: 'hitonami' });
    await warehouse.migrate();
    await fetch(
      `${engine.url}/?query=${encodeURIComponent(
        `INSERT INTO hitonami.positions (site, captured, floor, x_mm, y_mm, kind, expires_at)
       SELECT 'test', now64(6) - INTERVAL 1 HOUR, 'f1', 1000, 1000, 0, now() + INTERVAL 1 DAY`,
      )}`,
      { method: 'POST' },
    );
    await warehouse.close();
    const log = await openTestLog(folder.path);
    await publishPlan(log, planText(), Date.now() * 1000);
    await log.close();
  }, 60_000);
  afterAll(async () => {
    await engine.stop();
    folder.remove();
  });

  const COUNT = 'SELECT count() FROM positions';
  const asked = async (options: Partial<SqlOptions>, statement = COUNT): Promise<string> => {
    let text = '';
    await sql(statement, { data: folder.path, format: 'TSV', ...options }, {}, (chunk) => {
      text += chunk;
      return true;
    });
    return text.trim();
  };

  it('asks what is about nobody without a purpose', async () => {
    expect(await asked({}, 'SELECT 1')).toBe('1');
  });

  it('asks for no more of an answer than is read', async () => {
    let chunks = 0;
    const many = 'SELECT number FROM numbers(10000000)';
    await sql(many, { data: folder.path, format: 'TSV' }, {}, () => ++chunks < 2);
    expect(chunks).toBe(2);
  });

  it('asks the server that the environment names, as the user that it names', async () => {
    const asking: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asking.push(request.headers.authorization);
      response.end('7\n');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    let text = '';
    await sql(
      'SELECT 7',
      { data: folder.path, format: 'TSV' },
      {
        HITONAMI_WAREHOUSE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        ...{ HITONAMI_WAREHOUSE_USER: 'reader', HITONAMI_WAREHOUSE_PASSWORD: 'secret' },
      },
      (chunk) => (text += chunk) !== '',
    );
    server.close();
    expect(text).toBe('7\n');
    expect(asking).toEqual([`Basic ${btoa('reader:secret')}`]);
  });

  it('reads positions for a purpose that uses them, and for no other', async () => {
    await expect(asked({})).rejects.toThrow(/names its purpose: --purpose research/);
    await expect(asked({ purpose: 'safety' })).rejects.toThrow(
      /positions is not read: the purpose 'safety' does not use stored positions; .*research.*使いません/,
    );
    await expect(asked({ purpose: 'research', recipient: 'city' })).rejects.toThrow(
      /positions is not read: the plan in force has no recipient 'city'.*提供先に「city」はなく/,
    );
    expect(await asked({ purpose: 'research' })).toBe('1');
  });

  it('has noted each of them before it read; the chain that they are in can be verified, and is broken by whoever changes one', async () => {
    const lines: string[] = [];
    const verify = (hash?: string) => {
      lines.length = 0;
      const options = { data: folder.path, ...(hash !== undefined && { head: hash }) };
      return verifyAudit(options, {}, (line) => lines.push(line));
    };
    await expect(verify('soon')).rejects.toThrow(/64 hexadecimal digits/);
    // Takes in what waits, as the console would.
    expect(await verify()).toBe(0);
    expect(lines).toEqual([
      '4 entries hold together; 0 older ones were erased at their age',
      expect.stringMatching(/^first: 1, of 2/),
      expect.stringMatching(/^head: {2}4, [0-9a-f]{64}$/),
    ]);
    const head = lines[2]?.slice(-64);
    // Somebody who owns the files changes what stands there.
    const database = await PGlite.create(join(folder.path, 'records', 'database'));
    const { rows } = await database.query<{ user_name: string; detail: string; what: string }>(
      `SELECT user_name, detail, action || ' ' || subject AS what FROM audit ORDER BY id`,
    );
    expect(rows.map(({ what }) => what)).toEqual([
      ...Array<string>(3).fill('data.refuse positions'),
      'data.read positions',
    ]);
    expect(rows.at(-1)).toMatchObject({
      user_name: expect.stringMatching(/^os:/),
      detail: expect.stringMatching(/purpose research: SELECT count\(\) FROM positions \(left at /),
    });
    await database.exec(
      `ALTER TABLE audit DISABLE TRIGGER ALL; UPDATE audit SET user_name = 'os:nobody' WHERE id = 3`,
    );
    await database.close();
    expect(await verify(head)).toBe(1);
    expect(lines[0]).toMatch(/^2 entries hold together/);
    expect(lines.slice(-2)).toEqual([
      'BROKEN at entry 3: it is not what was written: the entry was changed, or is not of hitonami',
      'NOT THERE: no entry has the hash of --head; the log was rewritten',
    ]);
  }, 30_000);
});
