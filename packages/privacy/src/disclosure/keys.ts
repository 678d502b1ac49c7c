import type { CellKey } from '@hitonami/model';

/** One text for each cell; sorts by time, then place. */
export function keyText(key: CellKey): string {
  const places = key.places.length === 1 ? key.places[0] : JSON.stringify(key.places);
  return `${String(key.startMs).padStart(15, '0')}+${stepText(key)} ${places ?? ''}`;
}

/** Of which step and direction a cell is. */
export function stepOf(key: CellKey): string {
  return `${String(key.startMs)}+${stepText(key)}`;
}

function stepText({ lengthMs, direction }: CellKey): string {
  return `${String(lengthMs)}${direction ?? ''}`;
}

/** A sum over places. */
export function isTotal(key: CellKey): boolean {
  return key.places.length === 0;
}
