import { HitonamiError } from '@hitonami/model';
import {
  RISK_REPORT_FORMAT,
  SightingList,
  type Gate,
  type Passage,
  type RiskReport,
} from '@hitonami/privacy';
import { readText } from '../read-text.js';
import { recordedPositions } from '../replay/recorded-positions.js';

/** Positions whose owner is known, all of one floor: `time,id,x,y`, as for `hitonami replay`. */
export async function readTruth(file: string) {
  const list = new SightingList();
  const people = new Map<string, number>();
  for await (const { capturedUs, ids, xM, yM } of recordedPositions(file, 0)) {
    ids.forEach((id, i) => {
      const person = people.get(id) ?? people.size;
      people.set(id, person);
      list.add({ atS: capturedUs / 1e6, floor: 0, xM: xM[i] ?? NaN, yM: yM[i] ?? NaN }, person);
    });
  }
  return list.take();
}

/**
 * A gate's log: CSV with a head that names `time` (ISO 8601) and `gate` (its number in the plan's ticketGates, from 1).
 * Whatever else stands in it, such as a card, is not looked at.
 */
export async function readGateLog(file: string, gates: readonly Gate[]): Promise<Passage[]> {
  const [head = '', ...rows] = (await readText(file)).trim().split(/\r?\n/);
  const names = head.split(',').map((name) => name.trim().toLowerCase());
  const [timeAt, gateAt] = [names.indexOf('time'), names.indexOf('gate')];
  if (timeAt < 0 || gateAt < 0)
    throw new HitonamiError('INPUT', `${file}, line 1: the head must name time and gate`);
  return rows.map((row, i) => {
    const cells = row.split(',').map((cell) => cell.trim());
    const atMs = Date.parse(cells[timeAt] ?? '');
    const gate = Number(cells[gateAt]) - 1;
    if (Number.isNaN(atMs) || gates[gate] === undefined)
      throw new HitonamiError(
        'INPUT',
        `${file}, line ${i + 2}: time must be ISO 8601, and gate a number from 1 to ${gates.length}`,
      );
    return { gate, atS: Math.floor(atMs / 1000) };
  });
}

/** An earlier report, for the trend. */
export async function readReport(file: string): Promise<RiskReport> {
  let found: unknown;
  try {
    found = JSON.parse(await readText(file));
  } catch (cause) {
    if (cause instanceof HitonamiError) throw cause;
    throw new HitonamiError('INPUT', `${file} is not JSON`, { cause });
  }
  const format = (found as { format?: unknown } | null)?.format;
  if (format === RISK_REPORT_FORMAT) return found as RiskReport;
  throw new HitonamiError(
    'INPUT',
    `${file} is no risk report: its format is not ${RISK_REPORT_FORMAT}`,
  );
}
