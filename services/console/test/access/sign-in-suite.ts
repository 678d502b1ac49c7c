import type { Records } from '@hitonami/records';
import { describe, expect, it } from 'vitest';
import { errorOf, openDesk, PASSWORD, type Desk } from './desk.js';

/** Of a console that has the administrator `chief`. */
export function signInSuite(records: () => Records, desk: () => Desk): void {
  describe('signing in', () => {
    it('gives a cookie that no script reads and no other site sends', async () => {
      const browser = desk().browser();
      const answer = await browser.signIn('chief');
      expect(answer.json()).toMatchObject({ user: { name: 'chief' } });
      const cookie = String(answer.headers['set-cookie']);
      expect(cookie).toMatch(
        /^hitonami=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
      );
      expect(answer.headers['cache-control']).toBe('no-store');
    });

    it('gives one that is sent over TLS alone, and that no other host can set, where the console has https', async () => {
      const url = 'https://console.example';
      const secure = await openDesk({ records: records(), url });
      const cookie = String((await secure.browser().signIn('chief')).headers['set-cookie']);
      expect(cookie).toMatch(/^__Host-hitonami=[^;]+; Path=\/; .*; Secure; SameSite=Strict$/);
      await secure.app.close();
    });

    it('says the same of a wrong password and of a name that nobody has, and keeps neither', async () => {
      const wrong = await desk().browser().signIn('chief', 'wrong');
      const nobody = await desk().browser().signIn('my secret password', PASSWORD);
      expect(wrong.json()).toEqual(nobody.json());
      expect([wrong.statusCode, nobody.statusCode]).toEqual([401, 401]);
      const [last, before] = await records().audit.list();
      expect(last).toMatchObject({ action: 'session.refuse', subject: '?', user: null });
      expect(before).toMatchObject({ action: 'session.refuse', subject: 'chief' });
    });

    it('is refused for what is no name, before anything is looked up', async () => {
      const send = (body: unknown) => desk().browser().send('POST', '/session', { body });
      for (const body of [
        { name: 'x'.repeat(101), password: PASSWORD },
        { name: '', password: PASSWORD },
        { name: 'chief', password: 'x'.repeat(201) },
        { name: ['chief'], password: PASSWORD },
        { name: 'chief' },
      ])
        expect(errorOf(await send(body))).toEqual([400, 'invalid']);
      expect(errorOf(await send({ name: 'x'.repeat(1_000_000), password: '' }))).toEqual([
        413,
        'too-large',
      ]);
    });

    it('ends with signing out: the cookie is worth nothing then', async () => {
      const browser = desk().browser();
      await browser.signIn('chief');
      const kept = new Map(browser.cookies);
      expect((await browser.lamp()).statusCode).toBe(200);
      expect((await browser.send('DELETE', '/session')).statusCode).toBe(204);
      expect(browser.cookies.size).toBe(0);
      for (const [name, value] of kept) browser.cookies.set(name, value);
      expect(errorOf(await browser.lamp({ headers: { 'x-csrf-token': 'x' } }))).toEqual([
        401,
        'signed-out',
      ]);
      expect((await browser.session()).user).toBeNull();
    });

    it('anew ends the session that the browser had, and never goes on with a cookie that it came with', async () => {
      const browser = desk().browser();
      await browser.signIn('chief');
      const before = browser.cookies.get('hitonami') ?? '';
      await browser.signIn('chief');
      expect(browser.cookies.get('hitonami')).not.toBe(before);
      expect(await records().sessions.use(before)).toBeUndefined();
    });

    it('is slowed down after some failures of a name from an address, and of an address', async () => {
      const strict = await openDesk({
        records: records(),
        limits: { failuresOfPairMax: 3, failuresOfAddressMax: 5 },
      });
      const guesser = strict.browser('192.0.2.1');
      for (let n = 0; n < 3; n++)
        expect(errorOf(await guesser.signIn('chief', `guess ${n}`))).toEqual([401, 'refused']);
      expect(errorOf(await guesser.signIn('chief'))).toEqual([429, 'too-many']);
      expect((await strict.browser('192.0.2.2').signIn('chief')).statusCode).toBe(200);
      for (let n = 0; n < 2; n++) await guesser.signIn(`name ${n}`, 'guess');
      expect(errorOf(await guesser.signIn('another'))).toEqual([429, 'too-many']);
      await strict.app.close();
    });

    it('is not slowed down by succeeding, and counts guesses that are made at once', async () => {
      const strict = await openDesk({ records: records(), limits: { failuresOfPairMax: 3 } });
      for (let n = 0; n < 5; n++)
        expect((await strict.browser().signIn('chief')).statusCode).toBe(200);
      const guesses = Array.from({ length: 8 }, (_, n) => strict.browser().signIn('chief', `${n}`));
      const codes = (await Promise.all(guesses)).map(({ statusCode }) => statusCode).sort();
      expect(codes).toEqual([401, 401, 401, 429, 429, 429, 429, 429]);
      await strict.app.close();
    });

    it('does not believe what a header says of the address', async () => {
      const strict = await openDesk({ records: records(), limits: { failuresOfPairMax: 2 } });
      const guess = (n: number) =>
        strict.browser('192.0.2.7').send('POST', '/session', {
          body: { name: 'chief', password: 'guess' },
          headers: {
            'x-forwarded-for': `198.51.100.${n}`,
            forwarded: `for=198.51.100.${n}`,
            'x-real-ip': `198.51.100.${n}`,
          },
        });
      const codes = [];
      for (let n = 0; n < 3; n++) codes.push((await guess(n)).statusCode);
      expect(codes).toEqual([401, 401, 429]);
      expect((await records().audit.list({ limit: 1 }))[0]?.address).toBe('192.0.2.7');
      await strict.app.close();
    });

    it('behind a proxy that may say for whom it asks, each has limits of their own; others are not believed', async () => {
      const proxies = ['192.0.2.1', '10.1.0.0/16'];
      const strict = await openDesk({
        records: records(),
        proxies,
        limits: { failuresOfPairMax: 2 },
      });
      const guess = async (from: string, forwarded: string): Promise<number> =>
        (
          await strict.browser(from).send('POST', '/session', {
            body: { name: 'chief', password: 'guess' },
            headers: { 'x-forwarded-for': forwarded },
          })
        ).statusCode;
      const one = [];
      for (let n = 0; n < 3; n++) one.push(await guess('192.0.2.1', '198.51.100.1'));
      expect(one).toEqual([401, 401, 429]);
      expect((await records().audit.list({ limit: 1 }))[0]?.address).toBe('198.51.100.1');
      expect(await guess('10.1.2.3', '198.51.100.2')).toBe(401);
      // Who writes a header of their own has it before what the proxy adds: that alone counts.
      const forged = [];
      for (let n = 0; n < 3; n++)
        forged.push(await guess('192.0.2.1', `203.0.113.${n}, 198.51.100.3`));
      expect(forged).toEqual([401, 401, 429]);
      const stranger = [];
      for (let n = 0; n < 3; n++) stranger.push(await guess('192.0.2.9', `203.0.113.${n}`));
      expect(stranger).toEqual([401, 401, 429]);
      await strict.app.close();
    });
  });
}
