import type { Encoding } from './encodings.js';

/** A strong entity tag: another one for each form in which the same bytes travel (RFC 9110, 8.8.3). */
export function tagFor(sha256: string, encoding: Encoding): string {
  return encoding === 'identity' ? `"${sha256}"` : `"${sha256}-${encoding}"`;
}

/** Whether `If-None-Match` names these bytes in any form. */
export function hasTag(header: string | undefined, sha256: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  const tags: Encoding[] = ['identity', 'gzip', 'br'];
  const ours = new Set(tags.map((encoding) => tagFor(sha256, encoding)));
  return header.split(',').some((one) => ours.has(one.trim().replace(/^W\//, '')));
}
