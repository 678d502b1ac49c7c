import type { FastifyRequest } from 'fastify';

/** The key that a request came with, in `Authorization: Bearer …`; nowhere else, for addresses end in logs. */
export function bearerOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  return /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
}
