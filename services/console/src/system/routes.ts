import type { PlanFollower } from '@hitonami/service';
import { z } from 'zod';
import { system } from '../contract/index.js';
import type { Api } from '../http/app.js';
import type { Gate } from '../http/gate.js';
import type { LiveHub } from '../live/hub.js';
import { requirePlan } from '../site.js';
import type { MetricsSources } from './sources.js';
import { systemView } from './view.js';

export interface SystemParts {
  gate: Gate;
  plans: PlanFollower;
  hub: LiveHub;
  sources: MetricsSources;
}

export function systemRoutes(api: Api, { gate, plans, hub, sources }: SystemParts): void {
  api.get(
    '/sites/:site/system',
    {
      onRequest: gate.requireRole('viewer'),
      schema: {
        tags: ['system'],
        summary: 'How everything stands, and which numbers must not be trusted now and why',
        params: z.object({ site: z.string() }),
        response: { 200: system },
      },
    },
    async (request) => {
      const { site } = request.params;
      const plan = requirePlan(plans, site);
      return systemView(plan, hub.picture(site), await sources.look(), Date.now());
    },
  );
}
