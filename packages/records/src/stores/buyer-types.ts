import { createHash } from 'node:crypto';

/** An organisation that has data under a contract, or wants it. */
export interface Buyer {
  /** The number that they are given; rises. */
  readonly id: number;
  readonly site: string;
  readonly language: 'ja' | 'en';
  readonly organisation: string;
  readonly contact: string;
  /** What they want it for, in their words. */
  readonly intent: string;
  /** Ids of the datasets that they asked for. */
  readonly wanted: readonly string[];
  readonly appliedAt: Date;
  /** Ended by the operator, for good; null: not, though the time of the contract may be over. */
  readonly endedAt: Date | null;
  readonly endedBy: string | null;
  readonly endReason: string | null;
  /** Where they are told of new releases. */
  readonly webhookUrl: string | null;
}

export interface NewBuyer extends Pick<
  Buyer,
  'site' | 'language' | 'organisation' | 'contact' | 'intent' | 'wanted'
> {
  /** Of the secret link. At least 20 random characters: whoever has it acts for the organisation. */
  readonly token: string;
  /** Default now. */
  readonly at?: Date;
}

/** What a contract gives. */
export interface BuyerGrant {
  /** Ids of datasets in the plan. */
  readonly datasets: readonly string[];
  /** Ids of purposes in the plan, for which the data may be used. */
  readonly purposes: readonly string[];
  /** Files on days: the same file counts once a day. */
  readonly downloadsPerMonth: number;
  readonly bytesPerMonth: number;
  readonly validUntil: Date;
}

/** A version of the contract with one buyer. It never changes; what changes is a new version. */
export interface BuyerContract extends BuyerGrant {
  readonly version: number;
  readonly textJa: string;
  readonly textEn: string;
  /** See `contractHash`. */
  readonly sha256: string;
  readonly issuedAt: Date;
  readonly issuedBy: string;
  /** Null: nobody has accepted it. */
  readonly acceptedAt: Date | null;
  readonly acceptedBy: string | null;
}

/**
 * `revoked`: the operator ended the contract. `run-out`: its time is over. `withdrawn`: the dataset is published no more.
 * `replaced`: a newer version of the contract does not list the datasets.
 */
export type BuyerEndReason = 'revoked' | 'run-out' | 'withdrawn' | 'replaced';

/** The end of a contract, or of what it gave of some datasets: everything of them is to be deleted, and that confirmed. */
export interface BuyerEnd {
  readonly id: number;
  readonly buyer: number;
  /** Of the contract. */
  readonly version: number;
  readonly reason: BuyerEndReason;
  /** To be deleted; none: a contract in force gives them again, and nothing has to be confirmed. */
  readonly datasets: readonly string[];
  readonly endedAt: Date;
  readonly confirmBy: Date;
  /** Null: nobody has said so. */
  readonly confirmedAt: Date | null;
  readonly confirmedBy: string | null;
}

/**
 * `applied`: no contract was offered yet. `offered`: one waits to be accepted. `accepted`: one is in force. `ended`: by the
 * operator, or since its time is over (a newer version may be offered then).
 */
export type BuyerState = 'applied' | 'offered' | 'accepted' | 'ended';

/** What a key is for: a part of what its contract gives. */
export interface BuyerKeyGrant {
  /** Ids of datasets of the contract. */
  readonly datasets: readonly string[];
  /** Id of a purpose of the contract: the one that what is fetched with it is used for. */
  readonly purpose: string;
  /** As the contract counts them, of this key alone; at most the contract's. */
  readonly downloadsPerMonth: number;
  readonly bytesPerMonth: number;
}

/** What it is for is null together: made before keys were for something, it opens what its contract gives. */
export interface BuyerKey extends Nullable<BuyerKeyGrant> {
  readonly id: number;
  /** Its last four characters. */
  readonly ending: string;
  readonly madeAt: Date;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
}

type Nullable<T> = { readonly [K in keyof T]: T[K] | null };

/** What is counted by month: of a key, or of all keys of a buyer together. */
export interface BuyerMonth {
  readonly downloads: number;
  readonly bytes: number;
}

/** What was fetched of a file on a day with a key. */
export interface BuyerUsage {
  /** Rises. */
  readonly id: number;
  readonly buyer: number;
  readonly organisation: string;
  readonly key: number;
  /** For which it was given; null: fetched before that was noted. */
  readonly purpose: string | null;
  /** Local at the site, `YYYY-MM-DD`. */
  readonly day: string;
  readonly dataset: string;
  readonly period: string;
  readonly version: number;
  readonly file: string;
  readonly requests: number;
  /** As they travelled. */
  readonly bytes: number;
}

/** What a buyer is told: that a new release is out, or that a contract has ended. */
export type BuyerNews =
  | {
      readonly kind: 'release';
      readonly dataset: string;
      readonly period: string;
      readonly version: number;
    }
  | { readonly kind: 'end'; readonly end: number };

export type BuyerDelivery = BuyerNews & BuyerDeliveryState;

interface BuyerDeliveryState {
  readonly id: number;
  readonly buyer: number;
  readonly state: 'waiting' | 'delivered' | 'given-up';
  readonly tries: number;
  /** Of the next try, or of the end. */
  readonly at: Date;
  /** Why the last try failed; empty: it did not. */
  readonly fault: string;
}

/** Most characters of what somebody says, and most of what is had at once. */
export const BUYER_LIMITS = {
  organisation: 200,
  contact: 200,
  intent: 2_000,
  person: 100,
  reason: 1_000,
  webhookUrl: 500,
  contractText: 50_000,
  datasets: 50,
  /** Keys of a buyer that are not revoked: one to use, one to change to, one to spare. */
  keys: 3,
} as const;

/** `detail` of what the stores of buyers refuse. */
export const BUYER_FAULTS = {
  ended: 'ended',
  otherText: 'other-text',
  inForce: 'in-force',
  keysMany: 'keys-many',
  notInContract: 'not-in-contract',
  overQuota: 'over-quota',
} as const;

/** What a contract's end asks to be deleted is to be confirmed within this, days. */
export const DELETION_DAYS = 30;
/** Who applied and never accepted a contract is forgotten after this, days. */
export const APPLICATION_KEPT_DAYS = 366;
/** Contracts and usage are kept for so long after the end, as invoices have to be in Japan: seven years, days. */
export const ENDED_KEPT_DAYS = 2_557;
/** What a download that nobody ended had reserved is given back after this, ms. */
export const RESERVED_MS_MAX = 6 * 3_600_000;

/** SHA-256, hexadecimal, of the Japanese text, a line feed, and the English text, in UTF-8: the file that a buyer is given. */
export function contractHash(textJa: string, textEn: string): string {
  return createHash('sha256').update(contractFile(textJa, textEn)).digest('hex');
}

export function contractFile(textJa: string, textEn: string): string {
  return `${textJa}\n${textEn}`;
}

/** The contract that is in force at an instant: the newest that was accepted, unless it has ended. */
export function contractInForce(
  buyer: Pick<Buyer, 'endedAt'>,
  contracts: readonly BuyerContract[],
  now = new Date(),
): BuyerContract | undefined {
  const [newest] = contracts
    .filter(({ acceptedAt }) => acceptedAt !== null)
    .sort((a, b) => b.version - a.version);
  if (newest === undefined || newest.validUntil <= now) return undefined;
  return buyer.endedAt !== null && buyer.endedAt <= now ? undefined : newest;
}

export function buyerState(
  buyer: Pick<Buyer, 'endedAt'>,
  contracts: readonly BuyerContract[],
  now = new Date(),
): BuyerState {
  if (buyer.endedAt !== null && buyer.endedAt <= now) return 'ended';
  if (contractInForce(buyer, contracts, now) !== undefined) return 'accepted';
  if (contracts.some(({ acceptedAt }) => acceptedAt !== null)) return 'ended';
  return contracts.length === 0 ? 'applied' : 'offered';
}
