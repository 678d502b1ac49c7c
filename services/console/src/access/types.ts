import type { Records, Session, User } from '@hitonami/records';
import type { Logger } from '@hitonami/service';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is signed in; null where nobody is. Set before any hook or handler of a route of the API runs. */
    user: User | null;
    /** The session that the request came with, and its token. */
    signedIn: SignedIn | null;
  }
}

export interface SignedIn {
  readonly session: Session;
  readonly token: string;
}

export interface OidcOptions {
  readonly issuer: string;
  readonly clientId: string;
  /** Left out: a public client, which PKCE alone protects. */
  readonly clientSecret?: string | undefined;
  /** `value=role`: who has the value in the claim `roles` or `groups` gets the role; the highest one counts, none is refused. */
  readonly roles: readonly string[];
}

export interface AccessLimits {
  /** Requests of one session, or of one address without a session, in 10 s. */
  readonly requestsMax: number;
  /** Failed sign-ins in 15 minutes: of one name from one address, of one address, of one name from anywhere. */
  readonly failuresOfPairMax: number;
  readonly failuresOfAddressMax: number;
  readonly failuresOfNameMax: number;
}

/** A page asks for some ten things at once; a guess a minute finds no password of twelve characters. */
export const ACCESS_LIMITS_DEFAULT: AccessLimits = {
  requestsMax: 400,
  failuresOfPairMax: 8,
  failuresOfAddressMax: 40,
  failuresOfNameMax: 80,
};

export interface AccessOptions {
  readonly records: Records;
  /**
   * The origin that browsers use, as `https://console.example`. Cookies are `Secure` under https, and a change that comes
   * from another origin is refused. Of this machine, its other names are taken too.
   */
  readonly url: string;
  readonly logger: Logger;
  readonly oidc?: OidcOptions | undefined;
  /** Folder of the embedded records, where commands leave what they note. */
  readonly inbox?: string | undefined;
  readonly limits?: Partial<AccessLimits> | undefined;
  /** Told at the start, while there is no user yet: with this token the first administrator is made. */
  readonly onSetupToken?: ((token: string) => void) | undefined;
}
