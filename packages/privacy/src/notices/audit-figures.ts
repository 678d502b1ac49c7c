/** What the audit of re-identification found, as far as the public is told. Shares are 0 to 1; what is left out was not measured. */
export interface AuditFigures {
  /** `YYYY-MM-DD` */
  readonly measuredOn: string;
  /** Of the people in stored positions, those whose whole path was put together again. */
  readonly rebuiltShare?: number | undefined;
  /** Of paths that were cut, those joined again. */
  readonly rejoinedShare?: number | undefined;
  /** Of the movements kept under a pseudonym, those singled out by two places with their times. */
  readonly legUnicity?: number | undefined;
  /** Of the passages in a ticket gate's log, those that single out one path. */
  readonly gateLogShare?: number | undefined;
}
