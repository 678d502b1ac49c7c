import type { FastifyReply } from 'fastify';
import type { DownloadRefusal } from '../downloads/gate.js';

const TITLES: Readonly<Record<DownloadRefusal['status'], string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
};

/** A refusal as RFC 9457 has it, in English, with both languages beside it. */
export function sendRefusal(
  reply: FastifyReply,
  { status, words, waitS }: DownloadRefusal,
): FastifyReply {
  if (status === 401) void reply.header('www-authenticate', 'Bearer realm="hitonami"');
  if (waitS !== undefined) void reply.header('retry-after', waitS);
  return reply
    .code(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: TITLES[status],
        status,
        detail: words.en,
        message: words,
      }),
    );
}
