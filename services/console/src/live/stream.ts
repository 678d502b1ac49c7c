import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Gate } from '../http/gate.js';
import type { Audience } from './audience.js';

/**
 * Turns a request into a stream of server-sent events, and seats its viewer.
 *
 * @param first offered at once, each by its kind
 * @param isAllowed whether it still may; the stream ends within seconds where it may not
 */
export function openStream(
  { audience, gate }: { audience: Audience; gate: Gate },
  request: FastifyRequest,
  reply: FastifyReply,
  channel: string,
  first: readonly [string, Uint8Array][],
  isAllowed: () => boolean,
): void {
  audience.requireRoom();
  const headers = reply.getHeaders();
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    ...(headers as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  const { viewer, leave } = audience.join(
    channel,
    {
      write: (chunk) => raw.write(chunk),
      onDrain: (listener) => raw.on('drain', listener),
      end: () => raw.end(),
      destroy: () => raw.destroy(),
    },
    gate.sessionId(request),
    isAllowed,
  );
  raw.on('close', leave);
  raw.on('error', leave);
  for (const [kind, chunk] of first) viewer.offer(kind, chunk);
}
