import { HitonamiError } from '@hitonami/model';

const NOTE_VERSION = 1;

/** Most cameras of a note that are said to have been moved: it has to be short. The others are noticed again. */
const MOVED_MAX = 32;

/** What is to be known of each site beside a position of the log. */
export interface Note {
  /** The instant of event time up to which its windows are written, µs. */
  closedUntilUs: Map<string, number>;
  /** By site, then by camera: since when it is believed to have been moved, µs. */
  movedSinceUs: Map<string, ReadonlyMap<string, number>>;
}

/** What is committed beside a position. */
export function writeNote({ closedUntilUs, movedSinceUs }: Note): string {
  const moved = [...movedSinceUs]
    .flatMap(([site, cameras]) => [...cameras].map(([camera, us]) => [site, camera, us] as const))
    .sort(([a, b], [c, d]) => (a < c || (a === c && b < d) ? -1 : 1))
    .slice(0, MOVED_MAX);
  return JSON.stringify({
    v: NOTE_VERSION,
    closedUntilUs: Object.fromEntries([...closedUntilUs].sort()),
    ...(moved.length > 0 && { moved }),
  });
}

/** @throws HitonamiError `LOG` for a note that this version cannot read: going on would write windows twice or not at all. */
export function readNote(note: string): Note {
  if (note === '') return { closedUntilUs: new Map(), movedSinceUs: new Map() };
  try {
    const { v, closedUntilUs, moved } = JSON.parse(note) as Record<string, unknown>;
    if (v !== NOTE_VERSION)
      throw new Error(`its version is ${JSON.stringify(v)}, this program reads ${NOTE_VERSION}`);
    if (typeof closedUntilUs !== 'object' || closedUntilUs === null || Array.isArray(closedUntilUs))
      throw new Error('it has no closedUntilUs');
    return {
      closedUntilUs: new Map(
        Object.entries(closedUntilUs).map(([site, value]) => [site, micros(site, value)]),
      ),
      movedSinceUs: readMoved(moved ?? []),
    };
  } catch (cause) {
    throw new HitonamiError(
      'LOG',
      `the note beside the committed position cannot be read: ${(cause as Error).message}. ` +
        'Start the program that wrote it, or let the group begin again from a position without a note',
      { cause },
    );
  }
}

function readMoved(moved: unknown): Note['movedSinceUs'] {
  if (!Array.isArray(moved)) throw new Error('its moved is not a list');
  const bySite = new Map<string, Map<string, number>>();
  for (const entry of moved as unknown[]) {
    const [site, camera, sinceUs] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (typeof site !== 'string' || typeof camera !== 'string')
      throw new Error(`${JSON.stringify(entry)} in its moved names no camera`);
    const cameras = bySite.get(site) ?? new Map<string, number>();
    bySite.set(site, cameras.set(camera, micros(`${site}/${camera}`, sinceUs)));
  }
  return bySite;
}

function micros(site: string, value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new Error(`the instant of ${site} is ${JSON.stringify(value)}`);
}
