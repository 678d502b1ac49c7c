import { z } from 'zod';

export const siteSummary = z.object({
  site: z.string(),
  name: z.object({ ja: z.string(), en: z.string() }),
  timeZone: z.string(),
  planVersion: z.number(),
});
export type SiteSummary = z.output<typeof siteSummary>;

/** `GET …/plan`: the version in force, as its document (`SitePlan` of `@hitonami/model`). */
export const planDocument = z.object({
  plan: z.record(z.string(), z.unknown()),
  inForceFrom: z.iso.datetime().nullable(),
});

export const planVersion = z.object({
  version: z.number(),
  inForceFrom: z.iso.datetime().nullable(),
  savedBy: z.string().nullable(),
  savedAt: z.iso.datetime().nullable(),
  note: z.string(),
});
export type PlanVersion = z.output<typeof planVersion>;

export const planSave = z.object({
  plan: z.record(z.string(), z.unknown()),
  note: z.string().min(1).max(1_000),
  /** The version that was edited: refused with 409 where another was saved meanwhile. */
  basedOn: z.number(),
});
export const planIssue = z.object({ key: z.string(), problem: z.string(), mend: z.string() });
export const planCheck = z.object({ issues: z.array(planIssue) });

/** Why a number must not be trusted now. */
export const caution = z.object({
  subject: z.string(),
  kind: z.enum([
    'silent',
    'blind',
    'moved',
    'skew',
    'shed',
    'saturated',
    'coverage',
    'lag',
    'ingestor',
    'warehouse',
  ]),
  since: z.iso.datetime().nullable(),
  value: z.number().nullable(),
});

export const system = z.object({
  at: z.iso.datetime(),
  cameras: z.array(
    z.object({
      camera: z.string(),
      state: z.enum(['seeing', 'blind', 'silent', 'never', 'not-started']),
      /** Why it may not send yet, or never, as its plan says; null where it may. */
      notStarted: z.string().nullable(),
      lastSeen: z.iso.datetime().nullable(),
      movedSince: z.iso.datetime().nullable(),
      skewS: z.number().nullable(),
      framesPerS: z.number().nullable(),
      shedPerS: z.number().nullable(),
      rejectedPerS: z.number().nullable(),
      saturation: z.number().nullable(),
    }),
  ),
  services: z.array(
    z.object({
      service: z.string(),
      url: z.string(),
      up: z.boolean(),
      ready: z.boolean(),
      detail: z.string(),
    }),
  ),
  /** What became of the frames since the ingestors were started; null where any of the services does not answer. */
  frames: z
    .object({
      since: z.iso.datetime(),
      received: z.number(),
      processed: z.number(),
      shed: z.number(),
      rejected: z.number(),
      destroyed: z.number(),
    })
    .nullable(),
  pipeline: z.object({
    logLagRecords: z.number().nullable(),
    watermarkDelayS: z.number().nullable(),
    writtenUntil: z.iso.datetime().nullable(),
    warehouseRefusals: z.number().nullable(),
  }),
  cautions: z.array(caution),
  /** Why the headcount's receivers (webhook, MQTT) are told nothing of this site; null where they are, or there are none. */
  headcountWithheld: z.object({ ja: z.string(), en: z.string() }).nullable(),
});
export type System = z.output<typeof system>;

/** An event, or a change of the timetable, that makes a service day unlike its kind. */
export const calendarEntry = z.object({
  id: z.string(),
  day: z.iso.date(),
  title: z.string().min(1).max(200),
  /** Counts as this kind of day. */
  countsAs: z.enum(['weekday', 'saturday', 'holiday']).nullable(),
  /** Left out of the usual. */
  isUnusual: z.boolean(),
});
export type CalendarEntry = z.output<typeof calendarEntry>;
