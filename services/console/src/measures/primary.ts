import type { AbsentBecause, SitePlan } from '@hitonami/model';
import { COVERAGE_MIN } from '@hitonami/privacy';
import type { FastifyRequest } from 'fastify';
import type { AreaPoint } from '../contract/index.js';
import type { Cell } from './csv.js';
import { areaCells, lineCells, type LinePoint } from './points.js';

/**
 * A table that leaves the house: it goes to a recipient that is neither the operator nor works for it, and then tells of nothing
 * behind which fewer than k people may be. This is primary suppression alone; who wants what cannot be worked out from sums takes
 * a release.
 */
export interface Outside {
  readonly k: number;
  /** So many tracks may be one person. */
  readonly tracksPerPerson: number;
}

/** The column that says why a row has no values; of tables for outside alone. */
export const ABSENT_COLUMN = 'absent_because';

/** Undefined for whoever acts for the operator or a processor. */
export function outsideOf(
  { user }: Pick<FastifyRequest, 'user'>,
  plan: SitePlan,
): Outside | undefined {
  const { recipients, smallestGroup, tracksPerPerson } = plan.governance;
  const recipient = user?.recipient ?? undefined;
  if (recipient === undefined) return undefined;
  const role = recipients.find(({ id }) => id === recipient)?.role;
  // Of a recipient that the plan has no more, nothing is known.
  if (role === 'operator' || role === 'processor') return undefined;
  return { k: smallestGroup, tracksPerPerson };
}

/** The header of a table, with the reason where it is for outside. */
export function headerOf(columns: readonly string[], outside: Outside | undefined): string[] {
  return outside === undefined ? [...columns] : [...columns, ABSENT_COLUMN];
}

/** Why nothing is told of an area outside; k people were there where so many were at one instant. */
export function absenceOf(
  { coverage, occupancyMax }: { coverage: number | null; occupancyMax: number | null },
  outside: Outside | undefined,
): AbsentBecause | undefined {
  if (outside === undefined) return undefined;
  return absence(coverage, occupancyMax === null || occupancyMax < outside.k);
}

export function areaRow(point: AreaPoint, outside: Outside | undefined): Cell[] {
  const cells = areaCells(point);
  if (outside === undefined) return cells;
  const because = absenceOf(point, outside);
  if (because === undefined) return [...cells, null];
  const { start, coverage, doubtful } = point;
  // How far detectors were at their limit goes too: it is zero where nobody is.
  const left = areaCells({ ...NO_AREA, start, coverage, doubtful });
  return [...left, because];
}

/** A row of a line: how many people are behind passages is not known, so that none is told. */
export function lineRow(point: LinePoint, outside: Outside | undefined): Cell[] {
  const cells = lineCells(point);
  if (outside === undefined) return cells;
  const { start, coverage, doubtful } = point;
  return [start, null, null, null, null, coverage, doubtful, absence(coverage, true) ?? null];
}

/** Whether journeys between two places are of k people at least; others are left out, as are those that nobody made. */
export function isTold(journeys: number, outside: Outside | undefined): boolean {
  return outside === undefined || Math.floor(journeys / outside.tracksPerPerson) >= outside.k;
}

function absence(coverage: number | null, isFew: boolean): AbsentBecause | undefined {
  if (coverage === null || coverage < COVERAGE_MIN) return 'not-seen';
  return isFew ? 'protected' : undefined;
}

const NO_AREA: Omit<AreaPoint, 'start'> = {
  ...{ density: null, los: null, occupancy: null, occupancyMax: null, speedMS: null },
  ...{ coverage: null, saturation: null, doubtful: null },
  ...{ peakDensity: null, pressure: null, pressureMax: null },
};
