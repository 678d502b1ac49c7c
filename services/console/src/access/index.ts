export { openAccess } from './open.js';
export type { Access } from './open.js';
export { ACCESS_LIMITS_DEFAULT } from './types.js';
export type { AccessLimits, AccessOptions, OidcOptions, SignedIn } from './types.js';
export type { OidcFailure } from './oidc-routes.js';
