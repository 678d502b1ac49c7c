import type { FastifyRequest } from 'fastify';
import { ROLES, type Role } from '../contract/index.js';
import { ProblemError } from '../http/problem.js';

export function hasRole(actual: Role, needed: Role): boolean {
  return ROLES.indexOf(actual) >= ROLES.indexOf(needed);
}

/**
 * A hook of a route that lets through who has at least this role. As `onRequest` it answers before the body is read.
 *
 * @throws ProblemError 401 `signed-out`, 403 `forbidden`
 */
export function requireRole(role: Role): (request: FastifyRequest) => Promise<void> {
  return async ({ user }) => {
    if (user === null) throw new ProblemError(401, 'signed-out', 'Sign in, or sign in again.');
    if (!hasRole(user.role, role))
      throw new ProblemError(
        403,
        'forbidden',
        `This needs the role ${role}; yours is ${user.role}.`,
      );
  };
}
