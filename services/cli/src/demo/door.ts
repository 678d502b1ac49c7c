import { randomBytes } from 'node:crypto';
import type { Served } from '@hitonami/console';
import { HitonamiError } from '@hitonami/model';

const NAME = 'demo';

/**
 * Makes the first administrator of the demo's console, through the same door as a person would.
 * @returns the line that tells a newcomer where the console is and how to come in
 * @throws HitonamiError `UNAVAILABLE` where the console refuses
 */
export async function openDoor(served: Served | undefined): Promise<string> {
  if (served?.setupToken === undefined) return '';
  const password = randomBytes(9).toString('base64url');
  const answer = await fetch(new URL('/api/v1/session/setup', served.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(served.url).origin },
    body: JSON.stringify({ token: served.setupToken, name: NAME, password }),
  });
  if (!answer.ok) {
    const why = await answer.text();
    throw new HitonamiError('UNAVAILABLE', `the console gave the demo no account: ${why}`);
  }
  return `Console: ${served.url} (name ${NAME}, password ${password})`;
}
