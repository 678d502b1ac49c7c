import {
  cameraStart,
  HitonamiError,
  localDay,
  placeOfCamera,
  purposeStartDay,
  type CameraGovernance,
  type DataItem,
  type PlanPurpose,
  type PlanRecipient,
  type SitePlan,
} from '@hitonami/model';
import type { AuditFigures } from './audit-figures.js';

/** What notices are made from. */
export interface NoticeInput {
  readonly plan: SitePlan;
  /** The plan that the last notice was made from: the notice then says what has changed. */
  readonly before?: SitePlan | undefined;
  /** Where the public finds this notice, and asks; on the poster and the sticker as a QR code too. */
  readonly url?: string | undefined;
  /** What the audit of re-identification has found; left out: the notice says that it was not measured yet. */
  readonly audit?: AuditFigures | undefined;
  /** How long positions stay on the event log, which passes them on, hours. */
  readonly logHours?: number | undefined;
}

/** A camera as the public is told of it. */
export interface CameraFacts {
  /** On the map and in the tables, from 1. */
  readonly number: number;
  readonly id: string;
  readonly floor: string;
  readonly startDay: string | undefined;
  readonly governance: CameraGovernance | undefined;
  readonly place: { readonly x: number; readonly y: number } | undefined;
}

export interface PurposeFacts {
  readonly purpose: PlanPurpose;
  readonly startDay: string;
  readonly recipients: readonly PlanRecipient[];
}

/** What a plan says to the public, in no language yet. */
export interface NoticeFacts {
  readonly plan: SitePlan;
  readonly before: SitePlan | undefined;
  readonly url: string | undefined;
  readonly audit: AuditFigures | undefined;
  readonly logHours: number;
  readonly operator: PlanRecipient;
  readonly purposes: readonly PurposeFacts[];
  readonly cameras: readonly CameraFacts[];
  /** What of people is used for any purpose. */
  readonly items: ReadonlySet<DataItem>;
  /** The first day on which a camera may send; undefined where none may. */
  readonly startDay: string | undefined;
  /** The newest notice of all purposes. */
  readonly publishedOn: string;
}

/** Positions stay on the event log no longer than this, unless it is told otherwise; hours. */
export const LOG_HOURS_DEFAULT = 24;
/** Longest address that a QR code of a sticker still shows well, characters. */
const URL_LENGTH_MAX = 300;

/** @throws HitonamiError `INPUT` for an address that is no web address, `PLAN` for plans of two sites */
export function factsOf({ plan, before, url, audit, logHours }: NoticeInput): NoticeFacts {
  if (before !== undefined && before.site !== plan.site)
    throw new HitonamiError(
      'PLAN',
      `the older plan is of site '${before.site}', the new one of '${plan.site}': compare two plans of one site`,
    );
  const cameras = plan.cameras.map((camera, i): CameraFacts => {
    const { fromMs } = cameraStart(plan, camera);
    const place = placeOfCamera(camera);
    return {
      number: i + 1,
      id: camera.id,
      floor: camera.floor,
      startDay: fromMs === undefined ? undefined : localDay(fromMs, plan.timeZone),
      governance: camera.governance,
      place: place && { x: place.x, y: place.y },
    };
  });
  const { recipients, purposes } = plan.governance;
  const days = (all: readonly (string | undefined)[]): string[] =>
    all.filter((day) => day !== undefined).sort();
  return {
    plan,
    before,
    url: url === undefined ? undefined : checkedUrl(url),
    audit,
    logHours: logHours ?? LOG_HOURS_DEFAULT,
    operator: operatorOf(plan),
    purposes: purposes.map((purpose) => ({
      purpose,
      startDay: purposeStartDay(plan, purpose),
      recipients: recipients.filter(({ id }) => purpose.recipients.includes(id)),
    })),
    cameras,
    items: new Set(purposes.flatMap(({ items }) => items)),
    startDay: days(cameras.map(({ startDay }) => startDay))[0],
    publishedOn: days(purposes.map(({ noticePublishedOn }) => noticePublishedOn)).at(-1) ?? '',
  };
}

function operatorOf({ governance, operator }: SitePlan): PlanRecipient {
  return (
    governance.recipients.find(({ role }) => role === 'operator') ?? {
      id: 'operator',
      name: operator.name,
      role: 'operator',
    }
  );
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (!isWeb || text.length > URL_LENGTH_MAX || url.username !== '' || url.password !== '')
    throw new HitonamiError(
      'INPUT',
      `the address of the public page must be http:// or https://, without a password, at most ${URL_LENGTH_MAX} characters`,
    );
  return url.href;
}
