import type { Component } from './components.js';
import { isTotal } from './keys.js';
import type { Model } from './model.js';

/** Cells of shorter steps than this hang together by the hour. */
const HOUR_MS = 3_600_000;

/** Which cells may be changed to prove something of some of them, while all others stay where a point has them. */
export interface Neighbourhood {
  readonly targets: readonly number[];
  readonly isFree: (variable: number) => boolean;
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
  const groups = new Map<string, number[]>();
  for (const v of targets) {
    if (isByHour && isLonger(v)) continue;
    const name = `${String(hourOf(v))} ${String(groupOf(v))}`;
    const found = groups.get(name);
    if (found === undefined) groups.set(name, [v]);
    else found.push(v);
  }
  return [...groups.values()].map((own) => {
    const [first = 0] = own;
    const [hour, group] = [hourOf(first), groupOf(first)];
    return {
      targets: own,
      isFree: (v) => groupOf(v) === group && (hourOf(v) === hour || isLonger(v)),
    };
  });
}

function placeOf(model: Model, v: number): string {
  const key = model.variables[v]?.key;
  return key === undefined || isTotal(key)
    ? ''
    : `${key.direction ?? ''}${JSON.stringify(key.places)}`;
}
