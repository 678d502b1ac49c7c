import { polygonArea, polygonContains, type PlanArea, type Polygon } from '@hitonami/model';

/** One area, one window `[startS, startS + lengthS)` of the run. */
export interface AreaWindow {
  area: string;
  startS: number;
  /** Length of the window that has passed, seconds; shorter than the plan's only for the last. */
  lengthS: number;
  areaM2: number;
  /** Σ persons × time, person·seconds. */
  personS: number;
  /** personS ÷ (areaM2 × lengthS), persons/m²: nothing is hidden from truth. */
  density: number;
  /** Most people at one instant. */
  peopleMax: number;
  /** Σ speed × time ÷ personS, m/s; undefined where nobody was there. */
  meanSpeedMS: number | undefined;
}

interface Sum {
  personS: number;
  speedS: number;
  peopleMax: number;
}

/** Adds up who is in an area, window by window. */
export class AreaWatch {
  readonly id: string;
  readonly polygon: Polygon;
  readonly areaM2: number;
  readonly #sums: Sum[] = [];
  readonly #windowS: number;
  #people = 0;
  #speed = 0;

  constructor({ id, polygon }: PlanArea, windowS: number) {
    this.id = id;
    this.polygon = polygon.coordinates;
    this.areaM2 = polygonArea(this.polygon);
    this.#windowS = windowS;
  }

  contains(x: number, y: number): boolean {
    return polygonContains(this.polygon, x, y);
  }

  /** Someone is in it now. */
  add(speed: number): void {
    this.#people++;
    this.#speed += speed;
  }

  /** What was added stands for the time from `fromS` on for `dtS`, which lies within one window. */
  settle(fromS: number, dtS: number): void {
    // Rounded, since the sum of many steps may fall a hair short of a window's start.
    const window = Math.floor((fromS + 1e-6) / this.#windowS);
    const sum = (this.#sums[window] ??= { personS: 0, speedS: 0, peopleMax: 0 });
    sum.personS += this.#people * dtS;
    sum.speedS += this.#speed * dtS;
    sum.peopleMax = Math.max(sum.peopleMax, this.#people);
    this.#people = 0;
    this.#speed = 0;
  }

  windows(timeS: number): AreaWindow[] {
    return Array.from(this.#sums, (sum, i) => {
      const startS = i * this.#windowS;
      const lengthS = Math.min(this.#windowS, timeS - startS);
      const { personS, speedS, peopleMax } = sum;
      return {
        area: this.id,
        startS,
        lengthS,
        areaM2: this.areaM2,
        personS,
        density: personS / (this.areaM2 * lengthS),
        peopleMax,
        meanSpeedMS: personS > 0 ? speedS / personS : undefined,
      };
    });
  }
}
