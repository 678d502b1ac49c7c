import { z } from 'zod';
import { headcount } from '../contract/index.js';
import type { Api } from '../http/app.js';
import type { Gate } from '../http/gate.js';
import type { Audience } from '../live/audience.js';
import { eventChunk } from '../live/events.js';
import { openStream } from '../live/stream.js';
import { headcountChannel, type HeadcountBoard } from './board.js';

export interface HeadcountParts {
  gate: Gate;
  audience: Audience;
  board: HeadcountBoard;
}

export function headcountRoutes(api: Api, parts: HeadcountParts): void {
  const viewer = { onRequest: parts.gate.requireRole('viewer') };
  const params = z.object({ site: z.string() });
  const tags = ['headcount'];

  api.get(
    '/sites/:site/headcount',
    { ...viewer, schema: { tags, params, response: { 200: headcount } } },
    (request) => parts.board.of(request.params.site),
  );

  api.get(
    '/sites/:site/headcount/stream',
    {
      ...viewer,
      config: { isStream: true },
      schema: {
        tags,
        params,
        summary: 'Server-sent events: headcount, when it has changed, once a second at most',
      },
    },
    (request, reply) => {
      const { site } = request.params;
      const first = eventChunk('headcount', parts.board.of(site));
      openStream(parts, request, reply, headcountChannel(site), [['headcount', first]]);
    },
  );
}
