import type { Component } from './components.js';
import { isTotal } from './keys.js';
import type { Model } from './model.js';

/** Cells of shorter steps than this hang together by the hour. */
const HOUR_MS = 3_600_000;

/** Which cells may be changed to prove something of some of them, while all others stay where a point has them. */
export interface Neighbourhood {
  readonly targets: readonly number[];
  /** What may be changed. */
  readonly free: readonly number[];
}

/** How large neighbourhoods are: of one hour or over all the time, and of how many places. */
export interface Scale {
  readonly isByHour: boolean;
  readonly places: number;
}

/** First what is quickly asked. */
export const SCALES: readonly Scale[] = [
  { isByHour: true, places: 40 },
  { isByHour: true, places: 1_000 },
  { isByHour: false, places: 3 },
];

/** Neighbourhoods that hold all the cells in question. Longer steps than an hour belong to every hour: they give way. */
export function neighbourhoods(
  model: Model,
  { variables }: Component,
  targets: readonly number[],
  { isByHour, places }: Scale,
): Neighbourhood[] {
  const names = new Map(variables.map((v) => [v, placeOf(model, v)]));
  const order = new Map([...new Set(names.values())].sort().map((name, i) => [name, i]));
  const groupOf = (v: number): number => Math.floor((order.get(names.get(v) ?? '') ?? 0) / places);
  const isLonger = (v: number): boolean => (model.variables[v]?.key.lengthMs ?? 0) > HOUR_MS;
  const hourOf = (v: number): number =>
    isByHour ? Math.floor((model.variables[v]?.key.startMs ?? 0) / HOUR_MS) : 0;
  const nameOf = (v: number): string => `${String(hourOf(v))} ${String(groupOf(v))}`;
  const free = grouped(variables, (v) => (isByHour && isLonger(v) ? `${groupOf(v)}` : nameOf(v)));
  const asked = grouped(
    targets.filter((v) => !isByHour || !isLonger(v)),
    nameOf,
  );
  return [...asked].map(([name, own]) => ({
    targets: own,
    free: [...(free.get(name) ?? []), ...(free.get(`${groupOf(own[0] ?? 0)}`) ?? [])],
  }));
}

function grouped(variables: readonly number[], nameOf: (v: number) => string) {
  const groups = new Map<string, number[]>();
  for (const v of variables) {
    const name = nameOf(v);
    const found = groups.get(name);
    if (found === undefined) groups.set(name, [v]);
    else found.push(v);
  }
  return groups;
}

function placeOf(model: Model, v: number): string {
  const key = model.variables[v]?.key;
  return key === undefined || isTotal(key)
    ? ''
    : `${key.direction ?? ''}${JSON.stringify(key.places)}`;
}
