import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Records } from '@hitonami/records';

const TOKEN_BYTES = 18;

/** The first administrator is made by whoever can read what the console printed at its start, while there is no user. */
export class SetupToken {
  readonly #records: Records;
  #token: string | undefined;

  constructor(records: Records) {
    this.#records = records;
  }

  /** @returns the token to print; undefined where there are users already */
  async make(): Promise<string | undefined> {
    if (await this.isNeeded()) this.#token = randomBytes(TOKEN_BYTES).toString('base64url');
    return this.#token;
  }

  /** Once there is a user, for ever false: none is ever deleted. */
  async isNeeded(): Promise<boolean> {
    if (this.#isOver) return false;
    this.#isOver = !(await this.#records.users.isEmpty());
    if (this.#isOver) this.#token = undefined;
    return !this.#isOver;
  }
  #isOver = false;

  matches(given: string): boolean {
    return this.#token !== undefined && timingSafeEqual(digest(given), digest(this.#token));
  }
}

/** Equal lengths for the comparison. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
