import { publishPlan } from '@hitonami/service';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/support/event-log.js';
import { label, testGovernance, testPlan } from '../../../../test/support/plans.js';
import type { AuditEntry, Problem, SitePurposes, System } from '../../src/contract/index.js';
import type { Building } from '../neighbours.js';
import {
  alertOnLog,
  Client,
  liveOf,
  PASSWORD,
  publishAlert,
  publishLive,
  STATION,
  type Console,
} from '../support.js';

/** What an account of somebody outside may ask for of a site: nothing in it was measured. */
const OPEN = [
  ...['plan', 'plans', 'purposes', 'stills', 'cameras/{camera}/still', 'calendar'],
  ...['inquiries', 'buyers'],
];
const isOpen = (door: string): boolean => OPEN.includes(door) || /^(inquiries|buyers)\//.test(door);
const WORKS = { id: 'works', name: { ja: '工事', en: 'Works' }, contract: 'W-1' };

/** A site of its own, whose second version makes a third party of who worked for the operator. */
function houseOf(version: number) {
  const base = testGovernance();
  const [safety, ...others] = base.purposes;
  const keeper = { id: 'keeper', name: label, role: 'operator' };
  const works = { ...WORKS, role: version === 1 ? 'processor' : 'third-party' };
  const buyers = { id: 'buyers', name: label, role: 'buyers' };
  const [dataset] = STATION.datasets;
  const purposes = [
    { ...safety, recipients: ['keeper', 'works', 'buyers'] },
    ...others.map((purpose) => ({ ...purpose, recipients: ['keeper'] })),
  ].map((purpose) => ({
    ...purpose,
    noticePublishedOn: version === 1 ? '1970-01-02' : '2020-01-01',
  }));
  const governance = { ...base, recipients: [keeper, works, buyers], purposes };
  const at = version === 1 ? {} : { inForceFrom: new Date(Date.now() + 500).toISOString() };
  const datasets = [{ ...dataset, purpose: 'safety' }];
  // Of short windows: it is in force from the first that begins then.
  const windowS = 5;
  return testPlan({ ...STATION, site: 'house', version, windowS, governance, datasets, ...at });
}

/** Exact numbers stay inside: whoever is neither the operator nor works for it is refused, and told what to take instead. */
export function outsideSuite(desk: () => Console, building: () => Building): void {
  let chief: Client;
  const account = async (name: string, recipient: string): Promise<Client> => {
    // Of the highest role, so that it is the recipient alone that refuses.
    const body = { name, password: PASSWORD, role: 'administrator', recipient };
    expect((await chief.send('POST', '/users', body)).status).toBe(201);
    const client = new Client(() => desk().url);
    await client.enter('/session', { name, password: PASSWORD });
    return client;
  };

  describe('somebody outside', () => {
    let city: Client;
    beforeAll(async () => {
      chief = await desk().as('administrator');
      city = await account('of the city', 'city');
    });
    const OUTSIDE = [403, 'outside'];
    const to = new Date();
    const range = `from=${new Date(to.getTime() - 60_000).toISOString()}&to=${to.toISOString()}`;
    const query = `?purpose=statistics&period=day&month=2026-11&${range}`;

    it('gets nothing that was measured by any door, and every door is known', async () => {
      const { body } = await city.get<{ paths: Record<string, object> }>('/openapi.json');
      const doors = Object.entries(body.paths)
        .filter(([path, methods]) => 'get' in methods && path.startsWith('/api/v1/sites/{site}/'))
        .map(([path]) => path.replace('/api/v1/sites/{site}/', ''));
      const closed: string[] = [];
      for (const door of doors.filter((one) => !isOpen(one))) {
        const path = door
          .replace('{area}', 'gate')
          .replace('{line}', 'middle')
          .replace('{id}', '1');
        for (const form of ['', '&format=csv']) {
          const answer = await city.get<Problem>(`/sites/station/${path}${query}${form}`);
          if (answer.status === 403 && answer.body.error === 'outside') closed.push(door);
        }
      }
      expect([...new Set(closed)].sort()).toEqual([
        'alerts',
        'alerts/stream',
        'areas/{area}/dwell',
        'areas/{area}/series',
        'areas/{area}/usual',
        'flows',
        'handover',
        'headcount',
        'headcount/stream',
        'history',
        'lines/{line}/series',
        'live',
        'report',
        'system',
      ]);
      expect(closed).toHaveLength(2 * 14);
      expect(doors.filter((door) => !closed.includes(door) && !isOpen(door))).toEqual([]);
      for (const door of OPEN.filter((one) => !one.includes('{')))
        expect([door, (await city.get(`/sites/station/${door}`)).status]).toEqual([door, 200]);
    });

    it('is told why, and what to take instead, in both languages; also without a purpose', async () => {
      for (const purpose of ['', '?purpose=statistics', '?purpose=safety']) {
        const { body } = await city.get<Problem>(`/sites/station/headcount${purpose}`);
        expect(body.sentence?.en).toBe(
          "what is measured is shown to the operator and who works for it alone, and 'City' is neither; take the datasets, open or by a contract with the operator, and the pages for travellers.",
        );
        expect(body.sentence?.ja).toMatch(/「市」は.*公開データ.*契約によるデータセット/);
      }
      const { body } = await city.get<SitePurposes>('/sites/station/purposes');
      expect(body.outside?.en).toMatch(/^what is measured is shown to the operator/);
      expect(body.purposes).toMatchObject([{ id: 'statistics', readableFrom: {} }]);
      const entries = (await chief.get<AuditEntry[]>('/audit?limit=500')).body;
      const own = entries.filter(({ user }) => user === 'of the city');
      expect(own.some(({ action }) => action === 'measures.refuse')).toBe(true);
      expect(own.some(({ action }) => /^(live|measures)\.read$/.test(action))).toBe(false);
    });

    it('acts upon no alert, since the answer would tell of it', async () => {
      await publishAlert(desk().log, alertOnLog({ id: 'outside', announce: false }));
      await eventually('the alert', async () =>
        (await chief.get('/sites/station/alerts')).text.includes('"outside"'),
      );
      const until = new Date(Date.now() + 60_000).toISOString();
      for (const [deed, body] of [
        ['acknowledge', {}],
        ['shelve', { until, reason: 'x' }],
        ['unshelve', undefined],
        ['actions', { kind: 'note', text: 'x' }],
      ] as const) {
        const answer = await city.send<Problem>('POST', `/alerts/outside/${deed}`, body);
        expect([deed, answer.status, answer.body.error]).toEqual([deed, ...OUTSIDE]);
      }
      const { text } = await chief.get('/sites/station/alerts');
      expect(text).not.toContain('of the city');
      const over = { state: 'ALERT_STATE_RESOLVED', revision: 2 } as const;
      await publishAlert(desk().log, alertOnLog({ id: 'outside', ...over }));
    });

    it('is also who acts for a recipient that the plan does not have', async () => {
      const gone = await account('of the gone', 'gone');
      const answer = await gone.get<Problem>(
        `/sites/station/areas/gate/series?purpose=streets&${range}`,
      );
      expect([answer.status, answer.body.error]).toEqual(OUTSIDE);
      expect(answer.body.sentence?.en).toMatch(/has no recipient 'gone'.*administrator/);
      expect(answer.body.sentence?.ja).toMatch(/「gone」はなく/);
    });

    it('is who worked for the operator, from the instant on from which the plan says so: streams end', async () => {
      const plan = houseOf(1);
      await publishPlan(desk().log, JSON.stringify(plan), Date.now() * 1000);
      const works = await account('of the works', 'works');
      await eventually('the site', async () => {
        const { body } = await works.get<SitePurposes>('/sites/house/purposes');
        return body.outside === null;
      });
      const paths = ['live?purpose=safety', 'headcount/stream?purpose=safety', 'alerts/stream'];
      const streams = await Promise.all(paths.map((path) => works.watch(`/sites/house/${path}`)));
      await publishLive(desk().log, liveOf(plan, 7));
      await eventually('a picture', () => streams[0]?.last('snapshot'));
      expect(streams.map(({ isOver }) => isOver)).toEqual([false, false, false]);
      await publishPlan(desk().log, JSON.stringify(houseOf(2)), Date.now() * 1000);
      await eventually('all have ended', () => streams.every(({ isOver }) => isOver), 15_000);
      for (const path of paths) {
        const answer = await works.get<Problem>(`/sites/house/${path}`);
        expect([path, answer.status, answer.body.error]).toEqual([path, ...OUTSIDE]);
      }
    }, 30_000);

    it('is the receiver of headcounts that a site’s plan does not have: the system page says so', async () => {
      const view = (site: string) => chief.get<System>(`/sites/${site}/system`);
      const { headcountWithheld } = (await view('house')).body;
      expect(headcountWithheld?.en).toMatch(
        /^the plan in force has no recipient 'operator' \(HITONAMI_HEADCOUNT_RECIPIENT\)/,
      );
      expect((await view('station')).body.headcountWithheld).toBeNull();
      expect(building().received.map(({ site }) => site)).not.toContain('house');
      const metrics = await desk().metrics.registry.metrics();
      expect(metrics).toMatch(/hitonami_console_headcount_withheld\{site="house"\} 1/);
      expect(metrics).toMatch(/hitonami_console_headcount_withheld\{site="station"\} 0/);
    });
  });
}
