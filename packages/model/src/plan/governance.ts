import { z } from 'zod';
import { id, longText, text } from './shapes.js';

/**
 * Why a site measures people, who gets what of it, for how long, and what the public was told: the guidebook's questions
 * to an operator (METI and MIC, "Guidebook on the Use of Camera Images", versions 1.0 to 3.0) with their answers as data.
 */

/**
 * What there is of people, from the most telling to the least: where they are now (gone within minutes), where they were
 * (stored positions), their movements from place to place under a pseudonym, and counts without anyone.
 */
export const DATA_ITEMS = ['live', 'positions', 'flow-legs', 'measures'] as const;
export type DataItem = (typeof DATA_ITEMS)[number];

/** Every device, server and network hop on which somebody answers for the data. */
export const HOPS = [
  'camera',
  'ingestor',
  'log',
  'aggregator',
  'warehouse',
  'console',
  'openData',
] as const;
export type Hop = (typeof HOPS)[number];

const day = z.iso.date();

/** A body that receives data. */
const recipient = z.strictObject({
  id,
  name: text,
  /**
   * Inside, with exact numbers in the console: `operator`, exactly one, the body that the public can ask, and `processor`, who
   * works for it. Outside, with releases alone: `public`, whoever reads open data; `buyers`, whoever has a contract for a
   * dataset; `third-party`, one of those that the public is told by name.
   */
  role: z.literal(['operator', 'processor', 'third-party', 'public', 'buyers']),
  /** Reference of the contract under which a processor or third party receives. */
  contract: z.string().min(1).max(200).optional(),
});

/** How long a purpose needs what it uses; nothing is said of what it does not use. */
const purposeRetention = z.strictObject({
  positionsHours: z.number().positive().max(24).optional(),
  flowLegsDays: z.number().positive().max(30).optional(),
  measuresDays: z.number().positive().max(7).optional(),
  rollupDays: z.number().positive().max(36_500).optional(),
});

const purpose = z.strictObject({
  id,
  name: text,
  description: longText,
  /** What those who are filmed have of it. */
  benefit: longText,
  items: z.array(z.literal(DATA_ITEMS)).min(1).max(DATA_ITEMS.length),
  /** The areas and lines that it is about; left out: the whole site. */
  places: z.array(id).min(1).max(4_000).optional(),
  /** Ids of `recipients`. */
  recipients: z.array(id).min(1).max(100),
  retention: purposeRetention,
  /** When the notice of this purpose, as it stands here, was put up. It starts `noticeDays` later. */
  noticePublishedOn: day,
});

const hop = z.strictObject({
  /** Who answers for it. */
  body: text,
  /** Who may reach the data there, and how it is kept from others. */
  access: longText,
});

/** A step of the roll-out, from a trial to the whole. */
const stage = z.strictObject({ id, name: text, startsOn: day });

/** What must have been settled before a camera starts. */
export const cameraGovernance = z.strictObject({
  /** Why a camera is needed at this place. */
  need: longText,
  /** Why a sensor that only counts would not do. */
  counterInstead: longText,
  ground: z.literal(['own', 'public']),
  /** Permits and decisions of councils; at least one where public ground is filmed. */
  permits: z
    .array(z.strictObject({ name: text, reference: z.string().min(1).max(200), grantedOn: day }))
    .max(50)
    .default([]),
  /** One of the stages of the roll-out. */
  stage: id,
  /** When the staff who work there were briefed. */
  staffBriefedOn: day,
  /** The purposes that it serves. */
  purposes: z.array(id).min(1).max(50),
  /**
   * On what basis pictures that were recorded before, for something else, are used here, such as the renewed consent of
   * those in them; without it files and folders are refused as a source of this camera.
   */
  recordedBasis: longText.optional(),
  /** Who else records from the same camera, what for, and for how long. */
  alsoRecordedBy: z
    .array(z.strictObject({ body: text, purpose: text, keptDays: z.number().min(0).max(36_500) }))
    .max(20)
    .default([]),
});

/** What the audit of re-identification may find at most, shares of 0 to 1. */
const riskLimits = z.strictObject({
  /** Of the people in stored positions, rebuilt into whole paths. */
  rebuiltShareMax: z.number().min(0).max(1).default(0.95),
  /** Of paths cut for two seconds, joined again. */
  rejoinedShareMax: z.number().min(0).max(1).default(0.95),
  /** Of the walks in stored flow legs, singled out by two places with their times. */
  legUnicityMax: z.number().min(0).max(1).default(0.5),
  /** Of the passages in a ticket gate's log, that single out one path or walk. */
  gateLogMax: z.number().min(0).max(1).default(0.05),
});

export const governance = z.strictObject({
  /** How long a notice stands before what it says takes effect, days. */
  noticeDays: z.int().min(7).max(365).default(30),
  recipients: z.array(recipient).min(1).max(100),
  purposes: z.array(purpose).min(1).max(50),
  hops: z.record(z.literal(HOPS), hop),
  stages: z.array(stage).min(1).max(20),
  /** Times of flow legs are stored in steps of this length, s. */
  legTimeStepS: z.literal([60, 300, 900, 3_600]).default(60),
  /** A group of fewer people does not outlive 7 days. */
  smallestGroup: z.int().min(3).max(1_000).default(10),
  riskLimits: riskLimits.prefault({}),
  /** Tracks that one person makes at most on a way through the site, as measured: so many tracks are one person. */
  tracksPerPerson: z.number().min(1).max(20).default(2),
  /** What all datasets with noise may spend together on one source day (`datasets[].noise`). */
  epsilonPerDay: z.number().min(0.01).max(20).default(1.68),
});

export type PlanGovernance = z.infer<typeof governance>;
export type PlanPurpose = PlanGovernance['purposes'][number];
export type PlanRecipient = PlanGovernance['recipients'][number];

/** Whether a recipient may see exact numbers. Whoever else receives data takes releases, which have gone through disclosure control. */
export function isInside({ role }: Pick<PlanRecipient, 'role'>): boolean {
  return role === 'operator' || role === 'processor';
}

export type CameraGovernance = z.infer<typeof cameraGovernance>;
