import type { PlanFollower } from '@hitonami/service';
import { z } from 'zod';
import { system } from '../contract/index.js';
import type { Api } from '../http/app.js';
import type { Gate } from '../http/gate.js';
import type { HeadcountBoard } from '../headcount/board.js';
import type { LiveHub } from '../live/hub.js';
import { sentenceOf, type PurposeDesk } from '../purposes/desk.js';
import { requirePlan } from '../site.js';
import type { MetricsSources } from './sources.js';
import { systemView } from './view.js';

export interface SystemParts {
  gate: Gate;
  plans: PlanFollower;
  hub: LiveHub;
  sources: MetricsSources;
  board: Pick<HeadcountBoard, 'withheld'>;
  purposes: PurposeDesk;
}

export function systemRoutes(api: Api, parts: SystemParts): void {
  const { gate, plans, hub, sources, board, purposes } = parts;
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
      await purposes.requireInside(request, site);
      const live = hub.picture(site);
      return {
        ...systemView(plan, live, await sources.look(), Date.now()),
        headcountWithheld: sentenceOf(board.withheld(site)),
      };
    },
  );
}
