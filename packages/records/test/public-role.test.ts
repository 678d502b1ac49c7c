import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPostgres, startPostgres, type Postgres } from '../../../test/support/postgres.js';
import { openRecords, PUBLIC_ROLE, type Records } from '../src/index.js';
import { MIGRATIONS } from '../src/migrations/migrate.js';
import { openPostgres } from '../src/sql/postgres.js';
import type { Database } from '../src/sql/port.js';
import { buyerEndsContract } from './contract-buyer-ends.js';
import { buyerKeysContract } from './contract-buyer-keys.js';
import { buyersContract } from './contract-buyers.js';
import { inquiriesContract } from './contract-inquiries.js';
import { CHEAP, PASSWORD } from './support.js';

describe.skipIf(!hasPostgres())('the role of the public’s service in PostgreSQL', () => {
  let server: Postgres;
  let inside: Records;
  let outside: Records;
  let owner: Database;
  let role: Database;
  /** What the public's service asks goes through its role, what the console and the publisher ask does not. */
  let both: Records;

  beforeAll(async () => {
    server = await startPostgres();
    const url = await server.createDatabase();
    const roleUrl = await server.createRole(PUBLIC_ROLE, url);
    [inside, outside] = [
      await openRecords({ url, passwordCost: CHEAP }),
      await openRecords({ url: roleUrl }),
    ];
    [owner, role] = [await openPostgres({ url }), await openPostgres({ url: roleUrl })];
  }, 60_000);
  afterAll(async () => {
    for (const one of [inside, outside, owner, role]) await one.close();
    await server.remove();
  });

  it('waits for the tables, which their owner makes', async () => {
    const notReady = { code: 'UNAVAILABLE', canRetry: true, detail: 'records-not-ready' };
    await expect(outside.migrate()).rejects.toMatchObject(notReady);
    expect(await inside.migrate()).toEqual(MIGRATIONS.map(({ version }) => version));
    expect(await outside.migrate()).toEqual([]);
    await owner.query('DELETE FROM migrations WHERE version = $1', [MIGRATIONS.length]);
    await expect(outside.migrate()).rejects.toMatchObject(notReady);
    await owner.query('INSERT INTO migrations (version, name) VALUES ($1, $2)', [
      MIGRATIONS.length,
      MIGRATIONS.at(-1)?.name ?? '',
    ]);
    await inside.users.create({ name: 'aoi', password: PASSWORD, role: 'administrator' });
    both = {
      ...inside,
      buyers: {
        ...inside.buyers,
        ...{ apply: outside.buyers.apply, accept: outside.buyers.accept, get: outside.buyers.get },
        ...{ byToken: outside.buyers.byToken, countSince: outside.buyers.countSince },
        setWebhook: outside.buyers.setWebhook,
      },
      buyerKeys: outside.buyerKeys,
      buyerEnds: outside.buyerEnds,
      buyerDeliveries: outside.buyerDeliveries,
      inquiries: { ...outside.inquiries, answer: inside.inquiries.answer },
    };
  });

  // The stores' own manuals, once more.
  buyersContract(
    () => both,
    () => owner,
  );
  buyerKeysContract(
    () => both,
    () => owner,
  );
  buyerEndsContract(
    () => both,
    () => owner,
  );
  inquiriesContract(() => both);

  it('adds to the audit log, one chain with what others add, and reads none of it', async () => {
    const entry = { user: null, action: 'data.deliver', subject: 'hours', detail: '', address: '' };
    await inside.audit.append(entry);
    const added = await outside.audit.append(entry);
    await inside.audit.append(entry);
    expect(await inside.audit.verify()).toMatchObject({ count: 3, broken: undefined });
    expect((await inside.audit.list({ limit: 2 }))[1]).toEqual(added);
    await expect(outside.audit.list()).rejects.toThrow('42501');
  });

  it.each(['users', 'sessions', 'alerts', 'alert_actions', 'plans', 'calendar', 'notes', 'stills'])(
    'reads nothing of %s',
    async (table) => {
      await expect(role.query(`SELECT * FROM ${table}`)).rejects.toThrow('42501');
      await expect(role.query(`DELETE FROM ${table}`)).rejects.toThrow('42501');
    },
  );

  it.each([
    'SELECT detail FROM audit',
    'SELECT * FROM ledger',
    'SELECT * FROM audit_heads',
    "UPDATE audit SET detail = ''",
    "UPDATE audit_anchor SET hash = ''",
    'DELETE FROM buyers',
    'UPDATE buyers SET ended_at = NULL',
    "UPDATE buyer_contracts SET text_en = ''",
    'INSERT INTO buyer_contracts SELECT * FROM buyer_contracts',
    'DELETE FROM buyer_usage',
    "UPDATE inquiries SET answer = ''",
    'CREATE TABLE mine (n int)',
    'GRANT SELECT ON users TO hitonami_public',
  ])('may not: %s', async (statement) => {
    await expect(role.query(statement)).rejects.toThrow(/42501|0LP01|01007/);
  });
});
