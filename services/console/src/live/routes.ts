import type { PlanFollower } from '@hitonami/service';
import { z } from 'zod';
import type { Api } from '../http/app.js';
import { purposeId } from '../contract/index.js';
import type { Gate } from '../http/gate.js';
import type { PurposeDesk } from '../purposes/desk.js';
import { requirePlan } from '../site.js';
import type { Audience } from './audience.js';
import { alertsChannel, liveChannel, type LiveHub } from './hub.js';
import { openStream } from './stream.js';

export interface LiveParts {
  gate: Gate;
  audience: Audience;
  hub: LiveHub;
  plans: PlanFollower;
  purposes: PurposeDesk;
}

export function liveRoutes(api: Api, parts: LiveParts): void {
  api.get(
    '/sites/:site/live',
    {
      schema: {
        params: z.object({ site: z.string() }),
        querystring: z.object({ purpose: purposeId }),
        summary: 'Server-sent events: snapshot, alerts, plan',
        tags: ['live'],
      },
      config: { isStream: true },
      onRequest: parts.gate.requireRole('viewer'),
    },
    async (request, reply) => {
      const { site } = request.params;
      const { purpose = '' } = request.query;
      requirePlan(parts.plans, site);
      const nowMs = Date.now();
      const read = { site, item: 'live', fromMs: nowMs, toMs: nowMs + 1 } as const;
      await parts.purposes.require(request, request.query.purpose, read);
      openStream(parts, request, reply, liveChannel(site), parts.hub.welcome(site), () =>
        parts.purposes.isCovered(request, purpose, site, 'live'),
      );
    },
  );

  api.get(
    '/sites/:site/alerts/stream',
    {
      schema: {
        params: z.object({ site: z.string() }),
        summary: 'Server-sent events: alerts, plan; needs no purpose, since it tells of places',
        tags: ['alerts'],
      },
      config: { isStream: true },
      onRequest: parts.gate.requireRole('viewer'),
    },
    async (request, reply) => {
      const { site } = request.params;
      requirePlan(parts.plans, site);
      await parts.purposes.requireInside(request, site);
      const first = parts.hub.welcomeToAlerts(site);
      openStream(parts, request, reply, alertsChannel(site), first, () =>
        parts.purposes.isInside(request, site),
      );
    },
  );
}
