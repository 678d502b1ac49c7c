/** Time in a new area after which the change is believed, with the definition of the measures. */
const CONFIRM_S = 1;

/** Movements from one place to another; '' where someone comes from or goes to none. */
export interface FlowTruth {
  fromPlace: string;
  toPlace: string;
  legs: number;
}

/** People by the first and the last place (area or line) they were in. Those who were in none are not in it. */
export interface OdTruth {
  origin: string;
  destination: string;
  people: number;
}

interface Journey {
  origin: string;
  last: string;
  place: string;
  from: string;
  candidate: string | undefined;
  sinceS: number;
}

/** What people do between places: areas, and lines at the moment of a passage. */
export class JourneyWatch {
  readonly #journeys = new Map<number, Journey>();
  readonly #legs = new Map<string, FlowTruth>();
  readonly #trips = new Map<string, OdTruth>();

  start(person: number): void {
    const nowhere = { origin: '', last: '', place: '', from: '' };
    this.#journeys.set(person, { ...nowhere, candidate: undefined, sinceS: 0 });
  }

  /** Someone is in an area ('' for none). */
  at(person: number, area: string, timeS: number): void {
    const journey = this.#journeys.get(person);
    if (journey === undefined) return;
    if (area === journey.place) {
      journey.candidate = undefined;
      return;
    }
    if (journey.candidate !== area) {
      journey.candidate = area;
      journey.sinceS = timeS;
      return;
    }
    if (timeS - journey.sinceS < CONFIRM_S - 1e-9) return;
    journey.candidate = undefined;
    this.#leave(journey);
    if (area === '') return;
    this.#enter(journey, area);
    journey.place = area;
  }

  /** Someone passed a line. */
  pass(person: number, line: string): void {
    const journey = this.#journeys.get(person);
    if (journey === undefined) return;
    this.#leave(journey);
    this.#enter(journey, line);
    journey.from = line;
    journey.candidate = undefined;
  }

  end(person: number): void {
    const journey = this.#journeys.get(person);
    if (journey === undefined) return;
    this.#journeys.delete(person);
    this.#leave(journey);
    if (journey.from !== '') this.#leg(journey.from, '');
    addTrip(this.#trips, journey);
  }

  /** Legs so far, by places. */
  flows(): FlowTruth[] {
    return sorted(this.#legs);
  }

  /** By the first place and the last so far: those who have left, and with `isPresentToo` those who are still there. */
  od(isPresentToo: boolean): OdTruth[] {
    const trips = new Map([...this.#trips].map(([key, trip]) => [key, { ...trip }]));
    if (isPresentToo) for (const journey of this.#journeys.values()) addTrip(trips, journey);
    return sorted(trips);
  }

  #enter(journey: Journey, place: string): void {
    this.#leg(journey.from, place);
    if (journey.origin === '') journey.origin = place;
    journey.last = place;
  }

  #leave(journey: Journey): void {
    if (journey.place === '') return;
    journey.from = journey.place;
    journey.place = '';
  }

  #leg(fromPlace: string, toPlace: string): void {
    const key = `${fromPlace}\n${toPlace}`;
    const flow = this.#legs.get(key);
    if (flow === undefined) this.#legs.set(key, { fromPlace, toPlace, legs: 1 });
    else flow.legs++;
  }
}

function addTrip(trips: Map<string, OdTruth>, { origin, last }: Journey): void {
  if (origin === '') return;
  const trip = trips.get(`${origin}\n${last}`);
  if (trip === undefined) trips.set(`${origin}\n${last}`, { origin, destination: last, people: 1 });
  else trip.people++;
}

function sorted<T extends object>(map: ReadonlyMap<string, T>): T[] {
  return [...map]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, value]) => ({ ...value }));
}
