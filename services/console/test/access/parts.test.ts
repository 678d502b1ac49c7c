import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Attempts, networkOf } from '../../src/access/attempts.js';
import { csrfTokenOf, isCsrfToken, isOwn, ownOrigins } from '../../src/access/cross-site.js';
import { nameOf, readRoleMap, roleOf } from '../../src/access/oidc-claims.js';
import { ownPath } from '../../src/access/oidc.js';
import { ACCESS_LIMITS_DEFAULT } from '../../src/access/types.js';

describe('where a request comes from', () => {
  it('is the console alone, under the name that is configured', () => {
    const own = ownOrigins('https://console.example/');
    const from = (origin?: string, secFetchSite?: string) => isOwn({ origin, secFetchSite }, own);
    expect(from('https://console.example', 'same-origin')).toBe(true);
    expect(from('https://console.example:8443')).toBe(false);
    expect(from('http://console.example')).toBe(false);
    expect(from('https://console.example', 'none')).toBe(false);
  });

  it('is this machine under each of its names', () => {
    expect([...ownOrigins('http://localhost:8080')]).toEqual([
      'http://127.0.0.1:8080',
      'http://localhost:8080',
      'http://[::1]:8080',
    ]);
  });
});

describe('the token of a session against forgery', () => {
  it('is of that session alone', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(isCsrfToken(csrfTokenOf(one), one)).toBe(true);
        if (one !== other) expect(isCsrfToken(csrfTokenOf(one), other)).toBe(false);
        expect(isCsrfToken(other, one)).toBe(false);
      }),
      { numRuns: 100 },
    );
    expect(isCsrfToken(undefined, 'x')).toBe(false);
  });
});

describe('attempts', () => {
  const limits = { ...ACCESS_LIMITS_DEFAULT, failuresOfPairMax: 2, failuresOfAddressMax: 100 };

  it('are free again a quarter of an hour after the first', () => {
    let nowMs = 0;
    const attempts = new Attempts(limits, () => nowMs);
    attempts.begin('aoi', '192.0.2.1');
    nowMs = 60_000;
    attempts.begin('AOI ', '192.0.2.1');
    expect(() => attempts.begin('aoi', '192.0.2.1')).toThrow('wait 14 minutes');
    nowMs = 15 * 60_000;
    attempts.begin('aoi', '192.0.2.1');
  });

  it('of a name are counted wherever they come from, widely enough that nobody is locked out by one neighbour', () => {
    const attempts = new Attempts(limits, () => 0);
    let refused = 0;
    for (let n = 0; n < 200; n++) {
      try {
        attempts.begin('aoi', `192.0.2.${n}`);
      } catch {
        refused++;
      }
    }
    expect(refused).toBe(200 - limits.failuresOfNameMax);
  });

  it('remember the last ten thousand names', () => {
    const attempts = new Attempts(
      { ...limits, failuresOfAddressMax: 1e9, failuresOfPairMax: 1 },
      () => 0,
    );
    const others = (from: number, to: number): void => {
      for (let n = from; n < to; n++) attempts.begin(`name ${n}`, '192.0.2.1');
    };
    attempts.begin('aoi', '192.0.2.1');
    others(0, 9_999);
    expect(() => attempts.begin('aoi', '192.0.2.1')).toThrow('Too many');
    others(9_999, 10_000);
    attempts.begin('aoi', '192.0.2.1');
  });

  it('of IPv6 are counted for the network that one host has', () => {
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(networkOf('2001:db8:1:2::9')).toBe('2001:db8:1:2::/64');
    expect(networkOf('2001:db8::9')).toBe('2001:db8:0:0::/64');
    expect(networkOf('::1')).toBe('0:0:0:0::/64');
    expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
    expect(networkOf('192.0.2.1')).toBe('192.0.2.1');
    expect(networkOf('::ffff:192.0.2.1')).toBe('::ffff:192.0.2.1');
  });
});

describe('what a provider claims', () => {
  const map = readRoleMap(['staff=operator', 'CN=it,DC=example=engineer', ' all = viewer ']);

  it('gives the highest role of all its groups, whatever their order', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(['all', 'staff', 'CN=it,DC=example', 'unknown']),
        fc.boolean(),
        (groups, inRoles) => {
          const role = roleOf({ [inRoles ? 'roles' : 'groups']: groups }, map);
          const expected = groups.includes('CN=it,DC=example')
            ? 'engineer'
            : groups.includes('staff')
              ? 'operator'
              : groups.includes('all')
                ? 'viewer'
                : undefined;
          expect(role).toBe(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives no role where it is of another kind', () => {
    for (const roles of [
      undefined,
      null,
      7,
      {},
      [['staff']],
      [{ staff: true }],
      'STAFF',
      '__proto__',
    ])
      expect(roleOf({ roles }, map)).toBeUndefined();
  });

  it('gives a name that hides nothing', () => {
    expect(nameOf({ preferred_username: '\u0000', name: ' 佐藤\u202e葵\n ' })).toBe('佐藤葵');
    expect(nameOf({ name: 'x'.repeat(1_000) })?.length).toBe(100);
    expect(nameOf({ name: 7, email: 'aoi@example.jp' })).toBe('aoi@example.jp');
    expect(nameOf({})).toBeUndefined();
  });
});

describe('the page to open after a sign-in', () => {
  it('is always one of the console', () => {
    const url = 'https://console.example';
    const piece = fc.oneof(
      fc.constantFrom('/', '//', '\\', '.', '..', ':', '@', '?', '#', '%2f', '\t', '\n', ' ', 'a'),
      fc.constantFrom('https:', 'http://', 'javascript:', 'data:', 'evil.example', '[::1]', '。'),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(
        // Of what addresses are made of, and of what confuses those who read them.
        fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
        (to) => {
          const path = ownPath(to, url);
          expect(path.startsWith('/')).toBe(true);
          expect(new URL(path, url).origin).toBe(url);
        },
      ),
      { numRuns: 500 },
    );
    expect(ownPath('/sites/shibuya?at=7#x', url)).toBe('/sites/shibuya?at=7#x');
    expect(ownPath('/.//evil.example', url)).toBe('/');
  });
});
