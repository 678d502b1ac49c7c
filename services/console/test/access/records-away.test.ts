import { openRecords, type Records } from '@hitonami/records';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPostgres, startPostgres, type Postgres } from '../../../../test/support/postgres.js';
import { errorOf, openDesk, PASSWORD, type Desk } from './desk.js';

describe.skipIf(!hasPostgres())('sign-in while the records are away', () => {
  let server: Postgres;
  let records: Records;
  let desk: Desk;
  beforeAll(async () => {
    server = await startPostgres();
    const url = await server.createDatabase();
    records = await openRecords({ url, passwordCost: { log2N: 10, r: 8, p: 1 } });
    await records.migrate();
    await records.users.createFirst({ name: 'chief', password: PASSWORD });
    desk = await openDesk({ records });
  }, 60_000);
  afterAll(async () => {
    await desk.app.close();
    await records.close();
    await server.remove();
  });

  it('says that it is not available, signs nobody out, and goes on when they are back', async () => {
    const browser = desk.browser();
    await browser.signIn('chief');
    await server.crash();
    for (const answer of [
      await browser.lamp(),
      await browser.get('/session'),
      await desk.browser().signIn('chief'),
    ]) {
      expect(errorOf(answer)).toEqual([503, 'unavailable']);
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    await server.start();
    expect((await browser.lamp()).json()).toMatchObject({ by: 'chief' });
  });

  it('counts a sign-in that could not be checked as no failure', async () => {
    const strict = await openDesk({ records, limits: { failuresOfPairMax: 2 } });
    await server.crash();
    for (let n = 0; n < 3; n++)
      expect((await strict.browser().signIn('chief')).statusCode).toBe(503);
    await server.start();
    expect((await strict.browser().signIn('chief')).statusCode).toBe(200);
    await strict.app.close();
  });
});
