import type { CellKey } from '@hitonami/model';

/** One text for each cell; sorts by time, then place. */
export function keyText(key: CellKey): string {
  return `${String(key.startMs).padStart(15, '0')}+${String(key.lengthMs)} ${key.direction ?? ''} ${JSON.stringify(key.places)}`;
}

/** A sum over places. */
export function isTotal(key: CellKey): boolean {
  return key.places.length === 0;
}
