import { z } from 'zod';
import { ALERT_STATES, RULES, SEVERITIES } from './constants.js';

/** What somebody did about an alert, or what was done for them. */
export const alertAction = z.object({
  at: z.iso.datetime(),
  /** Null: the system itself. */
  user: z.string().nullable(),
  kind: z.enum([
    'fired',
    'changed',
    'resolved',
    'acknowledged',
    'shelved',
    'unshelved',
    'escalated',
    'note',
    'step',
  ]),
  text: z.string(),
});

export const alert = z.object({
  id: z.string(),
  site: z.string(),
  rule: z.enum(RULES),
  /** Id of the area, line or camera. */
  subject: z.string(),
  severity: z.enum(SEVERITIES),
  state: z.enum(ALERT_STATES),
  since: z.iso.datetime(),
  /** Of the last change. */
  at: z.iso.datetime(),
  value: z.number(),
  threshold: z.number(),
  /** The detector was saturated: the value is a lower bound. */
  atLeast: z.boolean(),
  minutesToNext: z.number().nullable(),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: z.iso.datetime().nullable(),
  /** Not to be shown or sounded until then. */
  shelvedUntil: z.iso.datetime().nullable(),
  shelvedBy: z.string().nullable(),
  escalatedAt: z.iso.datetime().nullable(),
  /** The site's action card for the subject, from its plan. */
  actionCard: z.string().nullable(),
  actions: z.array(alertAction),
});
export type Alert = z.output<typeof alert>;
export type AlertAction = z.output<typeof alertAction>;

export const acknowledge = z.object({ note: z.string().max(1_000).default('') });
export const shelve = z.object({
  until: z.iso.datetime({ offset: true }),
  reason: z.string().min(1).max(1_000),
});
/** A step of the action card that was taken, or a note. */
export const takeAction = z.object({
  kind: z.enum(['note', 'step']),
  text: z.string().min(1).max(1_000),
});

/** `GET …/handover?from&to`: what one shift tells the next. */
export const handover = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  active: z.array(alert),
  resolved: z.array(alert),
  shelved: z.array(alert),
  notes: z.array(z.object({ at: z.iso.datetime(), user: z.string(), text: z.string() })),
});
export type Handover = z.output<typeof handover>;
