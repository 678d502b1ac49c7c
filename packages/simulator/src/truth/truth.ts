import type { SitePlan } from '@hitonami/model';
import type { SimulatedPerson } from '../person.js';
import { AreaWatch, type AreaWindow } from './areas.js';
import { JourneyWatch, type FlowTruth, type OdTruth } from './journeys.js';
import { LineWatch, type LineTruth } from './passages.js';

/**
 * What is true of a run, measured in every substep from everyone's true position, with the definitions of the measures.
 * It counts people: a bicycle is somebody who pushes one.
 */
export class Truth {
  readonly #areas: AreaWatch[];
  /** Smallest first: where areas overlap, someone is at the smallest. */
  readonly #byRank: AreaWatch[];
  readonly #lines: LineWatch[];
  readonly #journeys = new JourneyWatch();
  readonly #last = new Map<number, { x: number; y: number }>();
  #timeS = 0;

  constructor(plan: SitePlan) {
    this.#areas = plan.areas.map((area) => new AreaWatch(area, plan.windowS));
    this.#byRank = [...this.#areas].sort((a, b) => a.areaM2 - b.areaM2);
    this.#lines = plan.lines.map((line) => new LineWatch(line));
  }

  /** Everyone as they are at `timeS`, which stands for the `dtS` seconds before. */
  observe(people: readonly SimulatedPerson[], timeS: number, dtS: number): void {
    this.#timeS = timeS;
    const gone = new Set(this.#last.keys());
    for (const { id, x, y, vx, vy } of people) {
      const last = this.#last.get(id);
      gone.delete(id);
      if (last === undefined) {
        this.#last.set(id, { x, y });
        this.#journeys.start(id);
        for (const line of this.#lines) line.start(id, x, y);
      } else {
        for (const line of this.#lines) {
          if (line.step(id, last.x, last.y, x, y, timeS)) this.#journeys.pass(id, line.truth.line);
        }
        last.x = x;
        last.y = y;
      }
      let place = '';
      for (const area of this.#byRank) {
        if (!area.contains(x, y)) continue;
        area.add(Math.sqrt(vx * vx + vy * vy));
        if (place === '') place = area.id;
      }
      this.#journeys.at(id, place, timeS);
    }
    for (const area of this.#areas) area.settle(timeS - dtS, dtS);
    for (const id of gone) {
      this.#last.delete(id);
      this.#journeys.end(id);
      for (const line of this.#lines) line.forget(id);
    }
  }

  /** Every area and window so far; windows begin at multiples of the plan's window length since the start. */
  areas(): AreaWindow[] {
    return this.#areas.flatMap((area) => area.windows(this.#timeS));
  }

  /** Crossings of every line since the start. */
  lines(): LineTruth[] {
    return this.#lines.map(({ truth }) => ({ ...truth, firstAtS: [...truth.firstAtS] }));
  }

  /** Movements between places (areas and lines) so far, as the measures count flow legs. */
  flows(): FlowTruth[] {
    return this.#journeys.flows();
  }

  /** Origin and destination, by place, of those who have left; with `isPresentToo` of everybody, as far as they have come. */
  od({ isPresentToo = false } = {}): OdTruth[] {
    return this.#journeys.od(isPresentToo);
  }
}
