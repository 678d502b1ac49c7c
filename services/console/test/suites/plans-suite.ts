import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/support/event-log.js';
import type { PlanVersion, Problem } from '../../src/contract/index.js';
import type { Client, Console } from '../support.js';

/** Site plans: read, checked, saved, refused. */
export function plansSuite(desk: () => Console): void {
  let viewer: Client;
  let engineer: Client;
  beforeAll(async () => {
    viewer = await desk().as('viewer');
    engineer = await desk().as('engineer');
  });

  describe('the site plans', () => {
    const edited = (changes: Record<string, unknown> = {}) => ({ ...desk().plan, ...changes });

    it('are listed, and shown as they are in force', async () => {
      const { body } = await viewer.get('/sites');
      expect(body).toMatchObject([{ site: 'station', planVersion: 1, timeZone: 'Asia/Tokyo' }]);
      const plan = await viewer.get<{ plan: unknown; inForceFrom: null }>('/sites/station/plan');
      expect(plan.body).toMatchObject({ inForceFrom: null, plan: { site: 'station', version: 1 } });
      expect((await viewer.get('/sites/nowhere/plan')).status).toBe(404);
      expect((await viewer.get('/sites/station/plan?version=99')).status).toBe(404);
    });

    it('are checked as they are typed: every fault with its key and its mend', async () => {
      const areas = desk().plan.areas.map((area) => ({ ...area, floor: 'f9' }));
      const answer = await engineer.send('POST', '/sites/station/plans/check', {
        plan: edited({ areas, windowS: 7 }),
      });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ issues: [{ key: 'windowS' }] });
      const floors = await engineer.send<{ issues: { key: string; mend: string }[] }>(
        ...(['POST', '/sites/station/plans/check', { plan: edited({ areas }) }] as const),
      );
      expect(floors.body.issues).toContainEqual({
        key: 'areas[0].floor',
        problem: "'f9' is not a floor of this plan",
        mend: 'use one of: f1',
      });
    });

    it('are saved as the next version, with who and why; a script in a name stays a text', async () => {
      const stream = await viewer.watch('/sites/station/live?purpose=safety');
      const name = { ja: '<script>alert(1)</script>', en: '"><img src=x onerror=alert(1)>' };
      const areas = desk().plan.areas.map((area) => ({ ...area, name }));
      const body = { plan: edited({ areas }), note: 'a name with a script', basedOn: 1 };
      const saved = await engineer.send('POST', '/sites/station/plans', body);
      expect([saved.status, saved.body]).toEqual([201, { version: 2 }]);
      const history = await viewer.get<PlanVersion[]>('/sites/station/plans');
      expect(history.body[0]).toMatchObject({
        ...{ version: 2, savedBy: 'the engineer', note: 'a name with a script' },
      });
      await eventually(
        'viewers are told',
        () => stream.last<{ version: number }>('plan')?.version === 2,
      );
      stream.stop();
      const { body: plan, headers } = await viewer.get<{ plan: { areas: { name: unknown }[] } }>(
        '/sites/station/plan?version=2',
      );
      expect(plan.plan.areas[0]?.name).toEqual(name);
      expect(headers.get('content-type')).toContain('application/json');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("script-src 'self';");
      // The version before is in force for half a minute more, so that every service has heard of the new one.
      const inForce = await viewer.get<{ plan: { version: number } }>('/sites/station/plan');
      expect(inForce.body.plan.version).toBe(1);
      const audit = await (
        await desk().as('administrator')
      ).get<{ action: string; user: string }[]>('/audit');
      expect(audit.body).toContainEqual(
        expect.objectContaining({
          action: 'plan.save',
          user: 'the engineer',
          subject: 'station/2',
        }),
      );
    });

    it('are refused where another was saved meanwhile, also when two save at once', async () => {
      const body = (note: string) => ({ plan: edited({ windowS: 20 }), note, basedOn: 2 });
      const late = await engineer.send('POST', '/sites/station/plans', {
        ...body('x'),
        basedOn: 1,
      });
      expect([late.status, (late.body as Problem).error]).toEqual([409, 'conflict']);
      const inForceFrom = new Date(Date.now() + 3_600_000).toISOString();
      const both = await Promise.all(
        ['first', 'second'].map((note) =>
          engineer.send('POST', '/sites/station/plans', {
            ...body(note),
            plan: edited({ inForceFrom, windowS: 20 }),
          }),
        ),
      );
      expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    });

    it('take effect only where they are valid', async () => {
      const before = await viewer.get<PlanVersion[]>('/sites/station/plans');
      const plan = edited({ areas: [{ ...desk().plan.areas[0], kind: 'lawn' }] });
      const basedOn = before.body[0]?.version;
      const answer = await engineer.send<Problem>('POST', '/sites/station/plans', {
        ...{ plan, note: 'x', basedOn },
      });
      expect([answer.status, answer.body.issues?.[0]?.key]).toEqual([400, 'areas[0].kind']);
      const other = await engineer.send<Problem>('POST', '/sites/station/plans', {
        ...{ plan: edited({ site: 'other' }), note: 'x', basedOn },
      });
      expect([other.status, other.body.issues?.[0]?.key]).toEqual([400, 'site']);
      expect((await viewer.get<PlanVersion[]>('/sites/station/plans')).body).toEqual(before.body);
    });

    it('are refused where they are enormous, before they are read', async () => {
      const body = JSON.stringify({
        plan: edited({ $schema: 'x'.repeat(9 * 1024 * 1024) }),
        note: 'x',
        basedOn: 3,
      });
      const answer = await engineer.send<Problem>('POST', '/sites/station/plans', body);
      expect([answer.status, answer.body.error]).toEqual([413, 'too-large']);
    });

    it('are no viewer’s to change', async () => {
      for (const path of ['/sites/station/plans', '/sites/station/plans/check']) {
        const answer = await viewer.send<Problem>('POST', path, {
          plan: {},
          note: 'x',
          basedOn: 1,
        });
        expect([answer.status, answer.body.error]).toEqual([403, 'forbidden']);
      }
    });
  });
}
