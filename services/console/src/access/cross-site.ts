import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a request says about where it comes from. */
export interface Provenance {
  readonly origin: string | undefined;
  readonly secFetchSite: string | undefined;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** The origins that a browser may show the console under: the one configured, and of this machine its other names. */
export function ownOrigins(url: string): ReadonlySet<string> {
  const { protocol, hostname, port, origin } = new URL(url);
  if (!LOOPBACK.includes(hostname)) return new Set([origin]);
  const suffix = port === '' ? '' : `:${port}`;
  return new Set(LOOPBACK.map((name) => `${protocol}//${name}${suffix}`));
}

/**
 * Whether a change may be meant: a browser says that another site caused it, by `Sec-Fetch-Site` or `Origin`. What is no
 * browser says neither, and has no cookie that another site could use. `Host` is not asked: whoever points a name of
 * theirs here chooses it.
 */
export function isOwn({ origin, secFetchSite }: Provenance, own: ReadonlySet<string>): boolean {
  if (secFetchSite !== undefined && secFetchSite !== 'same-origin') return false;
  return origin === undefined || own.has(origin);
}

/** Bound to the session: made from its token, which no page can read, and useless with another. */
export function csrfTokenOf(sessionToken: string): string {
  return createHmac('sha256', sessionToken).update('csrf').digest('base64url');
}

export function isCsrfToken(given: string | undefined, sessionToken: string): boolean {
  const expected = Buffer.from(csrfTokenOf(sessionToken));
  const actual = Buffer.from(given ?? '');
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
