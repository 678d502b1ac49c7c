import type { AlertRule, AlertSeverity, AlertState } from '@hitonami/model';

/** An alert as the `alerts` topic tells it. */
export interface AlertReport {
  readonly id: string;
  readonly site: string;
  readonly rule: AlertRule;
  /** Id of the area, line or camera. */
  readonly subject: string;
  readonly severity: AlertSeverity;
  readonly state: AlertState;
  readonly since: Date;
  /** Of the last change. */
  readonly at: Date;
  /** Rises with every change of severity or state; a repetition has the same. */
  readonly revision: number;
  readonly value: number;
  readonly threshold: number;
  /** The value is a lower bound. */
  readonly atLeast: boolean;
  readonly minutesToNext: number | null;
  readonly planVersion: number;
}

/** And what people did about it. */
export interface AlertRecord extends AlertReport {
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: Date | null;
  readonly shelvedBy: string | null;
  readonly shelvedUntil: Date | null;
  readonly escalatedAt: Date | null;
}

export type AlertActionKind =
  | 'fired'
  | 'changed'
  | 'resolved'
  | 'acknowledged'
  | 'shelved'
  | 'unshelved'
  | 'escalated'
  | 'note'
  | 'step';

export interface AlertAction {
  readonly at: Date;
  /** Null: the system itself. */
  readonly user: string | null;
  readonly kind: AlertActionKind;
  readonly text: string;
}

/** `new`, `changed` (another severity or state), `refreshed` (another value) or `old`: known already, or overtaken. */
export type UpsertOutcome = 'new' | 'changed' | 'refreshed' | 'old';

export interface Alerts {
  /**
   * Takes a report in, in whatever order and however often it comes. A severity that rises takes back the
   * acknowledgement, the shelving and the escalation: what was agreed was agreed about something lesser.
   */
  upsert(report: AlertReport): Promise<{ outcome: UpsertOutcome; alert: AlertRecord }>;
  get(id: string): Promise<AlertRecord | undefined>;
  /** Not resolved, of one site or of all, the oldest first. */
  active(site?: string, limit?: number): Promise<AlertRecord[]>;
  /** Those that were firing at any time in [from, to), the newest first. */
  between(site: string, from: Date, to: Date, limit?: number): Promise<AlertRecord[]>;
  /** The first who does it counts; undefined: no such alert. */
  acknowledge(
    id: string,
    by: { user: string; note?: string; at?: Date },
  ): Promise<AlertRecord | undefined>;
  /** Not to be shown or sounded until an instant that is still to come. */
  shelve(
    id: string,
    by: { user: string; until: Date; reason: string; at?: Date },
  ): Promise<AlertRecord | undefined>;
  unshelve(id: string, by: { user: string; at?: Date }): Promise<AlertRecord | undefined>;
  /** A step of the action card, or a note. */
  act(
    id: string,
    action: { user: string; kind: 'note' | 'step'; text: string; at?: Date },
  ): Promise<AlertRecord | undefined>;
  /**
   * Takes the escalation of an alert in hand for a while, by the database's own clock; asked again, for longer. True for
   * one console alone, however many ask. False where another has it, or where it was escalated, is over or has become
   * more or less grave: then there is nothing to call about, or something else.
   */
  claimEscalation(
    id: string,
    by: { console: string; severity: AlertSeverity; forMs: number },
  ): Promise<boolean>;
  /** Lets go of it, so that another console need not wait. */
  releaseEscalation(id: string, by: { console: string }): Promise<void>;
  /**
   * Marks it as escalated; true for the first alone. Nothing is marked where a severity is given that it no longer has:
   * somebody was called about something lesser.
   */
  escalate(id: string, by: { text: string; severity?: AlertSeverity; at?: Date }): Promise<boolean>;
  /** What was done, the oldest first. */
  actions(id: string, limit?: number): Promise<AlertAction[]>;
  /** The same for many alerts at once; each id has an entry. The newest `limit` of each. */
  actionsOf(ids: readonly string[], limit?: number): Promise<Map<string, AlertAction[]>>;
}
