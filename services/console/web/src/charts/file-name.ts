/** Names of files that people download: what, where and when, in letters that every file system takes. */
export function fileName(parts: readonly string[], extension: string): string {
  const stem = parts
    .map((part) =>
      part
        .normalize('NFKC')
        // Instants keep their digits; separators of paths, quotes and controls go.
        .replaceAll(/[^\p{L}\p{N}-]+/gu, '-')
        .replaceAll(/-{2,}/g, '-')
        .replaceAll(/^-|-$/g, ''),
    )
    .filter((part) => part !== '')
    .join('_');
  return `hitonami_${stem.slice(0, 150)}.${extension}`;
}

/** `20261122T0400`: an instant as a site's clocks show it, short enough for a file name. */
export function stamp(localInput: string): string {
  return localInput.replaceAll(/[-:]/g, '');
}

export type CsvCell = string | number | null;

/**
 * CSV of RFC 4180; null is an empty cell. A cell that a spreadsheet would take for a formula is kept as text by a leading
 * apostrophe (OWASP, CSV injection): names come from people.
 */
export function csv(header: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return [header, ...rows].map((row) => row.map(cellText).join(',')).join('\r\n') + '\r\n';
}

function cellText(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
