import type { Records } from '@hitonami/records';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApi } from './open-api.js';
import { errorOf, openDesk, PASSWORD, temporaryRecords, URL_HERE, type Desk } from './desk.js';
import { oidcSuite } from './oidc-suite.js';
import { signInSuite } from './sign-in-suite.js';

let records: Records;
let remove: () => Promise<void>;
let desk: Desk;
beforeAll(async () => {
  ({ records, remove } = await temporaryRecords());
  desk = await openDesk({ records });
}, 60_000);
afterAll(async () => {
  await desk.app.close();
  await remove();
});

const SIGNED_OUT = [401, 'signed-out'];
const CSRF = [403, 'csrf'];

describe('the first administrator', () => {
  const first = { name: 'chief', password: PASSWORD };

  it('is made with the token that the console printed, once', async () => {
    const browser = desk.browser();
    expect(await browser.session()).toEqual({
      user: null,
      csrfToken: null,
      needsSetup: true,
      hasOidc: false,
    });
    expect(desk.setupToken?.length).toBeGreaterThanOrEqual(24);
    const set = (token: string) =>
      browser.send('POST', '/session/setup', { body: { ...first, token } });
    expect(errorOf(await set('guess'))).toEqual([403, 'forbidden']);
    expect((await set(desk.setupToken ?? '')).json()).toMatchObject({
      user: { name: 'chief', role: 'administrator', origin: 'local' },
      needsSetup: false,
    });
    expect((await browser.session()).user?.name).toBe('chief');
    const other = desk.browser();
    const again = { ...first, name: 'second', token: desk.setupToken };
    expect(errorOf(await other.send('POST', '/session/setup', { body: again }))).toEqual([
      409,
      'set-up',
    ]);
  });

  it('is not asked for by a console that starts later', async () => {
    const later = await openDesk({ records });
    expect(later.setupToken).toBeUndefined();
    expect((await later.browser().session()).needsSetup).toBe(false);
    await later.app.close();
  });
});

signInSuite(
  () => records,
  () => desk,
);

describe('a change', () => {
  it('needs the token of the session', async () => {
    const browser = desk.browser();
    await browser.signIn('chief');
    expect((await browser.lamp()).json()).toMatchObject({ by: 'chief' });
    const other = desk.browser();
    await other.signIn('chief');
    for (const token of [undefined, '', 'x', other.csrfToken ?? '', `${browser.csrfToken ?? ''}x`])
      expect(errorOf(await browser.lamp({ headers: { 'x-csrf-token': token } }))).toEqual(CSRF);
  });

  it('that another site causes is refused, even with the cookie and the token', async () => {
    const browser = desk.browser();
    await browser.signIn('chief');
    const from = async (headers: Record<string, string | undefined>) => browser.lamp({ headers });
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1:8081' },
      { origin: 'http://127.0.0.1.evil.example:8080' },
      { origin: `${URL_HERE}, https://evil.example` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: undefined },
      { origin: 'http://evil.example', host: 'evil.example', 'sec-fetch-site': undefined },
    ])
      expect(errorOf(await from(headers))).toEqual(CSRF);
    expect((await from({ origin: 'http://localhost:8080' })).statusCode).toBe(200);
    expect((await from({ origin: undefined, 'sec-fetch-site': undefined })).statusCode).toBe(200);
  });

  it('cannot be a form of another site, and neither can a sign-in', async () => {
    const browser = desk.browser();
    await browser.signIn('chief');
    const form = {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'on=true',
    };
    expect((await browser.lamp(form)).statusCode).toBe(415);
    const victim = desk.browser();
    const forced = await victim.send('POST', '/session', {
      body: { name: 'chief', password: PASSWORD },
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    });
    expect(errorOf(forced)).toEqual(CSRF);
    expect(victim.cookies.size).toBe(0);
  });

  it('is asked who makes it before its body is read', async () => {
    const answer = await desk
      .browser()
      .send('POST', '/users', { body: { name: 'x'.repeat(100_000) } });
    expect(errorOf(answer)).toEqual(SIGNED_OUT);
  });
});

describe('sessions', () => {
  it('that have ended are told from a role that is too low', async () => {
    const browser = desk.browser();
    await browser.signIn('chief');
    expect(errorOf(await desk.browser().lamp())).toEqual(SIGNED_OUT);
    const viewer = { name: 'mado', password: PASSWORD, role: 'viewer' };
    expect((await browser.send('POST', '/users', { body: viewer })).statusCode).toBe(201);
    const other = desk.browser();
    await other.signIn('mado');
    expect(errorOf(await other.lamp())).toEqual([403, 'forbidden']);
    expect(errorOf(await other.get('/users'))).toEqual([403, 'forbidden']);
    expect(errorOf(await other.get('/audit'))).toEqual([403, 'forbidden']);
  });

  it('expire, and the cookie is taken back', async () => {
    const browser = desk.browser();
    const user = await records.users.authenticate('mado', PASSWORD);
    const yesterday = new Date(Date.now() - 24 * 3_600_000);
    const { token } = await records.sessions.start(user?.id ?? '', yesterday);
    browser.cookies.set('hitonami', token);
    expect(errorOf(await browser.get('/streams'))).toEqual(SIGNED_OUT);
    expect(browser.cookies.has('hitonami')).toBe(false);
  });

  it('are not found by anything but their token', async () => {
    for (const value of [`' OR 1=1 --`, 'x'.repeat(43), 'x'.repeat(7_000), '%00', '..']) {
      const browser = desk.browser();
      browser.cookies.set('hitonami', value);
      expect((await browser.session()).user).toBeNull();
    }
  });

  it('of a stream are known to be open until they end', async () => {
    const browser = desk.browser();
    await browser.signIn('mado');
    expect((await browser.get('/streams')).json()).toHaveLength(1);
  });
});

describe('users', () => {
  it('are made, changed and listed by an administrator, and each change is noted without the password', async () => {
    const chief = desk.browser('192.0.2.9');
    await chief.signIn('chief');
    const made = await chief.send('POST', '/users', {
      body: { name: 'ren', password: PASSWORD, role: 'operator' },
    });
    const { id } = made.json<{ id: string }>();
    expect(made.json()).toEqual({
      id,
      name: 'ren',
      recipient: null,
      role: 'operator',
      origin: 'local',
      disabled: false,
    });
    const twice = await chief.send('POST', '/users', {
      body: { name: 'REN', password: PASSWORD, role: 'operator' },
    });
    expect(errorOf(twice)).toEqual([409, 'name-taken']);
    const body = { role: 'engineer', password: 'a new long password' };
    await chief.send('PATCH', `/users/${id}`, { body });
    expect((await chief.get('/users')).json()).toContainEqual({
      ...made.json<object>(),
      role: 'engineer',
    });
    const log = (await chief.get('/audit?limit=2')).json<{ action: string }[]>();
    expect(log).toMatchObject([
      {
        user: 'chief',
        action: 'user.change',
        subject: 'ren',
        detail: 'role engineer, password',
        address: '192.0.2.9',
      },
      { user: 'chief', action: 'user.create', subject: 'ren', detail: 'operator' },
    ]);
    expect((await chief.get('/audit?limit=1')).json()).toMatchObject([{ action: 'audit.read' }]);
    expect(JSON.stringify(await records.audit.list({ limit: 1_000 }))).not.toContain('a new long');
  });

  it('who are disabled, or given another password, are out at once', async () => {
    const [chief, ren] = [desk.browser(), desk.browser()];
    await chief.signIn('chief');
    await ren.signIn('ren', 'a new long password');
    const { user } = await ren.session();
    const change = (body: object) => chief.send('PATCH', `/users/${user?.id ?? ''}`, { body });
    expect((await ren.lamp()).statusCode).toBe(200);
    await change({ password: PASSWORD });
    expect(errorOf(await ren.get('/streams'))).toEqual(SIGNED_OUT);
    await ren.signIn('ren');
    await change({ role: 'viewer' });
    expect(errorOf(await ren.lamp())).toEqual([403, 'forbidden']);
    await change({ disabled: true });
    expect(errorOf(await ren.get('/streams'))).toEqual(SIGNED_OUT);
    expect(errorOf(await ren.signIn('ren'))).toEqual([401, 'refused']);
    await change({ disabled: false });
    expect((await ren.signIn('ren')).statusCode).toBe(200);
  });

  it('make a password of their own with the old one, which ends their other sessions', async () => {
    const [here, there] = [desk.browser(), desk.browser()];
    await here.signIn('mado');
    await there.signIn('mado');
    const change = (old: string) =>
      here.send('POST', '/session/password', { body: { old, password: 'my very own password' } });
    expect(errorOf(await change('guess'))).toEqual([403, 'refused']);
    expect((await change(PASSWORD)).json()).toMatchObject({ user: { name: 'mado' } });
    expect((await here.session()).user?.name).toBe('mado');
    expect((await there.session()).user).toBeNull();
    expect((await desk.browser().signIn('mado')).statusCode).toBe(401);
    const again = desk.browser();
    expect((await again.signIn('mado', 'my very own password')).statusCode).toBe(200);
    const nobody = await desk.browser().send('POST', '/session/password', {
      body: { old: '', password: 'my very own password' },
    });
    expect(errorOf(nobody)).toEqual(SIGNED_OUT);
  });

  it('always include an administrator', async () => {
    const chief = desk.browser();
    await chief.signIn('chief');
    const { user } = await chief.session();
    for (const body of [{ disabled: true }, { role: 'engineer' }])
      expect(errorOf(await chief.send('PATCH', `/users/${user?.id ?? ''}`, { body }))).toEqual([
        409,
        'last-administrator',
      ]);
    const nobody = await chief.send('PATCH', '/users/nobody', { body: { disabled: true } });
    expect(errorOf(nobody)).toEqual([404, 'not-found']);
  });

  it('may have a name that looks like a script: it goes in and out as it is', async () => {
    const chief = desk.browser();
    await chief.signIn('chief');
    const name = `<script>alert('1')</script>`;
    const made = await chief.send('POST', '/users', {
      body: { name, password: PASSWORD, role: 'viewer' },
    });
    expect(made.headers['content-type']).toMatch(/^application\/json/);
    expect(made.json()).toMatchObject({ name });
  });

  it('cannot have a short password, an unknown role, or a name that hides something', async () => {
    const chief = desk.browser();
    await chief.signIn('chief');
    const user = { name: 'new', password: PASSWORD, role: 'viewer' };
    for (const wrong of [
      { password: 'short' },
      { role: 'king' },
      { name: 'x'.repeat(101) },
      { name: 'evil\u202etxt' },
      { name: '\u0000' },
    ]) {
      const answer = await chief.send('POST', '/users', { body: { ...user, ...wrong } });
      expect(errorOf(answer)).toEqual([400, 'invalid']);
    }
  });
});

describe('too many requests', () => {
  it('of one session are refused for some seconds, while others go on', async () => {
    const strict = await openDesk({ records, limits: { requestsMax: 5 } });
    const [busy, calm] = [strict.browser(), strict.browser()];
    await busy.signIn('chief');
    await calm.signIn('chief');
    const codes = [];
    for (let n = 0; n < 7; n++) codes.push((await busy.get('/open')).statusCode);
    expect(codes).toEqual([200, 200, 200, 200, 200, 429, 429]);
    const answer = await busy.get('/open');
    expect(errorOf(answer)).toEqual([429, 'too-many']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect((await calm.get('/open')).statusCode).toBe(200);
    await strict.app.close();
  });
});

describe('the document of the API', () => {
  it('tells of the session, the users and the audit log', async () => {
    const paths = await openApi(desk);
    for (const path of [
      '/session',
      '/session/setup',
      '/session/password',
      '/users',
      '/users/{id}',
      '/audit',
    ])
      expect(paths).toContain(`/api/v1${path}`);
  });
});

oidcSuite(() => records);
