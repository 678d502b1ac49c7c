import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate, MIGRATIONS } from '../src/migrations/migrate.js';
import { recordsOver } from '../src/open.js';
import { ERASED_DAYS, UNUSED_DAYS, type Records } from '../src/index.js';
import type { Database } from '../src/sql/port.js';
import { alertsContract } from './contract-alerts.js';
import { agedAudit, auditContract } from './contract-audit.js';
import { buyerEndsContract } from './contract-buyer-ends.js';
import { buyerKeysContract } from './contract-buyer-keys.js';
import { buyersContract } from './contract-buyers.js';
import { inquiriesContract } from './contract-inquiries.js';
import { ledgerContract } from './contract-ledger.js';
import { shiftContract } from './contract-shift.js';
import { stillsContract } from './contract-stills.js';
import { CHEAP, HOUR_MS, PASSWORD, type Target } from './support.js';

/** What hitonami asks of its records, in PostgreSQL and embedded: one suite for both. */
export function recordsContract(name: string, start: () => Promise<Target>): void {
  describe(`records: ${name}`, () => {
    let target: Target;
    let database: Database;
    let records: Records;
    let firstId: string;

    beforeAll(async () => {
      target = await start();
      database = await target.open();
      records = recordsOver(database, { passwordCost: CHEAP });
    }, 60_000);
    afterAll(async () => {
      await database.close();
      await target.remove();
    });

    describe('the tables', () => {
      it('are brought to the newest version by one of several who try at once', async () => {
        const applied = await Promise.all([1, 2, 3].map(() => records.migrate()));
        expect(applied.flat()).toEqual(MIGRATIONS.map(({ version }) => version));
        expect(await records.migrate()).toEqual([]);
        await records.check();
      });

      it('stay as they were where a step fails', async () => {
        const broken = {
          version: MIGRATIONS.length + 1,
          name: 'broken',
          script: 'CREATE TABLE half (n int); SELECT 1/0',
        };
        await expect(migrate(database, [...MIGRATIONS, broken])).rejects.toThrow('22012');
        await expect(database.query('SELECT * FROM half')).rejects.toThrow('42P01');
        expect(await records.migrate()).toEqual([]);
      });

      it('chain what an older program wrote into the audit log, and lose of it what is of age', async () => {
        const other = await target.another('older');
        try {
          await migrate(other, MIGRATIONS.slice(0, 3));
          await other.query(
            `INSERT INTO audit (at, user_name, action, subject, detail, address) VALUES
               ($1, NULL, 'sign-in', '駅', '', ''), ($1, 'aoi', 'plan.save', '', $2, '::1')`,
            [new Date(Date.UTC(2020, 1, 29, 1, 2, 3, 456)), '人;3:x'],
          );
          const later = recordsOver(other, { passwordCost: CHEAP });
          expect(await later.migrate()).toEqual(MIGRATIONS.slice(3).map(({ version }) => version));
          const { count, broken } = await later.audit.verify();
          expect([count, broken]).toEqual([2, undefined]);
          expect(await later.audit.tidy()).toBe(2);
          expect(await later.audit.verify()).toMatchObject({ count: 0, erased: 2 });
          await agedAudit(later);
        } finally {
          await other.close();
        }
      });

      it('are refused by a program that is older than they are', async () => {
        await expect(migrate(database, [])).rejects.toMatchObject({
          code: 'CONFIG',
          detail: 'records-newer',
        });
      });
    });

    describe('users', () => {
      it('have a first administrator, of whom there is one, however many try at once', async () => {
        expect(await records.users.isEmpty()).toBe(true);
        const tries = await Promise.allSettled(
          ['first', 'second', 'third'].map((user) =>
            records.users.createFirst({ name: user, password: PASSWORD }),
          ),
        );
        const made = tries.flatMap((done) => (done.status === 'fulfilled' ? [done.value] : []));
        expect(made).toMatchObject([{ role: 'administrator', origin: 'local', disabled: false }]);
        firstId = made[0]?.id ?? '';
        expect(await records.users.isEmpty()).toBe(false);
        await expect(
          records.users.createFirst({ name: 'later', password: PASSWORD }),
        ).rejects.toMatchObject({ code: 'INPUT', detail: 'not-first' });
      });

      it('come in with their own password alone', async () => {
        const made = await records.users.create({
          name: 'aoi',
          password: PASSWORD,
          role: 'viewer',
        });
        expect(await records.users.authenticate('aoi', PASSWORD)).toEqual(made);
        expect(await records.users.authenticate('aoi', `${PASSWORD} `)).toBeUndefined();
        expect(await records.users.authenticate('aoi', '')).toBeUndefined();
        expect(await records.users.authenticate('nobody', PASSWORD)).toBeUndefined();
        expect(await records.users.authenticate('aoi\u0000', PASSWORD)).toBeUndefined();
      });

      it('are found by their name in whatever case and width, and no second one may look the same', async () => {
        await records.users.create({ name: 'Ｋｅｉ', password: PASSWORD, role: 'viewer' });
        expect(await records.users.authenticate(' KEI ', PASSWORD)).toMatchObject({ name: 'Kei' });
        expect(await records.users.hasName('kei')).toBe(true);
        await expect(
          records.users.create({ name: 'kEI', password: PASSWORD, role: 'viewer' }),
        ).rejects.toMatchObject({ code: 'INPUT', detail: 'users_name_taken' });
      });

      it('may be called like a statement of SQL, and are taken by their word', async () => {
        for (const name of [`'; DROP TABLE users; --`, `" OR 1=1`, `$1`, `\\'`, '%', '<script>']) {
          const made = await records.users.create({ name, password: PASSWORD, role: 'viewer' });
          expect(made.name).toBe(name);
          expect(await records.users.authenticate(name, PASSWORD)).toEqual(made);
        }
        expect((await records.users.list()).length).toBeGreaterThan(6);
      });

      it('have a name of at most 100 characters, none of which hides something', async () => {
        for (const name of [
          '',
          '  ',
          'x'.repeat(101),
          'x'.repeat(1_000_000),
          'a\u0000b',
          'a\nb',
          'a\u202eb',
        ])
          await expect(
            records.users.create({ name, password: PASSWORD, role: 'viewer' }),
          ).rejects.toMatchObject({ code: 'INPUT', detail: 'name' });
        expect(await records.users.authenticate('x'.repeat(1_000_000), PASSWORD)).toBeUndefined();
      });

      it('keep no password that could be read, and a hash that says how it was made', async () => {
        const rows = await database.query<{ password: string }>(
          `SELECT password FROM users WHERE name_key = 'aoi'`,
        );
        expect(rows[0]?.password).toMatch(/^scrypt\$10\$8\$1\$[\w+/=]{24}\$[\w+/=]{44}$/);
        expect(JSON.stringify(rows)).not.toContain(PASSWORD);
      });

      it('get a new hash when they next come in after the cost was raised', async () => {
        const dearer = recordsOver(database, { passwordCost: { ...CHEAP, log2N: 11 } });
        expect(await dearer.users.authenticate('aoi', PASSWORD)).toMatchObject({ name: 'aoi' });
        const rows = await database.query<{ password: string }>(
          `SELECT password FROM users WHERE name_key = 'aoi'`,
        );
        expect(rows[0]?.password).toMatch(/^scrypt\$11\$/);
        expect(await records.users.authenticate('aoi', PASSWORD)).toMatchObject({ name: 'aoi' });
      });

      it('always include one who administers', async () => {
        const last = { code: 'INPUT', detail: 'last-administrator' };
        await expect(records.users.change(firstId, { role: 'viewer' })).rejects.toMatchObject(last);
        await expect(records.users.change(firstId, { disabled: true })).rejects.toMatchObject(last);
        const other = await records.users.create({
          name: 'other',
          password: PASSWORD,
          role: 'administrator',
        });
        const both = [firstId, other.id].map((id) => records.users.change(id, { disabled: true }));
        const outcomes = await Promise.allSettled(both);
        expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        const left = (await records.users.list()).filter(
          ({ role, disabled }) => role === 'administrator' && !disabled,
        );
        expect(left).toHaveLength(1);
      });

      it('from a provider are made once, follow its roles, and never take over a name', async () => {
        const who = { issuer: 'https://id.example', subject: '17', name: 'aoi' };
        const made = await records.users.signedInElsewhere({ ...who, role: 'operator' });
        expect(made).toMatchObject({ name: 'aoi (2)', origin: 'oidc', role: 'operator' });
        const again = await records.users.signedInElsewhere({
          ...who,
          name: 'x',
          role: 'engineer',
        });
        expect(again).toEqual({ ...made, role: 'engineer' });
        const elsewhere = { ...who, issuer: 'https://other.example' };
        const other = await records.users.signedInElsewhere({ ...elsewhere, role: 'viewer' });
        expect(other).toMatchObject({ name: 'aoi (3)' });
        expect(await records.users.authenticate('aoi (2)', '')).toBeUndefined();
        await expect(records.users.change(made.id, { password: PASSWORD })).rejects.toMatchObject({
          detail: 'password-elsewhere',
        });
        await records.users.change(made.id, { disabled: true });
        const after = await records.users.signedInElsewhere({ ...who, role: 'administrator' });
        expect(after.disabled).toBe(true);
      });
    });

    describe('accounts that nobody uses', () => {
      it('are disabled after half a year and erased after a year; an administrator always stays', async () => {
        const other = recordsOver(await target.another('accounts'), { passwordCost: CHEAP });
        try {
          await other.migrate();
          const first = await other.users.createFirst({ name: 'first', password: PASSWORD });
          const city = {
            name: 'city',
            password: PASSWORD,
            role: 'viewer',
            recipient: 'city',
          } as const;
          const made = await other.users.create(city);
          expect([first.recipient, made.recipient]).toEqual([null, 'city']);
          const { session } = await other.sessions.start(made.id);
          expect(session.user.recipient).toBe('city');
          expect(await other.users.change(made.id, { recipient: null })).toMatchObject({
            recipient: null,
          });
          const after = (days: number): Date => new Date(Date.now() + days * 24 * HOUR_MS);
          const none = { disabled: [], erased: [] };
          expect(await other.users.tidy(after(UNUSED_DAYS - 1))).toEqual(none);
          expect(await other.users.tidy(after(UNUSED_DAYS + 1))).toEqual({
            disabled: ['city'],
            erased: [],
          });
          expect(await other.sessions.useAll([session.id])).toEqual(new Set());
          // Who is let in again has half a year from then.
          await other.users.change(made.id, { disabled: false });
          expect(await other.users.tidy(after(UNUSED_DAYS - 1))).toEqual(none);
          expect(await other.users.tidy(after(ERASED_DAYS + 1))).toEqual({
            disabled: [],
            erased: ['city'],
          });
          expect((await other.users.list()).map(({ name: left }) => left)).toEqual(['first']);
        } finally {
          await other.close();
        }
      });
    });

    describe('sessions', () => {
      const now = new Date('2026-11-22T08:00:00Z');
      const later = (ms: number): Date => new Date(now.getTime() + ms);
      const newUser = (name: string) =>
        records.users.create({ name, password: PASSWORD, role: 'operator' });

      it('are known by a token that is kept nowhere', async () => {
        const user = await newUser('s1');
        const { session, token } = await records.sessions.start(user.id, now);
        expect(token).toMatch(/^[\w-]{43}$/);
        expect(await records.sessions.use(token, later(1))).toEqual({ ...session, user });
        expect(await records.sessions.use(`${token.slice(1)}A`, later(1))).toBeUndefined();
        const rows = await database.query('SELECT * FROM sessions');
        expect(JSON.stringify(rows)).not.toContain(token);
      });

      it('end when they are not used for two hours, and after twelve whatever is done', async () => {
        const user = await newUser('s2');
        const { token } = await records.sessions.start(user.id, now);
        expect(await records.sessions.use(token, later(2 * HOUR_MS))).toBeUndefined();
        for (let hour = 1; hour < 12; hour++)
          expect(await records.sessions.use(token, later(hour * HOUR_MS))).toBeDefined();
        expect(await records.sessions.use(token, later(12 * HOUR_MS))).toBeUndefined();
      });

      it('end at once when the user is disabled, gets another password, or signs out', async () => {
        const user = await newUser('s3');
        const start = async () => (await records.sessions.start(user.id, now)).token;
        const tokens = [await start(), await start()];
        await records.users.change(user.id, { password: 'another long password' });
        for (const token of tokens) expect(await records.sessions.use(token, now)).toBeUndefined();
        const { session, token } = await records.sessions.start(user.id, now);
        await records.sessions.end(session.id);
        expect(await records.sessions.use(token, now)).toBeUndefined();
        const last = await start();
        await records.users.change(user.id, { disabled: true });
        expect(await records.sessions.use(last, now)).toBeUndefined();
        expect(await records.users.authenticate('s3', 'another long password')).toBeUndefined();
        await expect(records.sessions.start(user.id, now)).rejects.toMatchObject({
          detail: 'disabled',
        });
      });

      it('follow a change of role at their next use', async () => {
        const user = await newUser('s4');
        const { token } = await records.sessions.start(user.id, now);
        await records.users.change(user.id, { role: 'viewer' });
        expect((await records.sessions.use(token, now))?.user.role).toBe('viewer');
      });

      it('that a stream holds are used as long as it is open, and are told apart from those that ended', async () => {
        const user = await newUser('s5');
        const [kept, ended] = [
          await records.sessions.start(user.id, now),
          await records.sessions.start(user.id, now),
        ];
        await records.sessions.end(ended.session.id);
        const ids = [kept.session.id, ended.session.id, 'unknown'];
        for (let hour = 1; hour < 12; hour++)
          expect(await records.sessions.useAll(ids, later(hour * HOUR_MS))).toEqual(
            new Set([kept.session.id]),
          );
        expect(await records.sessions.useAll(ids, later(12 * HOUR_MS))).toEqual(new Set());
        expect(await records.sessions.useAll([])).toEqual(new Set());
      });

      it('of one user are at most fifty: the oldest goes', async () => {
        const user = await newUser('s6');
        const tokens: string[] = [];
        for (let n = 0; n <= 50; n++)
          tokens.push((await records.sessions.start(user.id, later(n))).token);
        const [oldest = '', second = ''] = tokens;
        expect(await records.sessions.use(oldest, later(51))).toBeUndefined();
        expect(await records.sessions.use(second, later(51))).toBeDefined();
        await records.sessions.endAllOf(user.id);
        expect(await records.sessions.use(second, later(51))).toBeUndefined();
      });

      it('that have ended are deleted', async () => {
        const user = await newUser('s7');
        await records.sessions.start(user.id, now);
        expect(await records.sessions.tidy(later(12 * HOUR_MS))).toBeGreaterThan(0);
        expect(await database.query('SELECT 1 FROM sessions')).toEqual([]);
      });
    });

    describe('the audit log', () => {
      const entry = {
        user: 'aoi',
        action: 'plan.save',
        subject: 'shibuya',
        detail: '',
        address: '::1',
      };

      it('tells the newest first, page by page', async () => {
        for (let n = 0; n < 5; n++) await records.audit.append({ ...entry, detail: `${n}` });
        const page = await records.audit.list({ limit: 3 });
        expect(page.map(({ detail }) => detail)).toEqual(['4', '3', '2']);
        const rest = await records.audit.list({ limit: 3, before: page.at(-1)?.id });
        expect(rest.map(({ detail }) => detail)).toEqual(['1', '0']);
        expect(page[0]).toMatchObject({ ...entry, detail: '4' });
      });

      it('is only added to, whoever asks the database', async () => {
        for (const statement of [
          'DELETE FROM audit',
          `UPDATE audit SET detail = ''`,
          'TRUNCATE audit',
        ])
          await expect(database.query(statement)).rejects.toMatchObject({ detail: 'append_only' });
        expect(await records.audit.list()).toHaveLength(5);
      });

      it('refuses what is too long', async () => {
        await expect(
          records.audit.append({ ...entry, detail: 'x'.repeat(1_000_000) }),
        ).rejects.toMatchObject({ code: 'INPUT', detail: 'detail' });
      });
    });

    auditContract(
      () => records,
      () => database,
    );

    describe('plans', () => {
      const plan = {
        site: 'shibuya',
        version: 2,
        savedBy: 'aoi',
        note: 'a wider hall',
        document: '{}',
      };

      it('remember who saved which version when and why, and each as it was', async () => {
        const savedAt = new Date('2026-11-22T08:00:00Z');
        const document = JSON.stringify({ 名前: 'x'.repeat(1_000_000) });
        await records.plans.save({ ...plan, savedAt, document });
        await records.plans.save({ ...plan, version: 3 });
        expect(await records.plans.list('shibuya')).toMatchObject([
          { version: 3 },
          { version: 2, savedAt },
        ]);
        expect(await records.plans.document('shibuya', 2)).toBe(document);
        expect(await records.plans.document('ueno', 2)).toBeUndefined();
      });

      it('have each version once', async () => {
        await expect(records.plans.save({ ...plan, savedBy: 'kei' })).rejects.toMatchObject({
          code: 'INPUT',
          detail: 'plans_version_taken',
        });
        await records.plans.withdraw('shibuya', 2);
        await records.plans.save(plan);
      });
    });

    shiftContract(() => records);
    stillsContract(() => records);
    inquiriesContract(() => records);
    buyersContract(
      () => records,
      () => database,
    );
    buyerKeysContract(
      () => records,
      () => database,
    );
    buyerEndsContract(
      () => records,
      () => database,
    );
    ledgerContract(
      () => records,
      () => database,
    );
    alertsContract(
      () => records,
      () => database,
    );
  });
}
