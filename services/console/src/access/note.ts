import type { Records } from '@hitonami/records';
import type { FastifyRequest } from 'fastify';

/** Longer ones are cut: an audit entry must not fail because of what it tells. */
const SUBJECT_MAX = 300;
const DETAIL_MAX = 4_000;

/** Notes who saw or changed what, and from which address. */
export type Note = (
  request: FastifyRequest,
  action: string,
  subject: string,
  detail: string,
) => Promise<void>;

/** The address is the connection's own, or the one that a proxy of the configuration names: no other header is believed. */
export function noteIn(records: Records): Note {
  return async (request, action, subject, detail) => {
    await records.audit.append({
      user: request.user?.name ?? null,
      action,
      subject: readable(subject, SUBJECT_MAX),
      detail: readable(detail, DETAIL_MAX),
      address: request.ip,
    });
  };
}

function readable(text: string, most: number): string {
  const plain = text.replaceAll('\u0000', '');
  return plain.length <= most ? plain : `${plain.slice(0, most - 1)}…`;
}
