import { z } from 'zod';
import { ROLES } from './constants.js';

export const role = z.enum(ROLES);
export type Role = z.output<typeof role>;

export const user = z.object({
  id: z.string(),
  name: z.string(),
  role,
  /** How they sign in. */
  origin: z.enum(['local', 'oidc']),
  disabled: z.boolean(),
  /** Id of the recipient, in the site plans, that the account acts for; null: the operator. */
  recipient: z.string().nullable(),
});
export type User = z.output<typeof user>;

/** `GET /api/v1/session`: who is signed in, or how one can. */
export const session = z.object({
  user: user.nullable(),
  /** Sent back in the header `x-csrf-token` with everything that changes something. */
  csrfToken: z.string().nullable(),
  /** The first administrator has still to be made, with the token that the console printed at its start. */
  needsSetup: z.boolean(),
  /** Sign-in through OpenID Connect is offered at `/api/v1/session/oidc`. */
  hasOidc: z.boolean(),
});
export type Session = z.output<typeof session>;

export const signIn = z.object({ name: z.string().min(1).max(100), password: z.string().max(200) });
export const setup = z.object({
  token: z.string().min(1).max(200),
  name: z.string().min(1).max(100),
  password: z.string().min(12).max(200),
});
/** `POST /api/v1/session/password`: one's own. Ends one's other sessions and answers with a new one. */
export const ownPassword = z.object({
  old: z.string().max(200),
  password: z.string().min(12).max(200),
});
export const newUser = z.object({
  name: z.string().min(1).max(100),
  password: z.string().min(12).max(200),
  role,
  recipient: z.string().min(1).max(63).nullable().optional(),
});
export const userChange = z
  .object({
    role,
    disabled: z.boolean(),
    password: z.string().min(12).max(200),
    /** Whoever acts for another one from now on is signed out everywhere. */
    recipient: z.string().min(1).max(63).nullable(),
  })
  .partial();

export const auditEntry = z.object({
  id: z.number(),
  at: z.iso.datetime(),
  user: z.string().nullable(),
  /** What was seen or changed, such as `alert.acknowledge` or `plan.save`. */
  action: z.string(),
  subject: z.string(),
  detail: z.string(),
  address: z.string(),
});
export type AuditEntry = z.output<typeof auditEntry>;

/** Every error of the API. */
export const problem = z.object({
  /** Such as `signed-out`, `forbidden`, `purpose`, `outside`, `csrf`, `invalid`, `not-found`, `too-many`, `unavailable`. */
  error: z.string(),
  message: z.string(),
  /** Of `purpose` and `outside`: why it is refused and what to do. */
  sentence: z.object({ ja: z.string(), en: z.string() }).optional(),
  /** Of `purpose`: from when on the same could be read. */
  readableFrom: z.iso.datetime().optional(),
  /** Which parts of the request were wrong. */
  issues: z.array(z.object({ key: z.string(), problem: z.string(), mend: z.string() })).optional(),
});
export type Problem = z.output<typeof problem>;
