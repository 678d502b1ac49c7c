import { HitonamiError } from '@hitonami/model';

const NOTE_VERSION = 1;

/** What is committed beside a position: up to which instant of event time each site's windows are written. */
export function writeNote(closedUntilUs: ReadonlyMap<string, number>): string {
  return JSON.stringify({
    v: NOTE_VERSION,
    closedUntilUs: Object.fromEntries([...closedUntilUs].sort()),
  });
}

/** @throws HitonamiError `LOG` for a note that this version cannot read: going on would write windows twice or not at all. */
export function readNote(note: string): Map<string, number> {
  if (note === '') return new Map();
  try {
    const { v, closedUntilUs } = JSON.parse(note) as Record<string, unknown>;
    if (v !== NOTE_VERSION)
      throw new Error(`its version is ${JSON.stringify(v)}, this program reads ${NOTE_VERSION}`);
    if (typeof closedUntilUs !== 'object' || closedUntilUs === null || Array.isArray(closedUntilUs))
      throw new Error('it has no closedUntilUs');
    return new Map(
      Object.entries(closedUntilUs).map(([site, value]) => [site, micros(site, value)]),
    );
  } catch (cause) {
    throw new HitonamiError(
      'LOG',
      `the note beside the committed position cannot be read: ${(cause as Error).message}. ` +
        'Start the program that wrote it, or let the group begin again from a position without a note',
      { cause },
    );
  }
}

function micros(site: string, value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new Error(`closedUntilUs of ${site} is ${JSON.stringify(value)}`);
}
