import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/support/event-log.js';
import { Alertmanager, type Silence } from '../../src/alerts/alertmanager.js';
import type { Alert } from '../../src/contract/index.js';
import { alertOnLog, publishAlert, type Client, type Console } from '../support.js';

/** With the real Alertmanager: @param there its address; the suite is skipped where it is not installed */
export function alertmanagerSuite(desk: () => Console, there: (() => string) | undefined): void {
  describe.skipIf(there === undefined)(
    'acknowledging here and silencing in Alertmanager are one state',
    () => {
      let viewer: Client;
      let operator: Client;
      let alertmanager: Alertmanager;
      let url: string;
      beforeAll(async () => {
        viewer = await desk().as('viewer');
        operator = await desk().as('operator');
        url = there?.() ?? '';
        alertmanager = new Alertmanager(url);
      });

      const shown = async (id: string): Promise<Alert | undefined> =>
        (await viewer.get<Alert[]>('/sites/station/alerts')).body.find((one) => one.id === id);
      const silencesOf = async (subject: string): Promise<Silence[]> =>
        (await alertmanager.silences()).filter(
          ({ matchers, status }) =>
            status.state === 'active' &&
            matchers.some(({ name, value }) => name === 'subject' && value === subject),
        );
      const fire = async (id: string, subject: string): Promise<void> => {
        await publishAlert(desk().log, alertOnLog({ id, subject }));
        await eventually('it fires', () => shown(id));
      };

      it('silences what is acknowledged here, up to its severity, until it is over', async () => {
        await fire('m1', 's1');
        await operator.send('POST', '/alerts/m1/acknowledge', { note: 'mine' });
        const [silence] = await eventually('a silence', async () => {
          const found = await silencesOf('s1');
          return found.length > 0 && found;
        });
        expect(silence).toMatchObject({ createdBy: 'the operator' });
        expect(
          Object.fromEntries(silence?.matchers.map(({ name, value }) => [name, value]) ?? []),
        ).toEqual({
          ...{ site: 'station', rule: 'density', subject: 's1', severity: 'warning|critical' },
        });
        // It holds for the alert as the rules in deploy/prometheus would tell it.
        const labels = { ...{ alertname: 'CrowdDensityUnstable', site: 'station', area: 's1' } };
        const told = { ...labels, rule: 'density', subject: 's1', severity: 'critical' };
        const alerts = `${url}/api/v2/alerts`;
        await fetch(alerts, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(
            [told, { ...told, severity: 'emergency' }].map((one) => ({ labels: one })),
          ),
        });
        const states = await eventually('Alertmanager has both', async () => {
          const found = (await (await fetch(alerts)).json()) as {
            labels: { severity: string };
            status: { state: string };
          }[];
          const known = found.filter(({ status }) => status.state !== 'unprocessed');
          return (
            known.length === 2 &&
            new Map(known.map((one) => [one.labels.severity, one.status.state]))
          );
        });
        expect(Object.fromEntries(states)).toEqual({ critical: 'suppressed', emergency: 'active' });
        // Compared again and again, it stays the one.
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        expect(await silencesOf('s1')).toHaveLength(1);
        await publishAlert(
          desk().log,
          alertOnLog({ id: 'm1', revision: 2, state: 'ALERT_STATE_RESOLVED' }),
        );
        await eventually('no silence', async () => (await silencesOf('s1')).length === 0);
      }, 30_000);

      it('shows a silence that was made there as acknowledged, for as long as it lasts', async () => {
        await fire('m2', 's2');
        const equal = (name: string, value: string) => ({
          name,
          value,
          isRegex: false,
          isEqual: true,
        });
        const id = await alertmanager.add({
          matchers: [equal('site', 'station'), { ...equal('subject', 's2|s9'), isRegex: true }],
          startsAt: new Date(),
          endsAt: new Date(Date.now() + 3_600_000),
          createdBy: 'night shift',
          comment: 'known',
        });
        const alert = await eventually('it is acknowledged', async () => {
          const now = await shown('m2');
          return now?.acknowledgedBy !== null && now;
        });
        expect(alert.acknowledgedBy).toBe('night shift (Alertmanager)');
        await alertmanager.expire(id);
        await eventually(
          'it is nobody’s',
          async () => (await shown('m2'))?.acknowledgedBy === null,
        );
        // One that asks for a label which is not known here may be about something else.
        await alertmanager.add({
          matchers: [equal('site', 'station'), equal('datacentre', 'b')],
          startsAt: new Date(),
          endsAt: new Date(Date.now() + 3_600_000),
          createdBy: 'somebody',
          comment: '',
        });
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        expect((await shown('m2'))?.acknowledgedBy).toBeNull();
      }, 30_000);

      it('takes an acknowledgement back where its silence is ended there, and gives it again', async () => {
        await operator.send('POST', '/alerts/m2/acknowledge', {});
        const [first] = await eventually('a silence', async () => {
          const found = await silencesOf('s2');
          return found.length > 0 && found;
        });
        await alertmanager.expire(first?.id ?? '');
        await eventually(
          'it is nobody’s',
          async () => (await shown('m2'))?.acknowledgedBy === null,
        );
        await operator.send('POST', '/alerts/m2/acknowledge', {});
        expect((await shown('m2'))?.acknowledgedBy).toBe('the operator');
        await eventually('a silence again', async () => (await silencesOf('s2')).length === 1);
      }, 30_000);

      it('shelves and unshelves there what is shelved and unshelved here, and the other way round', async () => {
        await fire('m3', 's3');
        const until = new Date(Date.now() + 3_600_000);
        await operator.send('POST', '/alerts/m3/shelve', { until, reason: 'a drill' });
        const [silence] = await eventually('a silence', async () => {
          const found = await silencesOf('s3');
          return found.length > 0 && found;
        });
        expect(silence?.endsAt).toEqual(until);
        await operator.send('POST', '/alerts/m3/unshelve');
        await eventually('no silence', async () => (await silencesOf('s3')).length === 0);
        const later = new Date(Date.now() + 7_200_000);
        await operator.send('POST', '/alerts/m3/shelve', { until: later, reason: 'a drill' });
        const [second] = await eventually('a silence', async () => {
          const found = await silencesOf('s3');
          return found.length > 0 && found;
        });
        await alertmanager.expire(second?.id ?? '');
        await eventually(
          'it is not shelved',
          async () => (await shown('m3'))?.shelvedUntil === null,
        );
      }, 30_000);
    },
  );
}
