import { HitonamiError } from '@hitonami/model';
import { USER_FAULTS } from '@hitonami/records';
import { ProblemError } from '../http/problem.js';

const CONFLICTS: ReadonlyMap<string, [error: string, message: string]> = new Map([
  [USER_FAULTS.nameTaken, ['name-taken', 'There is a user of this name already.']],
  [
    USER_FAULTS.lastAdministrator,
    ['last-administrator', 'The last administrator stays: make another one first.'],
  ],
  [USER_FAULTS.notFirst, ['set-up', 'The first administrator exists already: sign in.']],
  [
    USER_FAULTS.passwordElsewhere,
    ['password-elsewhere', 'This user signs in through the provider and has no password here.'],
  ],
]);

/** What the records refuse about users, as an answer; anything else goes on as it is. */
export function asConflict(error: unknown): never {
  const known = error instanceof HitonamiError ? CONFLICTS.get(error.detail ?? '') : undefined;
  if (known !== undefined) throw new ProblemError(409, ...known);
  throw error;
}
