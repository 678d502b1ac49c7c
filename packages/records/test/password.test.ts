import { describe, expect, it } from 'vitest';
import { passwords } from '../src/stores/password.js';
import { CHEAP, PASSWORD } from './support.js';

describe('a password', () => {
  it('takes as long to check for a name that nobody has', async () => {
    const { hash, matches } = passwords({ log2N: 14, r: 8, p: 1 });
    const stored = await hash(PASSWORD);
    const timeOf = async (given: string | undefined): Promise<number> => {
      const began = performance.now();
      await matches('guess', given);
      return performance.now() - began;
    };
    // By turns, and the quickest of each: what else the machine does takes its time from both.
    let [known, unknown] = [Infinity, Infinity];
    for (let n = 0; n < 8; n++) {
      known = Math.min(known, await timeOf(stored));
      unknown = Math.min(unknown, await timeOf(undefined));
    }
    expect(known).toBeGreaterThan(5);
    expect(unknown / known).toBeGreaterThan(0.4);
    expect(unknown / known).toBeLessThan(2.5);
  });

  it('is never matched by that check, and has another salt each time', async () => {
    const { hash, matches } = passwords(CHEAP);
    expect(await matches('', undefined)).toBe(false);
    expect(await hash(PASSWORD)).not.toBe(await hash(PASSWORD));
  });

  it('is the same however its characters were put together', async () => {
    const { hash, matches } = passwords(CHEAP);
    expect(await matches('パスワードは長い', await hash('ﾊﾟｽﾜｰﾄﾞは長い'))).toBe(true);
  });

  it('is checked for two at once and a few who wait; more are told to try again', async () => {
    const { hash } = passwords(CHEAP);
    const tries = await Promise.allSettled(Array.from({ length: 100 }, () => hash(PASSWORD)));
    const refused = tries.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(100 - 66);
    expect(refused[0]).toMatchObject({ reason: { code: 'UNAVAILABLE', canRetry: true } });
    expect(await hash(PASSWORD)).toMatch(/^scrypt/);
  });

  it('that is stored in no known form is a fault, not a way in', async () => {
    await expect(passwords(CHEAP).matches('plain', 'plain')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
  });
});
