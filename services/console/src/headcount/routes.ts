import { z } from 'zod';
import { headcount, purposeId } from '../contract/index.js';
import type { Api } from '../http/app.js';
import type { Gate } from '../http/gate.js';
import type { Audience } from '../live/audience.js';
import { eventChunk } from '../live/events.js';
import { openStream } from '../live/stream.js';
import type { PurposeDesk } from '../purposes/desk.js';
import { headcountChannel, type HeadcountBoard } from './board.js';

export interface HeadcountParts {
  gate: Gate;
  audience: Audience;
  board: HeadcountBoard;
  purposes: PurposeDesk;
}

export function headcountRoutes(api: Api, parts: HeadcountParts): void {
  const viewer = { onRequest: parts.gate.requireRole('viewer') };
  const params = z.object({ site: z.string() });
  const querystring = z.object({ purpose: purposeId });
  const tags = ['headcount'];
  const now = (site: string) => {
    const fromMs = Date.now();
    return { site, item: 'measures', fromMs, toMs: fromMs + 1 } as const;
  };

  api.get(
    '/sites/:site/headcount',
    { ...viewer, schema: { tags, params, querystring, response: { 200: headcount } } },
    async (request) => {
      const count = parts.board.of(request.params.site);
      await parts.purposes.require(request, request.query.purpose, now(request.params.site));
      return count;
    },
  );

  api.get(
    '/sites/:site/headcount/stream',
    {
      ...viewer,
      config: { isStream: true },
      schema: {
        tags,
        params,
        querystring,
        summary: 'Server-sent events: headcount, when it has changed, once a second at most',
      },
    },
    async (request, reply) => {
      const { site } = request.params;
      const { purpose = '' } = request.query;
      const first = eventChunk('headcount', parts.board.of(site));
      await parts.purposes.require(request, request.query.purpose, now(site));
      openStream(parts, request, reply, headcountChannel(site), [['headcount', first]], () =>
        parts.purposes.isCovered(request, purpose, site, 'measures'),
      );
    },
  );
}
