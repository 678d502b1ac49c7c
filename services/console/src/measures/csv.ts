import type { FastifyReply } from 'fastify';

/** What a spreadsheet would take for a formula, and run. */
const FORMULA = /^[=+\-@\t\r]/;
const BOM = '\u{feff}';

export type Cell = string | number | null;

/**
 * A table as RFC 4180 has it, in UTF-8 with a byte order mark so that spreadsheets read Japanese. A text that looks like a
 * formula is given an apostrophe, so that it stays a text; what is not known is empty.
 */
export function csvText(header: readonly string[], rows: Iterable<readonly Cell[]>): string {
  const lines = [line(header)];
  for (const row of rows) lines.push(line(row));
  return `${BOM}${lines.join('\r\n')}\r\n`;
}

function line(cells: readonly Cell[]): string {
  return cells.map(cellText).join(',');
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** @param name of the file, without its ending */
export function sendCsv(reply: FastifyReply, name: string, text: string): FastifyReply {
  return reply
    .header('content-disposition', `attachment; filename="${name.replaceAll(/[^\w.-]/g, '_')}.csv"`)
    .type('text/csv; charset=utf-8; header=present')
    .send(text);
}
