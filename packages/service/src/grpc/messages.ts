/**
 * The messages of `proto/hitonami/v1` as they are handed to code here, written by hand and held to the loaded contracts
 * by a test. Names are the proto's in camel case, with their units.
 *
 * 64-bit integers are numbers: counts and microseconds fit, and one that does not fails `Number.isSafeInteger`, so that
 * whoever takes a message from outside can tell. A device's own track numbers may use all 64 bits: they are decimal text.
 * Observations are not here: they are coded by hand in `@hitonami/model`.
 */

export interface Frame {
  site: string;
  camera: string;
  sequence: number;
  /** Microseconds since 1970-01-01T00:00:00Z. */
  capturedUs: number;
  /** Microseconds. */
  periodUs: number;
  /** A view into the message's own memory: overwrite it when done. */
  image: Buffer;
  /** It was recorded before, for something else. */
  recorded: boolean;
}

export type ShedReason =
  'SHED_REASON_UNSPECIFIED' | 'SHED_REASON_NEWER_FRAME' | 'SHED_REASON_STOPPING';

export type RejectReason =
  | 'REJECT_REASON_UNSPECIFIED'
  | 'REJECT_REASON_UNKNOWN_SITE'
  | 'REJECT_REASON_UNKNOWN_CAMERA'
  | 'REJECT_REASON_UNDECODABLE'
  | 'REJECT_REASON_TOO_LARGE'
  | 'REJECT_REASON_FUTURE'
  | 'REJECT_REASON_OUT_OF_ORDER'
  | 'REJECT_REASON_MALFORMED'
  | 'REJECT_REASON_WRONG_DOOR'
  | 'REJECT_REASON_NOT_STARTED'
  | 'REJECT_REASON_RECORDED'
  | 'REJECT_REASON_INTERNAL';

export interface Rejected {
  reason: RejectReason;
  detail: string;
}

/** Exactly one of `processed`, `shed` and `rejected`; on a received receipt `outcome` names it. */
export interface Receipt {
  site: string;
  camera: string;
  sequence: number;
  outcome?: 'processed' | 'shed' | 'rejected';
  processed?: { people: number };
  shed?: { reason: ShedReason };
  rejected?: Rejected;
}

/** Columns have one entry each person or object; optional ones may be empty. */
export interface PositionBatch {
  site: string;
  camera: string;
  sequence: number;
  capturedUs: number;
  periodUs: number;
  blind: boolean;
  floor: string;
  xM: number[];
  yM: number[];
  vxMS: number[];
  vyMS: number[];
  confidence: number[];
  /** Values of the enum Kind, as numbers: they go into the position event as they are. */
  kind: number[];
  /** Unsigned 64-bit, as decimal text. */
  track: string[];
}

export interface CountBatch {
  site: string;
  counter: string;
  sequence: number;
  fromUs: number;
  toUs: number;
  forward: number;
  backward: number;
}

/** Exactly one of `stored` and `rejected`. */
export interface CountReceipt {
  site: string;
  counter: string;
  sequence: number;
  outcome?: 'stored' | 'rejected';
  stored?: Record<string, never>;
  rejected?: Rejected;
}

/** A picture that is meant to show a place without anybody. */
export interface Still {
  /** A view into the message's own memory: overwrite it when done. */
  image: Buffer;
}

/** Exactly one of `examined` and `rejected`. */
export interface StillAnswer {
  outcome?: 'examined' | 'rejected';
  examined?: { people: number };
  rejected?: Rejected;
}

export interface LiveArea {
  area: string;
  people: number;
  /** 0 to 1. */
  coverage: number;
  /** Share of the area seen by cameras that were probably moved. */
  doubtful: number;
  /** Highest local density, persons/m². */
  peakDensity: number;
  /** 0 to 1. */
  saturation: number;
}

export interface LiveCamera {
  camera: string;
  capturedUs: number;
  blind: boolean;
  /** 0 where it was not. */
  movedSinceUs: number;
}

/** Passages of the last minute. */
export interface LiveLine {
  line: string;
  forward: number;
  backward: number;
  /** Whether its camera or counter sees it now. */
  seen: boolean;
}

export interface LiveSnapshot {
  site: string;
  capturedUs: number;
  areas: LiveArea[];
  cameras: LiveCamera[];
  floors: string[];
  xMm: number[];
  yMm: number[];
  vxMmS: number[];
  vyMmS: number[];
  /** One byte each: index into `floors`. */
  floor: Buffer;
  /** One byte each: a value of the enum Kind. */
  kind: Buffer;
  lines: LiveLine[];
}

export interface PlanVersion {
  site: string;
  version: number;
  inForceFromUs: number;
  planJson: string;
}

/** The messages of each door. */
export interface Doors {
  FrameIngest: { request: Frame; response: Receipt };
  PositionIngest: { request: PositionBatch; response: Receipt };
  CountIngest: { request: CountBatch; response: CountReceipt };
  StillCheck: { request: Still; response: StillAnswer };
}

export type Door = keyof Doors;

export type AlertRule =
  | 'ALERT_RULE_UNSPECIFIED'
  | 'ALERT_RULE_DENSITY'
  | 'ALERT_RULE_DENSITY_RISING'
  | 'ALERT_RULE_FLOW'
  | 'ALERT_RULE_COUNTER_FLOW'
  | 'ALERT_RULE_QUEUE'
  | 'ALERT_RULE_UNSEEN'
  | 'ALERT_RULE_CAMERA_SILENT'
  | 'ALERT_RULE_CAMERA_BLIND'
  | 'ALERT_RULE_CAMERA_MOVED';

export type AlertSeverity =
  | 'ALERT_SEVERITY_UNSPECIFIED'
  | 'ALERT_SEVERITY_WARNING'
  | 'ALERT_SEVERITY_CRITICAL'
  | 'ALERT_SEVERITY_EMERGENCY';

export type AlertState =
  | 'ALERT_STATE_UNSPECIFIED'
  | 'ALERT_STATE_FIRING'
  | 'ALERT_STATE_CANNOT_SEE'
  | 'ALERT_STATE_RESOLVED';

/** An alert as it stands after a change, or again after a while. */
export interface Alert {
  id: string;
  site: string;
  rule: AlertRule;
  /** Id of the area, line or camera that it is about. */
  subject: string;
  severity: AlertSeverity;
  state: AlertState;
  /** Microseconds since 1970-01-01T00:00:00Z, event time. */
  sinceUs: number;
  atUs: number;
  /** Rises with every change of severity or state. */
  revision: number;
  value: number;
  threshold: number;
  /** The detector was saturated: the value is a lower bound. */
  atLeast: boolean;
  /** Minutes until the next band at the present inflow and outflow; 0 where it is not in sight. */
  minutesToNext: number;
  planVersion: number;
  /** The record of its revision that people are told of; false in a repetition, and in what is found long after. */
  announce: boolean;
}
