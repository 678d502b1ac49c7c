import { HitonamiError } from '@hitonami/model';

/** One place where somebody was, as it is stored: without a name. */
export interface Sighting {
  /** Event time, seconds. */
  atS: number;
  /** Floor, as a number of the caller's choice. */
  floor: number;
  xM: number;
  yM: number;
  /** Velocity as it is stored, m/s; NaN where none is. */
  vxMS?: number;
  vyMS?: number;
}

/** Positions as columns, in order of time. */
export interface Sightings {
  readonly count: number;
  readonly atS: Float64Array;
  readonly floor: Uint16Array;
  readonly xM: Float64Array;
  readonly yM: Float64Array;
  /** NaN where no velocity is stored. */
  readonly vxMS: Float64Array;
  readonly vyMS: Float64Array;
}

/** Positions that are gathered one by one, with who they truly are where that is known. */
export class SightingList {
  #size = 1024;
  #count = 0;
  #columns = makeColumns(this.#size);
  #person = new Int32Array(this.#size);

  get count(): number {
    return this.#count;
  }

  /** @param person the truth, where the attack is to be judged; −1 where nobody knows */
  add({ atS, floor, xM, yM, vxMS = NaN, vyMS = NaN }: Sighting, person = -1): void {
    if (this.#count === this.#size) this.#grow();
    const i = this.#count++;
    const columns = this.#columns;
    columns.atS[i] = atS;
    columns.floor[i] = floor;
    columns.xM[i] = xM;
    columns.yM[i] = yM;
    columns.vxMS[i] = vxMS;
    columns.vyMS[i] = vyMS;
    this.#person[i] = person;
  }

  /** What was gathered, in order of time; those of one instant in the order in which they came. */
  take(): { sightings: Sightings; person: Int32Array } {
    const { atS } = this.#columns;
    const order = Uint32Array.from({ length: this.#count }, (_, i) => i);
    let isSorted = true;
    for (let i = 1; i < this.#count && isSorted; i++)
      isSorted = (atS[i] as number) >= (atS[i - 1] as number);
    if (!isSorted) order.sort((a, b) => (atS[a] as number) - (atS[b] as number) || a - b);
    return {
      sightings: pick(this.#columns, order),
      person: Int32Array.from(order, (i) => this.#person[i] as number),
    };
  }

  #grow(): void {
    const before = this.#columns;
    this.#size *= 2;
    this.#columns = makeColumns(this.#size);
    for (const name of COLUMNS) this.#columns[name].set(before[name]);
    const person = new Int32Array(this.#size);
    person.set(this.#person);
    this.#person = person;
  }
}

const COLUMNS = ['atS', 'floor', 'xM', 'yM', 'vxMS', 'vyMS'] as const;

function makeColumns(size: number) {
  return {
    atS: new Float64Array(size),
    floor: new Uint16Array(size),
    xM: new Float64Array(size),
    yM: new Float64Array(size),
    vxMS: new Float64Array(size),
    vyMS: new Float64Array(size),
  };
}

/** The sightings of these numbers, in this order. */
export function pick(from: Omit<Sightings, 'count'>, order: ArrayLike<number>): Sightings {
  const columns = makeColumns(order.length);
  for (const name of COLUMNS) {
    for (let i = 0; i < order.length; i++)
      columns[name][i] = from[name][order[i] as number] as number;
  }
  return { count: order.length, ...columns };
}

/** Which sightings belong to each label (a person or a path), in order of time. Labels below 0 are nobody's. */
export interface Trails {
  readonly count: number;
  /** The numbers of the sightings of one label. */
  of(label: number): Uint32Array;
}

export function trailsOf(labels: Int32Array): Trails {
  const count = labels.reduce((most, label) => Math.max(most, label), -1) + 1;
  const starts = new Uint32Array(count + 1);
  for (const label of labels) if (label >= 0) starts[label + 1] = (starts[label + 1] as number) + 1;
  for (let i = 0; i < count; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
  const next = starts.slice();
  const members = new Uint32Array(starts[count] as number);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    if (label < 0) continue;
    const at = next[label] as number;
    members[at] = i;
    next[label] = at + 1;
  }
  return {
    count,
    of(label) {
      if (!(label >= 0 && label < count))
        throw new HitonamiError('INPUT', `there is no label ${label} among ${count}`);
      return members.subarray(starts[label], starts[label + 1]);
    },
  };
}
