import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALERT_SEVERITIES } from '@hitonami/model';
import type { AlertReport, Records } from '../src/index.js';
import type { Database } from '../src/sql/port.js';
import { minutes, report } from './support.js';

export function alertsContract(given: () => Records, database: () => Database): void {
  describe('alerts', () => {
    const alerts = (): Records['alerts'] => given().alerts;
    const kinds = async (id: string): Promise<string[]> =>
      (await alerts().actions(id)).map(({ kind }) => kind);

    it('are the same in whatever order and however often their reports come', async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(histories, async ({ steps, order }) => {
          const id = `order-${++run}`;
          const reports = steps.map((step, i) =>
            report({ ...step, id, revision: i + 1, at: minutes(i), value: i }),
          );
          for (const i of order) await alerts().upsert(reports[i % reports.length] ?? fail());
          // Whatever was missed before, the last one tells it all.
          const last = reports.at(-1) ?? fail();
          await alerts().upsert(last);
          expect(await alerts().get(id)).toMatchObject({ ...last });
          expect((await alerts().upsert(last)).outcome).toBe('old');
          expect((await kinds(id)).length).toBeLessThanOrEqual(reports.length + 1);
        }),
        { numRuns: 25 },
      );
    });

    it('say what a report changed', async () => {
      const first = report({ id: 'outcome' });
      const outcomes = [];
      for (const next of [
        first,
        first,
        { ...first, at: minutes(1), value: 3 },
        { ...first, revision: 2, at: minutes(2), state: 'cannot-see' as const },
        { ...first, at: minutes(3), value: 9 },
        { ...first, revision: 3, at: minutes(4), state: 'resolved' as const },
      ])
        outcomes.push((await alerts().upsert(next)).outcome);
      expect(outcomes).toEqual(['new', 'old', 'refreshed', 'changed', 'old', 'changed']);
      expect(await kinds('outcome')).toEqual(['fired', 'changed', 'resolved']);
    });

    it('are taken in once by many consoles at once', async () => {
      const same = report({ id: 'at-once' });
      const done = await Promise.all([1, 2, 3, 4].map(() => alerts().upsert(same)));
      expect(done.map(({ outcome }) => outcome).sort()).toEqual(['new', 'old', 'old', 'old']);
      expect(await kinds('at-once')).toEqual(['fired']);
    });

    it('are acknowledged by the first who does', async () => {
      await alerts().upsert(report({ id: 'ack' }));
      const by = { acknowledgedBy: 'aoi', acknowledgedAt: minutes(1) };
      expect(
        await alerts().acknowledge('ack', { user: 'aoi', note: '確認', at: minutes(1) }),
      ).toMatchObject(by);
      expect(await alerts().acknowledge('ack', { user: 'kei', at: minutes(2) })).toMatchObject(by);
      expect(await alerts().actions('ack')).toMatchObject([
        { kind: 'fired', user: null, text: 'warning' },
        { kind: 'acknowledged', user: 'aoi', text: '確認', at: minutes(1) },
      ]);
      expect(await alerts().acknowledge('unknown', { user: 'aoi' })).toBeUndefined();
    });

    it('wake people again when they become worse, not when they become less', async () => {
      const first = report({ id: 'worse', severity: 'critical' });
      await alerts().upsert(first);
      await alerts().acknowledge('worse', { user: 'aoi' });
      await alerts().shelve('worse', {
        user: 'aoi',
        until: minutes(60),
        reason: 'works',
        at: minutes(1),
      });
      await alerts().escalate('worse', { text: 'told the duty manager' });
      const less = { ...first, revision: 2, severity: 'warning' as const };
      expect((await alerts().upsert(less)).alert).toMatchObject({
        acknowledgedBy: 'aoi',
        shelvedBy: 'aoi',
      });
      const more = { ...first, revision: 3, severity: 'emergency' as const };
      expect((await alerts().upsert(more)).alert).toMatchObject({
        acknowledgedBy: null,
        acknowledgedAt: null,
        shelvedBy: null,
        shelvedUntil: null,
        escalatedAt: null,
      });
    });

    it('are shelved until an end, and taken from the shelf before', async () => {
      await alerts().upsert(report({ id: 'shelf' }));
      const until = minutes(30);
      const by = { user: 'aoi', reason: '工事', at: minutes(1) };
      expect(await alerts().shelve('shelf', { ...by, until })).toMatchObject({
        shelvedBy: 'aoi',
        shelvedUntil: until,
      });
      expect(await alerts().unshelve('shelf', { user: 'kei' })).toMatchObject({
        shelvedUntil: null,
      });
      expect(await kinds('shelf')).toEqual(['fired', 'shelved', 'unshelved']);
      for (const wrong of [minutes(1), minutes(0), new Date('never')])
        await expect(alerts().shelve('shelf', { ...by, until: wrong })).rejects.toMatchObject({
          detail: 'until',
        });
    });

    it('are escalated by one console alone', async () => {
      await alerts().upsert(report({ id: 'phone' }));
      const calls = [1, 2, 3].map(() => alerts().escalate('phone', { text: 'called' }));
      expect((await Promise.all(calls)).sort()).toEqual([false, false, true]);
      expect(await kinds('phone')).toEqual(['fired', 'escalated']);
      expect(await alerts().escalate('unknown', { text: '' })).toBe(false);
    });

    it('are called about by one console at a time, and by another when that one has gone', async () => {
      const severity = 'critical';
      await alerts().upsert(report({ id: 'claim', severity }));
      const claim = (console: string, forMs = 60_000) =>
        alerts().claimEscalation('claim', { console, severity, forMs });
      expect((await Promise.all(['a', 'b', 'c'].map((one) => claim(one)))).sort()).toEqual([
        ...[false, false, true],
      ]);
      await Promise.all(
        ['a', 'b', 'c'].map((console) => alerts().releaseEscalation('claim', { console })),
      );
      expect([await claim('a'), await claim('b'), await claim('a', 50)]).toEqual([
        ...[true, false, true],
      ]);
      await new Promise((resolve) => setTimeout(resolve, 60));
      expect([await claim('b'), await claim('a')]).toEqual([true, false]);
      // It has become graver: what was claimed was the call about something lesser.
      await alerts().upsert(
        report({ id: 'claim', severity: 'emergency', revision: 2, at: minutes(1) }),
      );
      expect(await claim('b')).toBe(false);
      expect(await alerts().escalate('claim', { text: 'called', severity })).toBe(false);
      const grave = { console: 'a', severity: 'emergency' as const, forMs: 1_000 };
      expect(await alerts().claimEscalation('claim', grave)).toBe(true);
      expect(await alerts().escalate('claim', { text: 'called', severity: 'emergency' })).toBe(
        true,
      );
      expect(await alerts().claimEscalation('claim', { ...grave, console: 'b' })).toBe(false);
      expect(await kinds('claim')).toEqual(['fired', 'changed', 'escalated']);
    });

    it('keep a log of what was done, which is only added to', async () => {
      await alerts().upsert(report({ id: 'log' }));
      await alerts().act('log', { user: 'aoi', kind: 'step', text: '改札を制限' });
      await alerts().act('log', { user: 'kei', kind: 'note', text: `'); DROP TABLE alerts; --` });
      expect(await alerts().actions('log')).toMatchObject([
        { kind: 'fired' },
        { kind: 'step', user: 'aoi', text: '改札を制限' },
        { kind: 'note', user: 'kei', text: `'); DROP TABLE alerts; --` },
      ]);
      expect(await alerts().actions('log', 2)).toMatchObject([{ kind: 'step' }, { kind: 'note' }]);
      const both = await alerts().actionsOf(['log', 'phone', 'unknown']);
      expect([...both].map(([id, actions]) => [id, actions.length])).toEqual([
        ['log', 3],
        ['phone', 2],
        ['unknown', 0],
      ]);
      await expect(database().query('DELETE FROM alert_actions')).rejects.toMatchObject({
        detail: 'append_only',
      });
      await expect(
        alerts().act('log', { user: 'aoi', kind: 'note', text: 'x'.repeat(1_000_000) }),
      ).rejects.toMatchObject({ code: 'INPUT', detail: 'text' });
    });

    it('are listed while they are active, and by the time in which they were', async () => {
      const site = 'ueno';
      const early = report({ id: 'u1', site, since: minutes(0), at: minutes(0) });
      await alerts().upsert(early);
      await alerts().upsert(report({ id: 'u2', site, since: minutes(10), at: minutes(10) }));
      await alerts().upsert({ ...early, revision: 2, state: 'resolved', at: minutes(5) });
      const ids = (found: readonly { id: string }[]): string[] => found.map(({ id }) => id);
      expect(ids(await alerts().active(site))).toEqual(['u2']);
      expect(ids(await alerts().active()).includes('phone')).toBe(true);
      expect(ids(await alerts().active(undefined, 1))).toHaveLength(1);
      expect(ids(await alerts().between(site, minutes(0), minutes(60)))).toEqual(['u2', 'u1']);
      expect(ids(await alerts().between(site, minutes(6), minutes(60)))).toEqual(['u2']);
      expect(ids(await alerts().between(site, minutes(0), minutes(10)))).toEqual(['u1']);
    });

    it('refuse numbers that are none, and the id of another site', async () => {
      for (const value of [NaN, Infinity])
        await expect(alerts().upsert(report({ id: 'nan', value }))).rejects.toMatchObject({
          code: 'INPUT',
          detail: 'value',
        });
      expect(await alerts().get('nan')).toBeUndefined();
      await expect(alerts().upsert(report({ id: 'u1', site: 'shibuya' }))).rejects.toMatchObject({
        detail: 'id',
      });
      await expect(alerts().active('ueno', 0)).rejects.toMatchObject({ detail: 'limit' });
    });
  });
}

const step = fc.record<Pick<AlertReport, 'severity' | 'state'>>({
  severity: fc.constantFrom(...ALERT_SEVERITIES),
  state: fc.constantFrom('firing', 'cannot-see', 'resolved'),
});
const histories = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 4 }),
  order: fc.array(fc.nat(100), { maxLength: 6 }),
});

function fail(): never {
  throw new Error('no such report');
}
