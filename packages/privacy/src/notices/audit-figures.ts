import { HitonamiError, localDay } from '@hitonami/model';
import { RISK_REPORT_FORMAT } from '../risk/index.js';

/** A share of 0 to 1 that the audit found; null: nothing is stored that could be attacked so. */
export interface AuditFigure {
  readonly share: number | null;
  /** Where the truth is not known; the true share may be higher. */
  readonly isEstimated: boolean;
}

/** What the audit of re-identification found, as far as the public is told; what is left out was not measured. */
export interface AuditFigures {
  /** `YYYY-MM-DD` */
  readonly measuredOn: string;
  /** Of the people in stored positions, those whose whole path was put together again. */
  readonly rebuilt?: AuditFigure | undefined;
  /** Of paths that were cut, those joined again. */
  readonly rejoined?: AuditFigure | undefined;
  /** Of the movements kept under a pseudonym, those singled out by two places with their times. */
  readonly legUnicity?: AuditFigure | undefined;
  /** Of the passages in a ticket gate's log, those that single out one path. */
  readonly gateLog?: AuditFigure | undefined;
}

const IDS = ['rebuilt', 'rejoined', 'legUnicity', 'gateLog'] as const;

/**
 * The figures of a risk report, as `hitonami audit` writes it.
 * @throws HitonamiError `INPUT` where it is no such report, or one of another site
 */
export function auditFiguresOf(
  json: string,
  { site, timeZone }: { readonly site: string; readonly timeZone: string },
): AuditFigures {
  const report = objectOf(parsed(json));
  if (report['format'] !== RISK_REPORT_FORMAT)
    throw refused(
      `its format is not '${RISK_REPORT_FORMAT}'; give what hitonami audit has written`,
    );
  if (report['site'] !== site)
    throw refused(`it is of site '${String(report['site'])}', the plan of '${site}'`);
  const madeMs = Date.parse(String(report['madeAt']));
  if (Number.isNaN(madeMs)) throw refused('it does not say when it was made');
  const findings = Array.isArray(report['findings']) ? report['findings'].map(objectOf) : [];
  const figure = (id: string): AuditFigure | undefined => {
    const found = findings.find((finding) => finding['id'] === id);
    if (found === undefined) return undefined;
    const { value } = found as { value: unknown };
    if (value !== null && !(typeof value === 'number' && value >= 0 && value <= 1))
      throw refused(`'${id}' is no share`);
    return { share: value, isEstimated: found['isEstimated'] === true };
  };
  const figures = Object.fromEntries(IDS.map((id) => [id, figure(id)]));
  return { measuredOn: localDay(madeMs, timeZone), ...figures };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw refused(`it is not JSON: ${(cause as Error).message}`);
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw refused('it is no object');
}

function refused(why: string): HitonamiError {
  return new HitonamiError('INPUT', `the risk report cannot be used: ${why}`);
}
