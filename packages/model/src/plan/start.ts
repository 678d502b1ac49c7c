import { addDays, localInstantMs } from '../local-time.js';
import type { PlanPurpose } from './governance.js';
import type { PlanCamera, SitePlan } from './schema.js';

/** The day on which a purpose may begin, `YYYY-MM-DD`: its notice has stood for the required days. */
export function purposeStartDay(plan: SitePlan, purpose: PlanPurpose): string {
  return addDays(purpose.noticePublishedOn, plan.governance.noticeDays);
}

/** When a purpose begins: midnight of the site, ms since 1970. What was captured before is not for it. */
export function purposeStartMs(plan: SitePlan, purpose: PlanPurpose): number {
  return localInstantMs(purposeStartDay(plan, purpose), 0, plan.timeZone);
}

/** From when on a camera may send, ms since 1970, and the day in words; or why it may not at all. */
export type CameraStart =
  | { readonly fromMs: number; readonly because: string }
  | { readonly fromMs?: never; readonly because: string };

/**
 * When a camera may start: its plan says why it is needed, one of its purposes has begun, its stage of the roll-out has,
 * its permits are there, and the staff were briefed.
 */
export function cameraStart(plan: SitePlan, { id, governance }: PlanCamera): CameraStart {
  if (governance === undefined) {
    return {
      because: `the plan does not say why camera '${id}' is needed rather than a counter: fill in cameras[].governance`,
    };
  }
  const { purposes, stages } = plan.governance;
  const first = (days: string[]): string => days.sort()[0] ?? '';
  const purposeDay = first(
    purposes
      .filter((purpose) => governance.purposes.includes(purpose.id))
      .map((purpose) => purposeStartDay(plan, purpose)),
  );
  const stageDay = stages.find((stage) => stage.id === governance.stage)?.startsOn ?? '';
  const conditions = [
    [purposeDay, 'the notice of its purpose has stood for the required days'],
    [stageDay, `its stage of the roll-out, '${governance.stage}', begins`],
    [governance.staffBriefedOn, 'the staff there are briefed'],
    ...governance.permits.map((permit) => [permit.grantedOn, `'${permit.reference}' is granted`]),
  ] as [string, string][];
  const [day, condition] = conditions.reduce((last, one) => (one[0] > last[0] ? one : last));
  return {
    fromMs: localInstantMs(day, 0, plan.timeZone),
    because: `camera '${id}' may start on ${day}, when ${condition}`,
  };
}
