import type { FastifyRequest } from 'fastify';
import { Fault } from './faults.js';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** The origins that a browser may show these pages under: the one configured, and of this machine its other names. */
export function ownOrigins(url: string): ReadonlySet<string> {
  const { protocol, hostname, port, origin } = new URL(url);
  if (!LOOPBACK.includes(hostname)) return new Set([origin]);
  const suffix = port === '' ? '' : `:${port}`;
  return new Set(LOOPBACK.map((name) => `${protocol}//${name}${suffix}`));
}

/**
 * Lets through what a browser says this site's own page has sent, or what is no browser. There is no cookie here that
 * another site could use; it must not send anything in the name of its visitors all the same.
 */
export function requireOwn({ headers }: FastifyRequest, own: ReadonlySet<string>): void {
  const { origin, 'sec-fetch-site': site } = headers;
  const isOwn =
    (site === undefined || site === 'same-origin') && (origin === undefined || own.has(origin));
  if (!isOwn) throw new Fault('cross-site');
}
