import { HitonamiError } from '@hitonami/model';
import { ROLES, type Role } from '../contract/index.js';
import { hasRole } from './role.js';

/** Where providers put the groups of a user. */
const ROLE_CLAIMS = ['roles', 'groups'] as const;
const NAME_CLAIMS = ['preferred_username', 'name', 'email'] as const;
const NAME_MAX = 100;

export type Claims = Readonly<Record<string, unknown>>;
export type RoleMap = ReadonlyMap<string, Role>;

/** Of `value=role` each. The value may itself hold `=`, as names of directory groups do. @throws HitonamiError `CONFIG` */
export function readRoleMap(entries: readonly string[]): RoleMap {
  return new Map(
    entries.map((entry) => {
      const at = entry.lastIndexOf('=');
      const role = ROLES.find((known) => known === entry.slice(at + 1).trim());
      if (at < 1 || role === undefined)
        throw new HitonamiError(
          'CONFIG',
          `HITONAMI_OIDC_ROLES: '${entry}' is not value=role with a role of ${ROLES.join(', ')}`,
        );
      return [entry.slice(0, at).trim(), role];
    }),
  );
}

/** The highest role that the claims give. */
export function roleOf(claims: Claims, map: RoleMap): Role | undefined {
  const values = ROLE_CLAIMS.flatMap((name) => claims[name]);
  return values
    .map((value) => (typeof value === 'string' ? map.get(value) : undefined))
    .reduce((best, role) => {
      if (role === undefined || (best !== undefined && hasRole(best, role))) return best;
      return role;
    }, undefined);
}

/** What the user is called here: shown, never used to find out who it is. */
export function nameOf(claims: Claims): string | undefined {
  for (const claim of NAME_CLAIMS) {
    const value = claims[claim];
    // Control characters and those that turn the direction of text are left out.
    const shown =
      typeof value === 'string' ? value.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '').trim() : '';
    if (shown !== '') return shown.slice(0, NAME_MAX);
  }
  return undefined;
}
