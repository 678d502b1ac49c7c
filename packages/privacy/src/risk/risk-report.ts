import type { RiskFigures } from './audit.js';
import { findingsOf, type Finding, type RiskLimits } from './findings.js';

/** Rows of one table and length of window, and those of them that are about fewer than k people. */
export interface GroupFigure {
  /** `movements`: from place to place; `lines`, `areas`: counts of 10 s and longer. */
  of: 'movements' | 'journeys' | 'lines' | 'areas';
  lengthS: number;
  cells: number;
  under: number;
}

export const RISK_REPORT_FORMAT = 'hitonami-risk-1';

/** The risk report as data: what `hitonami audit` writes as JSON, and compares with the next time. */
export interface RiskReport {
  format: typeof RISK_REPORT_FORMAT;
  site: string;
  siteName: { ja: string; en: string };
  planVersion: number;
  /** ISO 8601. */
  madeAt: string;
  seed: number;
  /** `warehouse`: what is stored; `truth`: a recording whose people are known, to measure the attack itself. */
  source: 'warehouse' | 'truth';
  /** Of what was attacked; null where there was nothing. ISO 8601. */
  from: string | null;
  to: string | null;
  /** Positions that were there; `figures.positions` of them were attacked. */
  positionsThere: number;
  /** How long the plan keeps positions (h) and legs (d), and the step of their times (s). */
  kept: { positionsHours: number; flowLegsDays: number; legTimeStepS: number };
  figures: RiskFigures;
  groups: { smallestGroup: number; cells: GroupFigure[] };
  findings: Finding[];
  trend: Trend[];
}

/** One figure as it was and is. */
export interface Trend {
  id: Finding['id'];
  before: number | null;
  now: number | null;
  beforeAt: string;
}

export interface ReportInput extends Omit<RiskReport, 'format' | 'findings' | 'trend'> {
  limits: RiskLimits;
  previous?: RiskReport | undefined;
}

export function riskReport({ limits, previous, ...given }: ReportInput): RiskReport {
  const findings = findingsOf(given.figures, limits);
  const trend = previous
    ? findings.map(({ id, value }) => ({
        id,
        before: previous.findings.find((finding) => finding.id === id)?.value ?? null,
        now: value,
        beforeAt: previous.madeAt,
      }))
    : [];
  return { format: RISK_REPORT_FORMAT, ...given, findings, trend };
}
