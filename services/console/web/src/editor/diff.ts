/** What an edited plan changes against the one in force, thing by thing, for people to read before they save. */
export interface Change {
  /** Path inside the thing, such as `dangerBands.stable`. */
  path: string;
  before: unknown;
  after: unknown;
}

export interface ThingDiff {
  /** `areas`, `lines`, …; the plan's own keys under `plan`. */
  list: string;
  id: string;
  kind: 'added' | 'removed' | 'changed';
  changes: Change[];
}

type Json = Record<string, unknown>;

/** Set by the server at each saving: no change of anybody's. */
const NOT_COMPARED = new Set(['version', 'inForceFrom']);

export function diffPlans(before: Json, after: Json): ThingDiff[] {
  const out: ThingDiff[] = [];
  const own: Change[] = [];
  for (const key of union(Object.keys(before), Object.keys(after))) {
    if (NOT_COMPARED.has(key)) continue;
    const [a, b] = [before[key], after[key]];
    if (isThings(a ?? []) && isThings(b ?? []) && (isThings(a) || isThings(b))) {
      out.push(...diffThings(key, (a ?? []) as Thing[], (b ?? []) as Thing[]));
    } else {
      own.push(...changesOf(a, b, key));
    }
  }
  return own.length === 0 ? out : [{ list: 'plan', id: '', kind: 'changed', changes: own }, ...out];
}

interface Thing extends Json {
  id: string;
}

function isThings(value: unknown): value is Thing[] {
  return (
    Array.isArray(value) &&
    value.every(
      (item: unknown) =>
        typeof item === 'object' && item !== null && typeof (item as Json)['id'] === 'string',
    )
  );
}

function diffThings(list: string, before: readonly Thing[], after: readonly Thing[]): ThingDiff[] {
  const old = new Map(before.map((thing) => [thing.id, thing]));
  const now = new Map(after.map((thing) => [thing.id, thing]));
  return union([...old.keys()], [...now.keys()]).flatMap((id): ThingDiff[] => {
    const [a, b] = [old.get(id), now.get(id)];
    if (a === undefined) return [{ list, id, kind: 'added', changes: [] }];
    if (b === undefined) return [{ list, id, kind: 'removed', changes: [] }];
    const changes = changesOf(a, b, '');
    return changes.length === 0 ? [] : [{ list, id, kind: 'changed', changes }];
  });
}

/** Leaves that differ. Geometry and lists without ids are one leaf: nobody reads single coordinates of a list. */
function changesOf(before: unknown, after: unknown, path: string): Change[] {
  if (isObject(before) && isObject(after)) {
    return union(Object.keys(before), Object.keys(after)).flatMap((key) =>
      changesOf(before[key], after[key], path === '' ? key : `${path}.${key}`),
    );
  }
  return isEqual(before, after) ? [] : [{ path, before, after }];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether two JSON values say the same, whatever the order of their keys. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  return union(Object.keys(a), Object.keys(b)).every((key) => isEqual(a[key], b[key]));
}

const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])];
