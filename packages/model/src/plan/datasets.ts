import { z } from 'zod';
import { id, longText, text } from './shapes.js';

/** What a city publishes or sells, and what travellers are shown: described here, computed by the publisher, never by a query. */

/**
 * What a row is about. `areas` and `lines` are places; `movements` go from one place to another; `sequences` are the same over
 * up to three areas, for buyers alone.
 */
export const DATASET_SUBJECTS = ['areas', 'lines', 'movements', 'sequences'] as const;
export type DatasetSubject = (typeof DATASET_SUBJECTS)[number];

/** Who may have it: everybody, or who has a contract. */
export const DATASET_AUDIENCES = ['open', 'buyers'] as const;
export type DatasetAudience = (typeof DATASET_AUDIENCES)[number];

/** SPDX names, Japan's Public Data License, or the contract of a buyer. */
export const LICENCES = ['CC0-1.0', 'CC-BY-4.0', 'PDL-1.0', 'contract'] as const;
export type Licence = (typeof LICENCES)[number];

/**
 * What the Act on the Protection of Personal Information calls it: statistical information (no duty), or anonymously processed
 * information (its items and the way it is given have to be published, articles 43 and 44).
 */
export const LEGAL_CLASSES = [
  'statistical-information',
  'anonymously-processed-information',
] as const;
export type LegalClass = (typeof LEGAL_CLASSES)[number];

const day = z.iso.date();

/** Counts with noise instead of suppression; the protected unit is the life of one pseudonym. */
const noise = z.strictObject({
  mechanism: z.literal(['laplace', 'gaussian']),
  /** Spent by one release on each source day. */
  epsilon: z.number().min(0.01).max(10),
  /** Of the Gaussian mechanism alone. */
  delta: z.number().min(1e-12).max(1e-5).default(1e-6),
  /** Cells that one pseudonym counts in at most; of more, some are drawn. */
  contributionsMax: z.int().min(1).max(50).default(4),
});

export const dataset = z.strictObject({
  id,
  title: text,
  description: longText,
  keywords: z.array(text).max(20).default([]),
  subject: z.literal(DATASET_SUBJECTS),
  /** The areas or lines that it is about; left out: all of the subject's kind. */
  places: z.array(id).min(1).max(4_000).optional(),
  /** Length of the time that a row is about, s. */
  stepS: z.literal([900, 3_600, 86_400]),
  /** What one release is about: one local day, or one local month. */
  period: z.literal(['day', 'month']),
  /** The first local day of its first release. */
  startsOn: day,
  /** Id of the purpose under which it is computed and given away. */
  purpose: id,
  audience: z.literal(DATASET_AUDIENCES),
  licence: z.literal(LICENCES),
  /** What a buyer pays, in words. */
  price: longText.optional(),
  legalClass: z.literal(LEGAL_CLASSES).default('statistical-information'),
  /** Counts and mean occupancies are rounded to a multiple of this, persons. */
  roundedTo: z.literal([1, 5, 10]).default(1),
  noise: noise.optional(),
});

/** A place about which travellers are told how crowded it is. */
export const travellerPlace = z.strictObject({
  /** An area. */
  area: id,
  title: text,
});

export type PlanDataset = z.infer<typeof dataset>;
export type PlanTravellerPlace = z.infer<typeof travellerPlace>;
