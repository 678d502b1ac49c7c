import { z } from 'zod';
import { BUYER_BYTES_MAX, BUYER_REASON_MAX, BUYER_TEXT_MAX, DOWNLOADS_MAX } from './constants.js';

const instant = z.iso.datetime();
const day = z.iso.date();
const words = z.string().trim().max(BUYER_TEXT_MAX);

/** A version of the contract with a buyer. It never changes. */
export const buyerContract = z.object({
  version: z.number(),
  textJa: z.string(),
  textEn: z.string(),
  /** Of the Japanese text, a line feed, and the English text, in UTF-8. */
  sha256: z.string(),
  datasets: z.array(z.string()),
  purposes: z.array(z.string()),
  downloadsPerMonth: z.number(),
  bytesPerMonth: z.number(),
  validUntil: instant,
  issuedAt: instant,
  issuedBy: z.string(),
  acceptedAt: instant.nullable(),
  acceptedBy: z.string().nullable(),
});
export type BuyerContract = z.output<typeof buyerContract>;

/** The end of a contract, or of what it gave of some datasets, and the deletion that it asks for. */
export const buyerEnd = z.object({
  id: z.number(),
  /** Of the contract. */
  version: z.number(),
  reason: z.enum(['revoked', 'run-out', 'withdrawn', 'replaced']),
  /** To be deleted; none: a contract in force gives them again. */
  datasets: z.array(z.string()),
  endedAt: instant,
  confirmBy: instant,
  /** Null: nobody has confirmed it. */
  confirmedAt: instant.nullable(),
  confirmedBy: z.string().nullable(),
});
export type BuyerEnd = z.output<typeof buyerEnd>;

/** An organisation that has data under a contract, or wants it. */
export const buyer = z.object({
  id: z.number(),
  /** The language that they apply in. */
  language: z.enum(['ja', 'en']),
  organisation: z.string(),
  contact: z.string(),
  /** What they want it for. */
  intent: z.string(),
  wanted: z.array(z.string()),
  appliedAt: instant,
  state: z.enum(['applied', 'offered', 'accepted', 'ended']),
  endedAt: instant.nullable(),
  endedBy: z.string().nullable(),
  endReason: z.string().nullable(),
  webhookUrl: z.string().nullable(),
  /** The newest first. */
  contracts: z.array(buyerContract),
  /** The newest first. */
  ends: z.array(buyerEnd),
});
export type Buyer = z.output<typeof buyer>;

export const buyers = z.object({
  /** How many wait for a contract. */
  open: z.number(),
  /** How many deletions nobody has confirmed: in time still, and not. */
  deletions: z.object({ due: z.number(), overdue: z.number() }),
  /** The newest first. */
  buyers: z.array(buyer),
});
export type Buyers = z.output<typeof buyers>;

export const buyerKey = z.object({
  id: z.number(),
  /** Its last characters. */
  ending: z.string(),
  madeAt: instant,
  revokedAt: instant.nullable(),
  revokedBy: z.string().nullable(),
  /** What it is for, and its own quota; null: made before keys were for something, whatever the contract gives. */
  datasets: z.array(z.string()).nullable(),
  purpose: z.string().nullable(),
  downloadsPerMonth: z.number().nullable(),
  bytesPerMonth: z.number().nullable(),
});
export type BuyerKey = z.output<typeof buyerKey>;

/** `GET /sites/:site/buyers/:id/use`: keys, what was used this month, and what they were told of. */
export const buyerUse = z.object({
  /** Each with what was fetched with it this month. */
  keys: z.array(buyerKey.extend({ downloads: z.number(), bytes: z.number() })),
  /** `YYYY-MM`, local. */
  month: z.string(),
  downloads: z.number(),
  bytes: z.number(),
  /** The newest first. */
  deliveries: z.array(
    z.object({
      id: z.number(),
      /** A release, or an end by its id. */
      news: z.discriminatedUnion('kind', [
        z.object({
          kind: z.literal('release'),
          dataset: z.string(),
          period: z.string(),
          version: z.number(),
        }),
        z.object({ kind: z.literal('end'), end: z.number() }),
      ]),
      state: z.enum(['waiting', 'delivered', 'given-up']),
      tries: z.number(),
      at: instant,
      fault: z.string(),
    }),
  ),
});
export type BuyerUse = z.output<typeof buyerUse>;

/** What a contract is made from; what every contract binds to is always in it. */
export const newContract = z.object({
  datasets: z.array(z.string()).min(1).max(50),
  purposes: z.array(z.string()).min(1).max(50),
  downloadsPerMonth: z.number().int().min(1).max(DOWNLOADS_MAX),
  bytesPerMonth: z.number().int().min(1).max(BUYER_BYTES_MAX),
  /** The last day, local. */
  validUntil: day,
  /** With what the data must not be combined. */
  notCombinedWith: z.object({ ja: words.min(1), en: words.min(1) }),
  /** More terms, such as the price; empty: none. */
  special: z.object({ ja: words, en: words }),
});
export type NewContract = z.output<typeof newContract>;

export const contractTexts = z.object({ ja: z.string(), en: z.string() });
export type ContractTexts = z.output<typeof contractTexts>;

export const newBuyerEnd = z.object({ reason: z.string().trim().min(1).max(BUYER_REASON_MAX) });
