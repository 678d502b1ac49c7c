import type { PlanFollower } from '@hitonami/service';
import { z } from 'zod';
import { sitePurposes } from '../contract/index.js';
import type { Api } from '../http/app.js';
import type { Gate } from '../http/gate.js';
import { requirePlan } from '../site.js';
import type { PurposeDesk } from './desk.js';

export function purposeRoutes(
  api: Api,
  { gate, plans, purposes }: { gate: Gate; plans: PlanFollower; purposes: PurposeDesk },
): void {
  api.get(
    '/sites/:site/purposes',
    {
      onRequest: gate.requireRole('viewer'),
      schema: {
        tags: ['sites'],
        summary: 'For which purposes the account may read what, by the recipient that it acts for',
        params: z.object({ site: z.string() }),
        response: { 200: sitePurposes },
      },
    },
    (request) => purposes.of(request, requirePlan(plans, request.params.site)),
  );
}
