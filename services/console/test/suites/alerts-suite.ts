import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/support/event-log.js';
import {
  alert as alertSchema,
  type Alert,
  type Handover,
  type Problem,
} from '../../src/contract/index.js';
import type { Phone } from '../neighbours.js';
import { alertOnLog, publishAlert, type Client, type Console } from '../support.js';

/** Alerts from the log to the screens, what people do about them, and who is called when nobody does. */
export function alertsSuite(desk: () => Console, phone: () => Phone): void {
  let viewer: Client;
  let operator: Client;
  beforeAll(async () => {
    viewer = await desk().as('viewer');
    operator = await desk().as('operator');
  });
  const active = async (id: string): Promise<Alert | undefined> =>
    (await viewer.get<Alert[]>('/sites/station/alerts')).body.find((one) => one.id === id);
  const called = (id: string) => phone().calls.filter(({ body }) => body.alert.id === id);

  describe('an alert', () => {
    it('is on every screen at once, with its action card and how long there is', async () => {
      const stream = await viewer.watch('/sites/station/live?purpose=safety');
      await publishAlert(desk().log, alertOnLog({ severity: 'ALERT_SEVERITY_WARNING' }));
      const shown = await eventually('the alert is shown', () =>
        stream.last<{ active: Alert[] }>('alerts')?.active.find(({ id }) => id === 'a1'),
      );
      stream.stop();
      expect(alertSchema.parse(shown)).toEqual(shown);
      expect(shown).toMatchObject({
        ...{ rule: 'density', subject: 'hall', severity: 'warning', state: 'firing', value: 3.75 },
        ...{ minutesToNext: 2.5, acknowledgedBy: null, actionCard: 'limit' },
      });
      expect(shown.actions).toMatchObject([{ kind: 'fired', user: null }]);
      // Whoever comes later sees it first of all.
      const later = await viewer.watch('/sites/station/live?purpose=safety');
      const first = await eventually('the first event', () => later.events[0]);
      later.stop();
      expect(first.event).toBe('alerts');
    });

    it('is acknowledged by an operator, whose name and note stay with it; not by a viewer', async () => {
      const refused = await viewer.send<Problem>('POST', '/alerts/a1/acknowledge', {
        note: 'mine',
      });
      expect([refused.status, refused.body.error]).toEqual([403, 'forbidden']);
      const note = 'on my way <script>alert(1)</script>';
      const done = await operator.send<Alert>('POST', '/alerts/a1/acknowledge', { note });
      expect(done.body).toMatchObject({ acknowledgedBy: 'the operator' });
      expect(done.body.actions.at(-1)).toMatchObject({
        ...{ kind: 'acknowledged', user: 'the operator', text: note },
      });
      await operator.send('POST', '/alerts/a1/actions', { kind: 'step', text: 'Narrow the gates' });
      expect((await active('a1'))?.actions.map(({ kind }) => kind)).toEqual([
        ...['fired', 'acknowledged', 'step'],
      ]);
      expect((await operator.send('POST', '/alerts/unknown/acknowledge', {})).status).toBe(404);
    });

    it('is shelved with an end, and back when that has come', async () => {
      const until = new Date(Date.now() + 2_000).toISOString();
      const shelved = await operator.send<Alert>('POST', '/alerts/a1/shelve', {
        ...{ until, reason: 'a test of the doors' },
      });
      expect(shelved.body).toMatchObject({ shelvedUntil: until, shelvedBy: 'the operator' });
      const stream = await viewer.watch('/sites/station/live?purpose=safety');
      await eventually('everybody sees it again', () => {
        const shown = stream
          .last<{ active: Alert[] }>('alerts')
          ?.active.find(({ id }) => id === 'a1');
        return shown?.shelvedUntil === null;
      });
      stream.stop();
      for (const wrong of [new Date(Date.now() - 1_000), new Date(Date.now() + 8 * 86_400_000)]) {
        const answer = await operator.send('POST', '/alerts/a1/shelve', {
          until: wrong,
          reason: 'x',
        });
        expect(answer.status).toBe(400);
      }
      const week = new Date(Date.now() + 3_600_000).toISOString();
      await operator.send('POST', '/alerts/a1/shelve', { until: week, reason: 'x' });
      const back = await operator.send<Alert>('POST', '/alerts/a1/unshelve');
      expect(back.body.shelvedUntil).toBeNull();
    });

    it('goes with its end into the history, and into what one shift tells the next', async () => {
      await operator.send('POST', '/sites/station/notes', { text: 'Gate 3 sticks.' });
      await publishAlert(
        desk().log,
        alertOnLog({
          id: 'a2',
          subject: 'c1',
          rule: 'ALERT_RULE_CAMERA_SILENT',
          severity: 'ALERT_SEVERITY_WARNING',
        }),
      );
      await publishAlert(desk().log, alertOnLog({ revision: 2, state: 'ALERT_STATE_RESOLVED' }));
      await eventually('a1 is over', async () => (await active('a1')) === undefined);
      const past = await viewer.get<Alert[]>('/sites/station/alerts?state=all');
      expect(past.body.find(({ id }) => id === 'a1')).toMatchObject({ state: 'resolved' });
      const [from, to] = [-3_600_000, 60_000].map((ms) => new Date(Date.now() + ms).toISOString());
      const { body } = await viewer.get<Handover>(`/sites/station/handover?from=${from}&to=${to}`);
      expect(body.active.map(({ id }) => id)).toEqual(['a2']);
      expect(body.resolved.map(({ id }) => id)).toEqual(['a1']);
      expect(body.notes).toMatchObject([{ user: 'the operator', text: 'Gate 3 sticks.' }]);
      const turned = await viewer.get(`/sites/station/handover?from=${to}&to=${from}`);
      expect(turned.status).toBe(400);
    });
  });

  describe('escalation', () => {
    /** Told so long ago, so that a test does not wait for all of the five seconds. */
    const told = (secondsAgo: number) => {
      const us = (Date.now() - secondsAgo * 1000) * 1000;
      return { sinceUs: us, atUs: us };
    };

    it('calls a phone, once and signed, when nobody acknowledges a critical alert in time', async () => {
      await publishAlert(desk().log, alertOnLog({ id: 'e1', ...told(3) }));
      const alert = await eventually('it is marked', async () => {
        const now = await active('e1');
        return now?.escalatedAt !== null && now;
      });
      expect(called('e1')).toHaveLength(1);
      const [call] = called('e1');
      expect(call).toMatchObject({
        ...{ key: 'escalation-e1-critical', isSigned: true },
        body: {
          kind: 'escalation',
          url: expect.stringContaining('/sites/station/alerts/e1') as string,
        },
      });
      expect(call?.body.text.ja).toContain('コンコース');
      const waited = Date.parse(alert.escalatedAt ?? '') - Date.parse(alert.since);
      expect(waited).toBeGreaterThanOrEqual(5_000);
    }, 20_000);

    it('calls nobody for what was acknowledged, is a warning, or was never told to people', async () => {
      await publishAlert(desk().log, alertOnLog({ id: 'e2', ...told(3) }));
      await publishAlert(
        desk().log,
        alertOnLog({ id: 'e3', severity: 'ALERT_SEVERITY_WARNING', ...told(4) }),
      );
      await publishAlert(desk().log, alertOnLog({ id: 'e4', announce: false, ...told(4) }));
      await eventually('they are known', async () => active('e4'));
      await operator.send('POST', '/alerts/e2/acknowledge', {});
      await new Promise((resolve) => setTimeout(resolve, 3_200));
      expect(['e2', 'e3', 'e4'].flatMap(called)).toEqual([]);
    }, 20_000);

    it('is neither lost nor doubled where the console stops in between', async () => {
      phone().status = 503;
      await publishAlert(
        desk().log,
        alertOnLog({
          id: 'e5',
          ...told(60),
        }),
      );
      await eventually('it is known', async () => active('e5'));
      await desk().restart();
      phone().status = 204;
      await eventually('it is marked', async () => (await active('e5'))?.escalatedAt !== null);
      await desk().restart();
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(called('e5').map(({ key }) => key)).toEqual(['escalation-e5-critical']);
      // And the one of before was not sent again.
      expect(called('e1')).toHaveLength(1);
    }, 40_000);

    it('begins anew where the alert becomes graver than what was acknowledged', async () => {
      await publishAlert(
        desk().log,
        alertOnLog({
          id: 'e2',
          revision: 2,
          severity: 'ALERT_SEVERITY_EMERGENCY',
          atUs: told(4).atUs,
        }),
      );
      await eventually(
        'it is nobody’s any more',
        async () => (await active('e2'))?.acknowledgedBy === null,
      );
      await eventually('the phone rings', () => called('e2').length > 0);
      expect(called('e2')[0]?.key).toBe('escalation-e2-emergency');
    }, 20_000);
  });
}
