import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPostgres, startPostgres, type Postgres } from '../../../test/support/postgres.js';
import { openRecords } from '../src/index.js';
import { MIGRATIONS } from '../src/migrations/migrate.js';
import { openPostgres } from '../src/sql/postgres.js';
import { recordsContract } from './contract.js';
import { CHEAP, PASSWORD } from './support.js';

const isHere = hasPostgres();

describe.skipIf(!isHere)('PostgreSQL', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server.remove());

  recordsContract('PostgreSQL', async () => {
    const url = await server.createDatabase();
    return {
      open: () => openPostgres({ url }),
      another: async () => openPostgres({ url: await server.createDatabase() }),
      remove: () => Promise.resolve(),
    };
  });

  it('is shared by several consoles, of which one brings the tables up to date', async () => {
    const url = await server.createDatabase();
    const consoles = await Promise.all(
      [1, 2, 3].map(() => openRecords({ url, passwordCost: CHEAP })),
    );
    const applied = await Promise.all(consoles.map((records) => records.migrate()));
    expect(applied.flat()).toEqual(MIGRATIONS.map(({ version }) => version));
    const [one, other] = consoles;
    const user = await one?.users.create({ name: 'aoi', password: PASSWORD, role: 'viewer' });
    expect(await other?.users.authenticate('aoi', PASSWORD)).toEqual(user);
    await Promise.all(consoles.map((records) => records.close()));
  });

  it('may go down and come back: meanwhile each call says that it is worth trying again', async () => {
    const records = await openRecords({ url: await server.createDatabase() });
    await records.migrate();
    await records.notes.add('shibuya', { user: 'aoi', text: 'before' });
    await server.crash();
    const away = { code: 'UNAVAILABLE', canRetry: true };
    await expect(records.check()).rejects.toMatchObject(away);
    await expect(
      records.users.createFirst({ name: 'a', password: PASSWORD }),
    ).rejects.toMatchObject(away);
    await server.start();
    await records.check();
    await records.notes.add('shibuya', { user: 'aoi', text: 'after' });
    const notes = await records.notes.between('shibuya', new Date(0), new Date(Date.now() + 1_000));
    expect(notes.map(({ text }) => text)).toEqual(['before', 'after']);
    await records.close();
  });

  it('may break in the middle of a transaction: nothing of it is kept', async () => {
    const database = await openPostgres({ url: await server.createDatabase() });
    await database.script('CREATE TABLE t (n int)');
    const broken = database.transaction(async (sql) => {
      await sql.query('INSERT INTO t VALUES (1)');
      await server.crash();
      await sql.query('INSERT INTO t VALUES (2)');
    });
    await expect(broken).rejects.toMatchObject({ code: 'UNAVAILABLE', canRetry: true });
    await server.start();
    expect(await database.query('SELECT * FROM t')).toEqual([]);
    await database.close();
  });

  it('is waited for while it is only just starting', async () => {
    const url = await server.createDatabase();
    await server.crash();
    const opening = openRecords({ url });
    await server.start();
    await (await opening).close();
  });

  it('that does not come is given up', async () => {
    const url = 'postgres://hitonami@127.0.0.1:1/none';
    await expect(openRecords({ url, patienceMs: 0 })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      canRetry: true,
    });
  });

  it('that has no such database is a matter of configuration, at once', async () => {
    const url = (await server.createDatabase()).replace(/\/d\d+/, '/none');
    await expect(openRecords({ url })).rejects.toMatchObject({ code: 'CONFIG' });
  });
});
