import type { Records } from '@hitonami/records';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDesk, URL_HERE, type Browser, type Desk } from './desk.js';
import { CLIENT, startProvider, type IdentityProvider } from './provider.js';

const CALLBACK = '/api/v1/session/oidc/callback';
const ROLES = ['staff=operator', 'CN=it,DC=example=engineer', 'duty=viewer'];

export function oidcSuite(given: () => Records): void {
  describe('sign-in through OpenID Connect', () => {
    let provider: IdentityProvider;
    let desk: Desk;
    beforeAll(async () => {
      provider = await startProvider(`${URL_HERE}${CALLBACK}`);
      desk = await openDesk({
        records: given(),
        oidc: { issuer: provider.issuer, ...CLIENT, roles: ROLES },
      });
    }, 30_000);
    afterAll(async () => {
      await desk.app.close();
      await provider.stop();
    });

    /** The way there. @returns the path with its query that the browser is sent back to */
    const goThere = async (browser: Browser, subject: string, to = ''): Promise<string> => {
      const away = await browser.get(`/session/oidc${to}`);
      expect(away.statusCode).toBe(302);
      const back = await provider.visit(String(away.headers.location), subject);
      expect(back.startsWith(`${URL_HERE}${CALLBACK}?`)).toBe(true);
      return back.slice(URL_HERE.length);
    };
    /** A browser that comes from another site by a redirect. */
    const comeBack = (browser: Browser, path: string) =>
      browser.get(path, { headers: { 'sec-fetch-site': 'cross-site' } });

    it('is offered, and asks for a code with PKCE, state and nonce', async () => {
      const browser = desk.browser();
      expect((await browser.session()).hasOidc).toBe(true);
      const away = await browser.get('/session/oidc');
      const { searchParams } = new URL(String(away.headers.location));
      expect(Object.fromEntries(searchParams)).toMatchObject({
        response_type: 'code',
        code_challenge_method: 'S256',
        client_id: CLIENT.clientId,
        redirect_uri: `${URL_HERE}${CALLBACK}`,
      });
      for (const secret of ['state', 'nonce', 'code_challenge'])
        expect(searchParams.get(secret)?.length).toBeGreaterThan(40);
      expect(away.headers['set-cookie']).toMatch(/HttpOnly; SameSite=Lax/);
    });

    it('makes the user at the first time, with the role that the provider gives, and follows it', async () => {
      provider.people.set('17', {
        preferred_username: 'aoi.sato',
        groups: ['duty', 'staff', 'other'],
      });
      const browser = desk.browser();
      const back = await comeBack(browser, await goThere(browser, '17', '?to=/alerts?id=7'));
      expect([back.statusCode, back.headers.location]).toEqual([302, '/alerts?id=7']);
      expect((await browser.session()).user).toMatchObject({
        name: 'aoi.sato',
        role: 'operator',
        origin: 'oidc',
      });
      expect((await browser.lamp()).statusCode).toBe(200);
      provider.people.set('17', { preferred_username: 'aoi.sato', groups: 'CN=it,DC=example' });
      const other = desk.browser();
      await comeBack(other, await goThere(other, '17'));
      expect((await other.session()).user).toMatchObject({ role: 'engineer' });
      expect((await given().users.list()).filter(({ name }) => name === 'aoi.sato')).toHaveLength(
        1,
      );
    });

    it('lets nobody in to whom no role is given, and makes no user', async () => {
      provider.people.set('18', { preferred_username: 'guest', groups: ['visitors'] });
      const browser = desk.browser();
      const back = await comeBack(browser, await goThere(browser, '18'));
      expect(back.headers.location).toBe('/?sign-in=no-role');
      expect((await browser.session()).user).toBeNull();
      expect(await given().users.hasName('guest')).toBe(false);
      const [entry] = await given().audit.list({ limit: 1 });
      expect(entry).toMatchObject({ action: 'session.refuse', subject: 'guest' });
    });

    it('leaves disabled who was disabled here', async () => {
      provider.people.set('19', { preferred_username: 'left', groups: ['staff'] });
      const browser = desk.browser();
      await comeBack(browser, await goThere(browser, '19'));
      const { user } = await browser.session();
      await given().users.change(user?.id ?? '', { disabled: true });
      expect((await browser.session()).user).toBeNull();
      const back = await comeBack(browser, await goThere(browser, '19'));
      expect(back.headers.location).toBe('/?sign-in=disabled');
      expect((await browser.session()).user).toBeNull();
    });

    it('gives a name that somebody has here to nobody else', async () => {
      const local = {
        name: 'kei',
        password: 'a long enough password',
        role: 'administrator',
      } as const;
      await given().users.create(local);
      provider.people.set('20', { preferred_username: 'KEI', groups: ['duty'] });
      const browser = desk.browser();
      await comeBack(browser, await goThere(browser, '20'));
      expect((await browser.session()).user).toMatchObject({ name: 'KEI (2)', role: 'viewer' });
    });

    it('comes to nothing with a forged state, another browser, or a code used before', async () => {
      provider.people.set('21', { groups: ['staff'] });
      const refused = async (browser: Browser, path: string): Promise<void> => {
        const back = await comeBack(browser, path);
        expect([back.statusCode, back.headers.location]).toEqual([302, '/?sign-in=failed']);
        expect((await browser.session()).user).toBeNull();
      };
      const forged = desk.browser();
      const path = await goThere(forged, '21');
      await refused(forged, path.replace(/state=[^&]+/, 'state=forged'));

      const victim = desk.browser();
      await refused(victim, await goThere(desk.browser(), '21'));

      const twice = desk.browser();
      const used = await goThere(twice, '21');
      const remembered = new Map(twice.cookies);
      expect((await comeBack(twice, used)).headers.location).toBe('/');
      const replay = desk.browser();
      for (const [name, value] of remembered) replay.cookies.set(name, value);
      await refused(replay, used);

      for (const query of ['', '?error=access_denied', `?code=${'x'.repeat(5_000)}&state=x`])
        await refused(desk.browser(), `${CALLBACK}${query}`);
      const garbled = desk.browser();
      garbled.cookies.set('hitonami-oidc', 'bm8gSlNPTg');
      await refused(garbled, used);
    });

    it('opens nothing but pages of the console afterwards', async () => {
      for (const to of [
        '//evil.example',
        'https://evil.example/',
        '/\\evil.example',
        '/.//evil.example',
        'x',
      ]) {
        const browser = desk.browser();
        const path = await goThere(browser, '21', `?to=${encodeURIComponent(to)}`);
        expect((await comeBack(browser, path)).headers.location).toBe('/');
      }
    });

    it('says so where the provider is away, and works when it is back', async () => {
      const elsewhere = await startProvider(`${URL_HERE}${CALLBACK}`);
      const { issuer } = elsewhere;
      await elsewhere.stop();
      const lonely = await openDesk({
        records: given(),
        oidc: { issuer, ...CLIENT, roles: ROLES },
      });
      const away = await lonely.browser().get('/session/oidc');
      expect(away.headers.location).toBe('/?sign-in=unavailable');
      expect((await lonely.browser().session()).hasOidc).toBe(true);
      await lonely.app.close();
    });

    it('is refused at the start with a provider in the clear elsewhere, or a role that there is not', async () => {
      const open = (issuer: string, roles: readonly string[]) =>
        openDesk({ records: given(), oidc: { issuer, ...CLIENT, roles } });
      await expect(open('http://id.example', ROLES)).rejects.toMatchObject({ code: 'CONFIG' });
      await expect(open('http://127.0.0.1.id.example', ROLES)).rejects.toMatchObject({
        code: 'CONFIG',
      });
      await expect(open('https://id.example', ['staff=king'])).rejects.toMatchObject({
        code: 'CONFIG',
      });
    });
  });
}
