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
    const raw = JSON.parse(note) as { v?: unknown; closedUntilUs?: Record<string, unknown> };
    if (raw.v !== NOTE_VERSION)
      throw new Error(`its version is ${String(raw.v)}, this reads ${NOTE_VERSION}`);
    return new Map(
      Object.entries(raw.closedUntilUs ?? {}).map(([site, value]) => {
        if (!Number.isSafeInteger(value))
          throw new Error(`closedUntilUs of ${site} is ${String(value)}`);
        return [site, value as number];
      }),
    );
  } catch (cause) {
    throw new HitonamiError(
      'LOG',
      `the note beside the committed position cannot be read: ${(cause as Error).message}`,
      { cause },
    );
  }
}
