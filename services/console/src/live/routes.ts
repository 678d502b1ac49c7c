import type { PlanFollower } from '@hitonami/service';
import { z } from 'zod';
import type { Api } from '../http/app.js';
import type { Gate } from '../http/gate.js';
import { requirePlan } from '../site.js';
import type { Audience } from './audience.js';
import { liveChannel, type LiveHub } from './hub.js';
import { openStream } from './stream.js';

export interface LiveParts {
  gate: Gate;
  audience: Audience;
  hub: LiveHub;
  plans: PlanFollower;
}

export function liveRoutes(api: Api, parts: LiveParts): void {
  api.get(
    '/sites/:site/live',
    {
      schema: {
        params: z.object({ site: z.string() }),
        summary: 'Server-sent events: snapshot, alerts, plan',
        tags: ['live'],
      },
      config: { isStream: true },
      onRequest: parts.gate.requireRole('viewer'),
    },
    (request, reply) => {
      const { site } = request.params;
      requirePlan(parts.plans, site);
      openStream(parts, request, reply, liveChannel(site), parts.hub.welcome(site));
    },
  );
}
