import { join } from 'node:path';
import { leaveAuditEntry } from '@hitonami/records';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/support/event-log.js';
import type { testGovernance } from '../../../../test/support/plans.js';
import type { AuditEntry, AuditHeads, Problem, SitePurposes } from '../../src/contract/index.js';
import { Client, liveOf, PASSWORD, publishLive, type Console } from '../support.js';

/** Who reads, reads for a purpose of the plan: everything else is refused, and stands in the audit log. */
export function purposesSuite(desk: () => Console): void {
  let viewer: Client;
  let chief: Client;
  let upkeep: Client;
  const to = new Date();
  const range = `from=${new Date(to.getTime() - 3_600_000).toISOString()}&to=${to.toISOString()}`;
  const said = async (): Promise<string[]> =>
    (await chief.get<AuditEntry[]>('/audit?limit=500')).body.map(
      ({ user, action, subject, detail }) => `${user}: ${action} ${subject} (${detail})`,
    );

  beforeAll(async () => {
    [viewer, chief] = [await desk().as('viewer'), await desk().as('administrator')];
    const body = { name: 'the upkeep', password: PASSWORD, role: 'viewer', recipient: 'upkeep' };
    expect((await chief.send('POST', '/users', body)).status).toBe(201);
    upkeep = new Client(() => desk().url);
    await upkeep.enter('/session', { name: 'the upkeep', password: PASSWORD });
  });

  describe('a read', () => {
    it.each([
      'live',
      'headcount',
      'headcount/stream',
      `history?${range}`,
      `flows?${range}`,
      `flows?${range}&format=csv`,
      `areas/hall/series?${range}`,
      `areas/hall/series?${range}&format=csv`,
      `areas/hall/dwell?${range}`,
      'areas/hall/usual',
      `lines/middle/series?${range}&format=csv`,
      'report?period=day&format=csv',
    ])('of %s is refused without a purpose, and for one that does not cover it', async (path) => {
      const url = `/sites/station/${path}`;
      const none = await viewer.get<Problem>(url);
      expect([none.status, none.body.error]).toEqual([403, 'purpose']);
      expect(none.body.message).toBe('a read names its purpose: add purpose=safety.');
      const other = await viewer.get<Problem>(
        `${url}${url.includes('?') ? '&' : '?'}purpose=planning`,
      );
      expect([other.status, other.body.error]).toEqual([403, 'purpose']);
      expect(other.body.sentence?.en).toMatch(/^the purpose 'planning' does not use .*name safety/);
      expect(other.body.sentence?.ja).toMatch(/目的「試験」は.*を使いません。.*safety/);
    });

    it('says in the API’s document that it names one', async () => {
      type Operation = { parameters?: { name: string; in: string }[] };
      const { body } = await desk().stranger.get<{ paths: Record<string, { get?: Operation }> }>(
        '/openapi.json',
      );
      const named = Object.entries(body.paths)
        .filter(([, { get }]) => get?.parameters?.some(({ name }) => name === 'purpose'))
        .map(([path]) => path.replace('/api/v1/sites/{site}/', ''));
      expect(named.sort()).toEqual([
        'areas/{area}/dwell',
        'areas/{area}/series',
        'areas/{area}/usual',
        'flows',
        'headcount',
        'headcount/stream',
        'history',
        'lines/{line}/series',
        'live',
        'report',
      ]);
    });

    it('of what the purpose had not begun for is refused with the day from which it is not', async () => {
      const body = { name: 'the heirs', password: PASSWORD, role: 'viewer', recipient: 'heirs' };
      await chief.send('POST', '/users', body);
      const heirs = new Client(() => desk().url);
      await heirs.enter('/session', { name: body.name, password: PASSWORD });
      const early = await heirs.get<Problem>(
        `/sites/station/areas/hall/series?purpose=late&${range}`,
      );
      expect(early.status).toBe(403);
      expect(early.body.sentence?.en).toMatch(/'late' begins on 2999-01-08.*ask from that day on/);
      expect(early.body.readableFrom).toBe('2999-01-07T15:00:00.000Z');
    });

    it('of what is kept for less long is refused with the time from which it is not', async () => {
      const old = `from=2020-01-01T00:00:00Z&to=2020-01-01T01:00:00Z&step=10`;
      const answer = await viewer.get<Problem>(
        `/sites/station/areas/hall/series?purpose=safety&${old}`,
      );
      expect(answer.body.sentence?.en).toMatch(/keeps measures of the base window for 7 days/);
    });

    it('by the account of who works for the operator gets what is for that one, at its places, and no more', async () => {
      const { body } = await upkeep.get<SitePurposes>('/sites/station/purposes');
      expect(body).toMatchObject({
        recipient: { id: 'upkeep', name: { en: 'Upkeep' } },
        outside: null,
        purposes: [
          {
            id: 'streets',
            items: ['measures'],
            places: ['gate'],
            readableFrom: { measures: '1970-01-08T15:00:00.000Z' },
          },
        ],
      });
      const series = (area: string, purpose: string) =>
        upkeep.get<Problem>(`/sites/station/areas/${area}/series?${range}&purpose=${purpose}`);
      expect((await series('gate', 'streets')).status).toBe(200);
      expect((await series('gate', 'safety')).body.sentence?.en).toMatch(
        /gives nothing to 'upkeep'/,
      );
      expect((await series('hall', 'streets')).body.sentence?.en).toMatch(/about gate alone/);
      expect((await upkeep.get(`/sites/station/history?${range}&purpose=streets`)).status).toBe(
        403,
      );
      const live = await upkeep.get<Problem>('/sites/station/live?purpose=streets');
      expect(live.status).toBe(403);
      expect((await viewer.get<SitePurposes>('/sites/station/purposes')).body).toMatchObject({
        recipient: { id: 'operator' },
        purposes: [
          { id: 'safety', places: null, readableFrom: { measures: '1970-01-08T15:00:00.000Z' } },
          { id: 'planning' },
          { id: 'research' },
        ],
      });
    });

    it('of alerts needs no purpose: they are about places, and everybody inside is told', async () => {
      const stream = await upkeep.watch('/sites/station/alerts/stream');
      await eventually('the alerts', () => stream.last('alerts'));
      await publishLive(desk().log, liveOf(desk().plan, 3));
      expect((await upkeep.get('/sites/station/alerts')).status).toBe(200);
      expect(stream.events.map(({ event }) => event)).not.toContain('snapshot');
      stream.stop();
    });

    it('stands in the audit log, once for as long as it goes on, and so does a refused one', async () => {
      const user = { name: 'a reader', password: PASSWORD, role: 'viewer' };
      await chief.send('POST', '/users', user);
      const reader = new Client(() => desk().url);
      await reader.enter('/session', { name: user.name, password: PASSWORD });
      for (let n = 0; n < 3; n += 1) {
        await reader.get(`/sites/station/areas/hall/series?${range}&purpose=safety`);
        await reader.get('/sites/station/live?purpose=research');
        (await reader.watch('/sites/station/live?purpose=safety')).stop();
      }
      const own = (await said()).filter((line) => line.startsWith('a reader: '));
      expect(own.filter((line) => !line.includes('session.'))).toEqual([
        'a reader: live.read station (purpose safety)',
        expect.stringMatching(
          /^a reader: live\.refuse station \(purpose research: the purpose 'research' does not use where people are now/,
        ),
        'a reader: measures.read station (purpose safety)',
      ]);
    });

    it('ends within seconds where the account acts for another recipient from now on', async () => {
      const users = await chief.get<{ id: string; name: string }[]>('/users');
      const reader = users.body.find(({ name }) => name === 'a reader');
      const own = new Client(() => desk().url);
      await own.enter('/session', { name: 'a reader', password: PASSWORD });
      const stream = await own.watch('/sites/station/live?purpose=safety');
      await chief.send('PATCH', `/users/${reader?.id}`, { recipient: 'upkeep' });
      await eventually('the stream has ended', () => stream.isOver, 15_000);
      expect((await own.get('/sites/station/purposes')).status).toBe(401);
    }, 20_000);
  });

  describe('what a command beside the console notes', () => {
    it('is in the audit log within seconds, as that command’s', async () => {
      await leaveAuditEntry(join(desk().folder, 'records'), {
        ...{ user: 'chief', action: 'data.read', subject: 'positions', detail: 'purpose research' },
      });
      const line = await eventually(
        'the entry',
        async () => (await said()).find((one) => one.includes('data.read positions')),
        15_000,
      );
      expect(line).toMatch(/^os:chief: data\.read positions \(purpose research \(left at /);
    }, 20_000);
  });

  describe('the head of the audit log', () => {
    it('is told to everybody, so that nobody can rewrite it unseen', async () => {
      const { status, body } = await eventually('a head', async () => {
        await desk().restart();
        const answer = await desk().stranger.get<AuditHeads>('/audit/heads');
        return answer.body.length > 0 && answer;
      });
      expect([status, body.length]).toEqual([200, 1]);
      expect(body[0]).toMatchObject({
        day: new Date().toISOString().slice(0, 10),
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    }, 30_000);
  });

  describe('a plan that gives data to one more recipient', () => {
    it('cannot be saved before its notice has stood, and the date is said', async () => {
      const engineer = await desk().as('engineer');
      const versions = await engineer.get<{ version: number }[]>('/sites/station/plans');
      const basedOn = versions.body[0]?.version ?? 0;
      const { body } = await engineer.get<{ plan: { governance: object } }>(
        `/sites/station/plan?version=${basedOn}`,
      );
      const governance = body.plan.governance as ReturnType<typeof testGovernance>;
      const today = new Date().toISOString().slice(0, 10);
      const purposes = governance.purposes.map((purpose) =>
        purpose.id === 'planning'
          ? { ...purpose, recipients: ['operator', 'upkeep'], noticePublishedOn: today }
          : purpose,
      );
      const plan = { ...body.plan, governance: { ...governance, purposes } };
      const answer = await engineer.send<Problem>('POST', '/sites/station/plans', {
        ...{ plan, note: 'the upkeep too', basedOn },
      });
      expect(answer.status).toBe(400);
      expect(answer.body.message).toMatch(
        /gives data to Upkeep: the notice has to stand first\. Set inForceFrom to \d{4}-\d\d-\d\d or later/,
      );
      const date = /to (\d{4}-\d\d-\d\d) or later/.exec(answer.body.message)?.[1] ?? '';
      const later = { ...plan, inForceFrom: `${date}T00:00:00+09:00` };
      const taken = await engineer.send('POST', '/sites/station/plans', {
        ...{ plan: later, note: 'the upkeep too, when it was told', basedOn },
      });
      expect(taken.status).toBe(201);
    });
  });
}
