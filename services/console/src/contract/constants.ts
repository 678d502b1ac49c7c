/** The values of the contract that need no zod: the web application imports these alone at run time. */
export {
  ALERT_RULES as RULES,
  ALERT_SEVERITIES as SEVERITIES,
  ALERT_STATES,
} from '@hitonami/model';

/**
 * `GET /api/v1/sites/:site/live` is a stream of server-sent events. `snapshot` comes up to five times a second, the
 * newest one alone where a viewer is slow; `alerts` whenever one changes, and first; `plan` when a new version is known.
 */
export const LIVE_EVENTS = ['snapshot', 'alerts', 'plan'] as const;

/** Bytes of one person in `people`. */
export const PERSON_BYTES = 8;
/** Units of the columns: 5 cm from `origin`, and 1 dm/s. */
export const POSITION_UNIT_M = 0.05;
export const VELOCITY_UNIT_M_S = 0.1;

export const DAY_KINDS = ['weekday', 'saturday', 'holiday'] as const;

/** From least to most: each may do what those before it may. */
export const ROLES = ['viewer', 'operator', 'engineer', 'administrator'] as const;

/** As in the plan's purposes. */
export const DATA_ITEMS = ['live', 'positions', 'flow-legs', 'measures'] as const;

/** A question is answered, an opinion is gathered. */
export const INQUIRY_KINDS = ['inquiry', 'opinion'] as const;
/** Questions and opinions that are given at once. */
export const INQUIRIES_AT_ONCE = 100;
/** Most characters of an answer. */
export const ANSWER_LENGTH_MAX = 4_000;

/** Applications of buyers that are given at once. */
export const BUYERS_AT_ONCE = 50;
/** Most characters of what is written into a contract or said at its end. */
export const BUYER_TEXT_MAX = 2_000;
export const BUYER_REASON_MAX = 1_000;
/** What a month may have at most: downloads, and bytes (1 PB). */
export const DOWNLOADS_MAX = 1_000_000;
export const BUYER_BYTES_MAX = 1e15;
