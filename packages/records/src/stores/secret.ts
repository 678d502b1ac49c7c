import { createHash } from 'node:crypto';
import { HitonamiError } from '@hitonami/model';

/** Characters; shorter ones could be guessed. */
const SECRET_LENGTH_MIN = 20;

/** What is random and long needs a plain hash alone: nobody guesses it back. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64');
}

/** @throws HitonamiError `INPUT` for what could be guessed */
export function requireSecret(secret: string): string {
  if (secret.length >= SECRET_LENGTH_MIN) return secret;
  throw new HitonamiError('INPUT', `token has under ${SECRET_LENGTH_MIN} characters`, {
    detail: 'token',
  });
}
