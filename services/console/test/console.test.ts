import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/event-log.js';
import { metric } from '../../../test/support/metrics.js';
import {
  liveSnapshot,
  PERSON_BYTES,
  type LiveSnapshot,
  type PlanVersion,
  type Problem,
} from '../src/contract/index.js';
import { Client, liveOf, publishLive, startConsole, type Console } from './support.js';

let desk: Console;
let viewer: Client;
let engineer: Client;
beforeAll(async () => {
  desk = await startConsole();
  viewer = await desk.as('viewer');
  engineer = await desk.as('engineer');
}, 120_000);
afterAll(() => desk.stop());

const LIVE = '/sites/station/live';

describe('the live stream', () => {
  it('shows who is where within a moment, as columns of eight bytes a person', async () => {
    const stream = await viewer.watch(LIVE);
    await publishLive(desk.log, liveOf(desk.plan, 40));
    const snapshot = await eventually('a snapshot', () => stream.last<LiveSnapshot>('snapshot'));
    expect(liveSnapshot.parse(snapshot)).toEqual(snapshot);
    expect(snapshot.areas[0]).toEqual({
      ...{ area: 'hall', people: 40, density: 0.2, los: 'A', peakDensity: 0.4 },
      ...{ coverage: 1, doubtful: 0, saturation: 0 },
    });
    expect(snapshot.lines).toEqual([{ line: 'middle', forwardPerMin: 30, backwardPerMin: 6 }]);
    const people = Buffer.from(snapshot.people, 'base64');
    expect(people.length).toBe(40 * PERSON_BYTES);
    const [x, y] = [people.readUInt16LE(8) * 0.05, people.readUInt16LE(10) * 0.05];
    expect([snapshot.origin[0] + x, snapshot.origin[1] + y]).toEqual([
      expect.closeTo(1.1),
      expect.closeTo(5),
    ]);
    expect([people.readInt8(4), people.readInt8(12)]).toEqual([12, 0]);
    stream.stop();
  });

  it('knows no density of an area of which under half is seen, and says which camera is blind', async () => {
    const record = liveOf(desk.plan, 40);
    const [hall, gate] = record.areas;
    if (!hall || !gate) throw new Error('two areas');
    record.areas = [{ ...hall, coverage: 0.4 }, gate];
    record.cameras = record.cameras.map((camera) => ({ ...camera, blind: camera.camera === 'c1' }));
    const stream = await viewer.watch(LIVE);
    await publishLive(desk.log, record);
    const snapshot = await eventually('the camera is blind', () => {
      const newest = stream.last<LiveSnapshot>('snapshot');
      return newest?.cameras[0]?.state === 'blind' && newest;
    });
    expect(snapshot.areas[0]).toMatchObject({ density: null, los: null, coverage: 0.4 });
    expect(snapshot.cameras[1]?.state).toBe('seeing');
    stream.stop();
  });

  it('shows a site that has fallen silent as not seen, never as empty', async () => {
    const stream = await viewer.watch(LIVE);
    await publishLive(desk.log, liveOf(desk.plan, 12));
    await eventually('twelve people', () => stream.last<LiveSnapshot>('snapshot')?.people !== '');
    const silent = await eventually('silence', () => {
      const newest = stream.last<LiveSnapshot>('snapshot');
      return newest?.cameras.every(({ state }) => state === 'silent') && newest;
    });
    expect(silent.areas[0]).toMatchObject({ coverage: 0, density: null, los: null });
    expect(silent.people).toBe('');
    const { body } = await viewer.get<{ people: number | null }>('/sites/station/headcount');
    expect(body.people).toBeNull();
    stream.stop();
  }, 20_000);

  it('ends when the session does, and is refused without one', async () => {
    const guest = await desk.as('administrator');
    await guest.send('POST', '/users', {
      ...{ name: 'a guest', password: 'for this one test only', role: 'viewer' },
    });
    const stream = await (await signedIn('a guest', 'for this one test only')).watch(LIVE);
    const users = await guest.get<{ id: string; name: string }[]>('/users');
    const id = users.body.find(({ name }) => name === 'a guest')?.id ?? '';
    await guest.send('PATCH', `/users/${id}`, { disabled: true });
    await eventually('the stream has ended', () => stream.isOver, 25_000);
    await expect(desk.stranger.watch(LIVE)).rejects.toThrow('signed-out');
  }, 40_000);

  it('counts who watches', async () => {
    const before = await metric(desk.metrics, 'hitonami_console_viewers');
    const stream = await viewer.watch(LIVE);
    expect(await metric(desk.metrics, 'hitonami_console_viewers')).toBe(before + 1);
    stream.stop();
    await eventually(
      'the viewer has left',
      async () => (await metric(desk.metrics, 'hitonami_console_viewers')) === before,
    );
  });
});

describe('the site plans', () => {
  const edited = (changes: Record<string, unknown> = {}) => ({ ...desk.plan, ...changes });

  it('are listed, and shown as they are in force', async () => {
    const { body } = await viewer.get('/sites');
    expect(body).toMatchObject([{ site: 'station', planVersion: 1, timeZone: 'Asia/Tokyo' }]);
    const plan = await viewer.get<{ plan: unknown; inForceFrom: null }>('/sites/station/plan');
    expect(plan.body).toMatchObject({ inForceFrom: null, plan: { site: 'station', version: 1 } });
    expect((await viewer.get('/sites/nowhere/plan')).status).toBe(404);
    expect((await viewer.get('/sites/station/plan?version=99')).status).toBe(404);
  });

  it('are checked as they are typed: every fault with its key and its mend', async () => {
    const areas = desk.plan.areas.map((area) => ({ ...area, floor: 'f9' }));
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
    const stream = await viewer.watch(LIVE);
    const name = { ja: '<script>alert(1)</script>', en: '"><img src=x onerror=alert(1)>' };
    const areas = desk.plan.areas.map((area) => ({ ...area, name }));
    const body = { plan: edited({ areas }), note: 'a name with a script', basedOn: 1 };
    const saved = await engineer.send('POST', '/sites/station/plans', body);
    expect([saved.status, saved.body]).toEqual([201, { version: 2 }]);
    const history = await viewer.get<PlanVersion[]>('/sites/station/plans');
    expect(history.body[0]).toMatchObject({
      ...{ version: 2, savedBy: 'the engineer', note: 'a name with a script' },
    });
    await eventually('viewers are told', () => stream.last('plan'));
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
      await desk.as('administrator')
    ).get<{ action: string; user: string }[]>('/audit');
    expect(audit.body).toContainEqual(
      expect.objectContaining({ action: 'plan.save', user: 'the engineer', subject: 'station/2' }),
    );
  });

  it('are refused where another was saved meanwhile, also when two save at once', async () => {
    const body = (note: string) => ({ plan: edited({ windowS: 20 }), note, basedOn: 2 });
    const late = await engineer.send('POST', '/sites/station/plans', { ...body('x'), basedOn: 1 });
    expect([late.status, (late.body as Problem).error]).toEqual([409, 'conflict']);
    const inForceFrom = new Date(Date.now() + 120_000).toISOString();
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
    const plan = edited({ areas: [{ ...desk.plan.areas[0], kind: 'lawn' }] });
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
      const answer = await viewer.send<Problem>('POST', path, { plan: {}, note: 'x', basedOn: 1 });
      expect([answer.status, answer.body.error]).toEqual([403, 'forbidden']);
    }
  });
});

describe('every answer', () => {
  it('is a problem in words where it cannot be given', async () => {
    const missing = await viewer.get<Problem>('/nothing');
    expect([missing.status, missing.body.error]).toEqual([404, 'not-found']);
    const out = await desk.stranger.get<Problem>('/sites');
    expect([out.status, out.body.error]).toEqual([401, 'signed-out']);
    const broken = await engineer.send<Problem>('POST', '/sites/station/calendar', '{"day":');
    expect([broken.status, broken.body.error]).toEqual([400, 'invalid']);
    const wrong = await engineer.send<Problem>('POST', '/sites/station/calendar', { day: 'soon' });
    expect(wrong.body.issues?.map(({ key }) => key)).toContain('day');
  });

  it('is refused to another site that uses a browser’s cookie', async () => {
    const body = { day: '2026-11-22', title: 'Festival', countsAs: null, isUnusual: true };
    const foreign = await engineer.send<Problem>('POST', '/sites/station/calendar', body, {
      origin: 'https://elsewhere.example',
    });
    expect([foreign.status, foreign.body.error]).toEqual([403, 'csrf']);
    const noToken = await engineer.send<Problem>('POST', '/sites/station/calendar', body, {
      'x-csrf-token': 'guess',
    });
    expect(noToken.status).toBe(403);
  });

  it('is described in one OpenAPI document', async () => {
    const { body } = await desk.stranger.get<{ openapi: string; paths: Record<string, unknown> }>(
      '/openapi.json',
    );
    expect(body.openapi).toBe('3.1.0');
    for (const path of [
      '/session',
      '/sites/{site}/live',
      '/sites/{site}/areas/{area}/usual',
      '/alerts/{id}/acknowledge',
      '/sites/{site}/headcount/stream',
      '/sites/{site}/report',
    ])
      expect(Object.keys(body.paths)).toContain(`/api/v1${path}`);
  });

  it('reaches no file outside of the web application', async () => {
    const { port } = new URL(desk.url);
    const status = await new Promise((resolve, reject) => {
      // fetch would tidy the path before it is sent.
      const asked = httpRequest({ port, path: '/../../package.json' }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asked.on('error', reject).end();
    });
    expect(status).not.toBe(200);
  });
});

describe('the calendar', () => {
  it('is the engineers’ to keep, and everybody’s to read', async () => {
    const entry = { day: '2026-11-23', title: '=HYPERLINK("x")', countsAs: null, isUnusual: true };
    const made = await engineer.send<{ id: string }>('POST', '/sites/station/calendar', entry);
    expect(made.status).toBe(201);
    const listed = await viewer.get('/sites/station/calendar?from=2026-11-01&to=2026-11-30');
    expect(listed.body).toEqual([{ ...entry, id: made.body.id }]);
    expect((await viewer.send('POST', '/sites/station/calendar', entry)).status).toBe(403);
    const path = `/sites/station/calendar/${made.body.id}`;
    expect((await engineer.send('DELETE', path)).status).toBe(204);
    expect((await engineer.send('DELETE', path)).status).toBe(404);
  });
});

async function signedIn(name: string, password: string): Promise<Client> {
  const made = new Client(() => desk.url);
  await made.enter('/session', { name, password });
  return made;
}
