import { HitonamiError } from '@hitonami/model';
import * as client from 'openid-client';
import { z } from 'zod';
import type { Role } from '../contract/index.js';
import { nameOf, readRoleMap, roleOf, type RoleMap } from './oidc-claims.js';
import type { OidcOptions } from './types.js';

/** A provider that does not answer within this is away, s. */
const PROVIDER_MAX_S = 10;
const SCOPE = 'openid profile email';
const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::|\/|$)/;

/** What must be remembered between the way out and the way back, in a cookie of the browser that went. */
const pending = z.object({
  state: z.string().max(100),
  nonce: z.string().max(100),
  verifier: z.string().max(200),
  to: z.string().max(2_000),
});

export interface OidcPerson {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  /** Undefined: the provider gives none of the roles that are configured. */
  readonly role: Role | undefined;
}

/** Sign-in through OpenID Connect: authorization code with PKCE (S256), state and nonce. */
export class Oidc {
  readonly #options: OidcOptions;
  readonly #callback: string;
  readonly #roles: RoleMap;
  #discovered: Promise<client.Configuration> | undefined;

  /** @param callback the full address that the provider sends the browser back to */
  constructor(options: OidcOptions, callback: string) {
    if (!options.issuer.startsWith('https:') && !LOOPBACK.test(options.issuer))
      throw new HitonamiError(
        'CONFIG',
        `HITONAMI_OIDC_ISSUER must be https:// (or on this machine), not ${options.issuer}`,
      );
    this.#options = options;
    this.#callback = callback;
    this.#roles = readRoleMap(options.roles);
  }

  /** @param to the path of the console to open afterwards */
  async begin(to: string): Promise<{ location: string; remember: string }> {
    const configuration = await this.#configuration();
    const [state, nonce, verifier] = [
      client.randomState(),
      client.randomNonce(),
      client.randomPKCECodeVerifier(),
    ];
    const location = client.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#callback,
      scope: SCOPE,
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const remember = JSON.stringify({ state, nonce, verifier, to } satisfies z.output<
      typeof pending
    >);
    return { location: location.href, remember: Buffer.from(remember).toString('base64url') };
  }

  /**
   * Of the browser that came back: exchanges the code and checks the ID token's signature, issuer, audience, nonce and time.
   *
   * @param query of the address that it came back to, with `?`
   * @throws whatever is wrong with it; `UNAVAILABLE` where the provider does not answer
   */
  async finish(query: string, remembered: string): Promise<{ person: OidcPerson; to: string }> {
    const { state, nonce, verifier, to } = readPending(remembered);
    const configuration = await this.#configuration();
    const address = new URL(this.#callback);
    address.search = query;
    const tokens = await client.authorizationCodeGrant(configuration, address, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw new Error('the provider gave no ID token');
    // Many providers tell name and groups here alone; the subject must be the same.
    const more =
      configuration.serverMetadata().userinfo_endpoint === undefined
        ? {}
        : await client.fetchUserInfo(configuration, tokens.access_token, claims.sub);
    const all = { ...more, ...claims };
    const person: OidcPerson = {
      issuer: claims.iss,
      subject: claims.sub,
      name: nameOf(all) ?? claims.sub,
      role: roleOf(all, this.#roles),
    };
    return { person, to };
  }

  /** Asked for when it is first needed, and again where it failed: the console starts while the provider is away. */
  #configuration(): Promise<client.Configuration> {
    this.#discovered ??= this.#discover().catch((error: unknown) => {
      this.#discovered = undefined;
      throw new HitonamiError(
        'UNAVAILABLE',
        `the provider ${this.#options.issuer} does not answer`,
        {
          cause: error,
          canRetry: true,
        },
      );
    });
    return this.#discovered;
  }

  #discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.#options;
    const authentication =
      clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret);
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- not deprecated, only meant to stand out: it is for this machine alone
    const execute = issuer.startsWith('https:') ? [] : [client.allowInsecureRequests];
    return client.discovery(new URL(issuer), clientId, undefined, authentication, {
      timeout: PROVIDER_MAX_S,
      execute,
    });
  }
}

function readPending(remembered: string): z.output<typeof pending> {
  return pending.parse(JSON.parse(Buffer.from(remembered, 'base64url').toString('utf8')));
}

/** A path of the console itself; anything else, such as `//elsewhere`, becomes its front page. */
export function ownPath(to: string | undefined, url: string): string {
  if (to?.startsWith('/') !== true || to.length > 1_000) return '/';
  const target = URL.canParse(to, url) ? new URL(to, url) : undefined;
  // `/.//elsewhere` is `//elsewhere` once it is resolved.
  if (target?.origin !== new URL(url).origin || target.pathname.startsWith('//')) return '/';
  return `${target.pathname}${target.search}${target.hash}`;
}
