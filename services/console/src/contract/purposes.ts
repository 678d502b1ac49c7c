import { z } from 'zod';
import { DATA_ITEMS } from './constants.js';

const text = z.object({ ja: z.string(), en: z.string() });
export const dataItem = z.enum(DATA_ITEMS);

/** What a read is for: the id of one of the plan's purposes. Without one it is refused with 403 `purpose`; whoever acts for somebody outside, always, with 403 `outside`. */
export const purposeId = z.string().max(63).optional().describe('id of a purpose of the plan');

/** `GET …/purposes`: what whoever is signed in may name. */
export const sitePurposes = z.object({
  /** Whom the account acts for; without a name where the plan does not know it. */
  recipient: z.object({ id: z.string(), name: text.nullable() }),
  /** Why the account is shown nothing measured, and what to take instead; null for the operator and who works for it. */
  outside: text.nullable(),
  purposes: z.array(
    z.object({
      id: z.string(),
      name: text,
      description: text,
      items: z.array(dataItem),
      /** The areas and lines that it is about; null: the whole site. */
      places: z.array(z.string()).nullable(),
      /** Of those of its items that may be read now: what was captured from when on. */
      readableFrom: z
        .object({
          live: z.iso.datetime(),
          positions: z.iso.datetime(),
          'flow-legs': z.iso.datetime(),
          measures: z.iso.datetime(),
        })
        .partial(),
    }),
  ),
});
export type SitePurposes = z.output<typeof sitePurposes>;

/** `GET /api/v1/audit/heads`: the newest entry of each day, so that who rewrites the audit log is found out. */
export const auditHead = z.object({
  day: z.iso.date(),
  id: z.number(),
  /** SHA-256 over the entry and the hash of the one before, hexadecimal. */
  hash: z.string(),
  publishedAt: z.iso.datetime(),
});
export type AuditHeads = z.output<typeof auditHead>[];
