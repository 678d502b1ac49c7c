import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { AUDIT_DAYS, leaveAuditEntry, takeAuditEntries, type Records } from '../src/index.js';
import type { Database } from '../src/sql/port.js';

const DAY_MS = 86_400_000;
const entry = { user: 'aoi', action: 'live.read', subject: 'shibuya', detail: '', address: '::1' };

/** The chain of the audit log: what of it can be seen to have been touched. */
export function auditContract(recordsOf: () => Records, databaseOf: () => Database): void {
  describe('the chain of the audit log', () => {
    let records: Records;
    let database: Database;
    beforeAll(async () => {
      [records, database] = [recordsOf(), databaseOf()];
      for (let n = 0; n < 3; n++) await records.audit.append({ ...entry, detail: `${n}` });
    });
    const ids = async (): Promise<number[]> =>
      (await records.audit.list({ limit: 1_000 })).map(({ id }) => id).reverse();
    /** Does something behind the back of the triggers, looks at the chain, and takes it back. */
    const behindItsBack = async (...statements: string[]) => {
      const copy = 'CREATE TABLE audit_copy AS SELECT * FROM audit';
      const back =
        'TRUNCATE audit; INSERT INTO audit SELECT * FROM audit_copy; DROP TABLE audit_copy';
      const off = 'ALTER TABLE audit DISABLE TRIGGER ALL';
      const on = 'ALTER TABLE audit ENABLE TRIGGER ALL';
      await database.script(`${copy}; ${off}; ${statements.join('; ')}`);
      const verdict = await records.audit.verify();
      await database.script(`${back}; ${on}`);
      return verdict.broken;
    };

    it('holds together over everything that was ever written, with many who write at once', async () => {
      const many = Array.from({ length: 40 }, (_, n) =>
        records.audit.append({ ...entry, user: n % 2 ? null : 'kei', detail: `人 ${n}` }),
      );
      const written = await Promise.all(many);
      const all = await ids();
      expect(new Set(written.map(({ id }) => id)).size).toBe(40);
      expect(all).toEqual(all.map((_, i) => i + 1));
      const verdict = await records.audit.verify();
      expect(verdict).toMatchObject({ count: all.length, erased: 0, first: { id: 1 } });
      expect(verdict.broken).toBeUndefined();
      expect(verdict.head).toEqual({
        id: all.length,
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    });

    it('can be computed by anyone from what the README says', async () => {
      const [row] = await database.query<{ previous_hash: string; hash: string; at: Date }>(
        'SELECT previous_hash, hash, at FROM audit WHERE id = 1',
      );
      const first = (await records.audit.list({ limit: 1_000 })).at(-1);
      if (row === undefined || first?.id !== 1) throw new Error('no first entry');
      const us = `${row.at.getTime()}000`;
      const fields = [
        '1',
        us,
        first.user ?? '',
        first.action,
        first.subject,
        first.detail,
        first.address,
      ];
      const form = fields.map((field) => `${Buffer.byteLength(field)}:${field};`).join('');
      const hash = createHash('sha256').update('0'.repeat(64)).update(form).digest('hex');
      expect([row.previous_hash, row.hash]).toEqual(['0'.repeat(64), hash]);
    });

    it('is broken where an entry was changed, moved in time, taken out or put in', async () => {
      const { head } = await records.audit.verify();
      const last = head?.id ?? 0;
      const break3 = { id: 3, why: 'changed' };
      expect(await behindItsBack(`UPDATE audit SET detail = 'x' WHERE id = 3`)).toEqual(break3);
      expect(await behindItsBack(`UPDATE audit SET user_name = NULL WHERE id = 3`)).toEqual(break3);
      const later = `UPDATE audit SET at = at + interval '1 second' WHERE id = 3`;
      expect(await behindItsBack(later)).toEqual(break3);
      expect(await behindItsBack(`DELETE FROM audit WHERE id = 3`)).toEqual({
        id: 4,
        why: 'unlinked',
      });
      expect(await behindItsBack(`DELETE FROM audit WHERE id = 1`)).toEqual({
        id: 2,
        why: 'unlinked',
      });
      const forged = `INSERT INTO audit SELECT id + 1, at, user_name, action, subject, detail, address, hash, repeat('a', 64) FROM audit WHERE id = ${last}`;
      expect(await behindItsBack(forged)).toEqual({ id: last + 1, why: 'changed' });
      expect((await records.audit.verify()).broken).toBeUndefined();
    });

    it('has a head that is published once a day, and shows who rewrote the whole or cut its end off', async () => {
      const { head } = await records.audit.verify();
      const today = new Date('2026-11-22T23:59:00Z');
      expect(await records.audit.publishHead(today)).toEqual({
        ...head,
        day: '2026-11-22',
        publishedAt: today,
      });
      expect(await records.audit.publishHead(today)).toBeUndefined();
      await records.audit.append(entry);
      expect(await records.audit.publishHead(new Date(today.getTime() + DAY_MS))).toMatchObject({
        id: (head?.id ?? 0) + 1,
      });
      expect((await records.audit.heads()).map(({ day }) => day)).toEqual([
        '2026-11-23',
        '2026-11-22',
      ]);
      await expect(database.query('DELETE FROM audit_heads')).rejects.toMatchObject({
        detail: 'append_only',
      });
      const last = (head?.id ?? 0) + 1;
      expect(await behindItsBack(`DELETE FROM audit WHERE id = ${last}`)).toEqual({
        id: last,
        why: 'head',
      });
      // Whoever owns the table rewrites all of it; what was told to the public is another hash.
      const kept = await records.audit.verify(head?.hash);
      expect(kept.hasHash).toBe(true);
      expect((await records.audit.verify('f'.repeat(64))).hasHash).toBe(false);
      const rewrite = `DELETE FROM audit WHERE id > 1;
        INSERT INTO audit SELECT id + 1, at, user_name, action, subject, detail, address, hash, repeat('b', 64) FROM audit WHERE id = 1`;
      expect(await behindItsBack(rewrite)).toEqual({ id: 2, why: 'changed' });
    });

    it('takes in what a command left, once, and says what it could not read', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'hitonami-inbox-'));
      try {
        expect(await takeAuditEntries(records.audit, folder)).toBe(0);
        const left = {
          user: 'aoi',
          action: 'data.read',
          subject: 'positions',
          detail: 'x',
        } as const;
        await leaveAuditEntry(folder, left, new Date('2026-11-22T08:00:00Z'));
        const deed = { ...left, action: 'user.create' } as unknown as typeof left;
        await expect(leaveAuditEntry(folder, deed)).rejects.toMatchObject({ code: 'INPUT' });
        await writeFile(join(folder, 'inbox', '9-torn.json'), '{"user": "os:aoi", "action": "dat');
        await writeFile(
          join(folder, 'inbox', '9-false.json'),
          JSON.stringify({ ...left, action: 'alert.acknowledge', at: '2026-11-22T08:00:00Z' }),
        );
        expect(await takeAuditEntries(records.audit, folder)).toBe(3);
        expect(await takeAuditEntries(records.audit, folder)).toBe(0);
        const [torn, forged, read] = await records.audit.list({ limit: 3 });
        expect(read).toMatchObject({
          ...{ user: 'os:aoi', action: 'data.read', address: 'this machine' },
          detail: 'x (left at 2026-11-22T08:00:00.000Z)',
        });
        for (const unreadable of [torn, forged])
          expect(unreadable).toMatchObject({ user: null, action: 'inbox.unreadable' });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });

    it('loses its oldest entries at their age alone, and the rest holds together', async () => {
      const before = await records.audit.verify();
      expect(await records.audit.tidy()).toBe(0);
      const now = Date.now();
      // The database's own clock decides what may go: an entry of today stays, whatever is said.
      await expect(
        records.audit.tidy(new Date(now + (AUDIT_DAYS + 1) * DAY_MS)),
      ).rejects.toMatchObject({ detail: 'append_only' });
      expect((await records.audit.verify()).count).toBe(before.count);
    });
  });
}

/** An audit log of a database of its own, with some entries that are of age behind two erased ones. */
export async function agedAudit(records: Records): Promise<void> {
  const days = [AUDIT_DAYS + 2, AUDIT_DAYS + 1, 10, AUDIT_DAYS + 1, 0];
  for (const day of days)
    await records.audit.append({ ...entry, at: new Date(Date.now() - day * DAY_MS) });
  const { head } = await records.audit.verify();
  // The third is young: what comes after it stays, so that the chain has no hole.
  expect(await records.audit.tidy()).toBe(2);
  expect(await records.audit.tidy()).toBe(0);
  expect(await records.audit.verify(head?.hash)).toMatchObject({
    count: 3,
    erased: 4,
    first: { id: 5 },
    head,
    broken: undefined,
    hasHash: true,
  });
  expect((await records.audit.append(entry)).id).toBe(8);
}
