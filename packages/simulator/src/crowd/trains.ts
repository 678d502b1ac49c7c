import type { Point } from '@hitonami/model';
import type { Platform, Train, TrainCall, World } from '../world.js';

/** Coming in and going out, seconds, with constant braking over `RUN_M`. */
const RUN_S = 12;
const RUN_M = 90;
/** Doors take this long to open and to shut; they are shut again this long before the train leaves. */
const DOORS_S = 1.5;
const SHUT_BEFORE_S = 2;
/** Time between two people through one door, seconds. */
const ALIGHTING_S = 0.75;
const BOARDING_S = 0.85;

/** Where a train stands now. */
export interface TrainState {
  id: string;
  platform: string;
  /** How far it is short of where it stops, metres along the platform's edge; negative once it has left. */
  offsetM: number;
  /** 0 shut to 1 open. */
  doorsOpen: number;
}

export interface TrainDoor {
  /** The middle of the opening on the platform's edge. */
  at: Point;
  from: Point;
  to: Point;
  /** Unit direction onto the platform. */
  inward: Point;
  /** Those who still want to get out here. */
  alighting: number;
  readyAtS: number;
  /** Whether somebody has passed since the doors opened, with the time. */
  assigned: number;
}

export interface Service {
  train: Train;
  platform: number;
  doors: TrainDoor[];
  call: TrainCall | undefined;
  room: number;
}

/** The trains of a world: when they stand at their platforms, who gets out where, and for whom there is room. */
export class Trains {
  readonly services: readonly Service[];
  #timeS = 0;

  constructor(world: World) {
    this.services = world.trains.map((train) => {
      const platform = world.platforms.findIndex(({ id }) => id === train.platform);
      return {
        train,
        platform,
        doors: doorsOf(train, world.platforms[platform]),
        call: undefined,
        room: 0,
      };
    });
  }

  /** Time passes: trains arrive and leave. */
  advance(timeS: number): void {
    this.#timeS = timeS;
    for (const service of this.services) {
      const call = service.train.timetable.find(
        ({ arrivesS, departsS }) => timeS >= arrivesS && timeS < departsS,
      );
      if (call === service.call) continue;
      service.call = call;
      service.room = call?.boarding ?? 0;
      service.doors.forEach((door, i) => {
        const share = (call?.alighting ?? 0) / service.doors.length;
        door.alighting = Math.floor(share * (i + 1)) - Math.floor(share * i);
        door.readyAtS = (call?.arrivesS ?? 0) + DOORS_S;
        door.assigned = 0;
      });
    }
  }

  /** Whether people can pass the doors of a service now. */
  isOpen(service: Service): boolean {
    const { call } = service;
    if (call === undefined) return false;
    return this.#timeS >= call.arrivesS + DOORS_S && this.#timeS < call.departsS - SHUT_BEFORE_S;
  }

  canAlight(service: Service, door: TrainDoor): boolean {
    return this.isOpen(service) && door.alighting > 0 && this.#timeS >= door.readyAtS;
  }

  hasAlighted(door: TrainDoor): void {
    door.alighting--;
    door.readyAtS = this.#timeS + ALIGHTING_S;
  }

  /** Whether the next may step in: those who get out go first. */
  canBoard(service: Service, door: TrainDoor): boolean {
    return (
      this.isOpen(service) &&
      service.room > 0 &&
      door.alighting === 0 &&
      this.#timeS >= door.readyAtS
    );
  }

  hasBoarded(service: Service, door: TrainDoor): void {
    service.room--;
    door.readyAtS = this.#timeS + BOARDING_S;
  }

  /** Still waiting to get out of trains that stand here. */
  get aboard(): number {
    return this.services.reduce(
      (sum, service) =>
        service.call === undefined
          ? sum
          : sum + service.doors.reduce((inside, door) => inside + door.alighting, 0),
      0,
    );
  }

  states(): TrainState[] {
    return this.services.flatMap(({ train }) => {
      const states = train.timetable.flatMap((call) => stateIn(call, this.#timeS));
      return states.slice(0, 1).map((state) => ({
        id: train.id,
        platform: train.platform,
        ...state,
      }));
    });
  }
}

function stateIn(
  { arrivesS, departsS }: TrainCall,
  timeS: number,
): { offsetM: number; doorsOpen: number }[] {
  if (timeS < arrivesS - RUN_S || timeS > departsS + RUN_S) return [];
  const share = (s: number): number => s * s;
  if (timeS < arrivesS) {
    return [{ offsetM: RUN_M * share((arrivesS - timeS) / RUN_S), doorsOpen: 0 }];
  }
  if (timeS > departsS) {
    return [{ offsetM: -RUN_M * share((timeS - departsS) / RUN_S), doorsOpen: 0 }];
  }
  const opening = (timeS - arrivesS) / DOORS_S;
  const shutting = (departsS - SHUT_BEFORE_S + DOORS_S - timeS) / DOORS_S;
  return [{ offsetM: 0, doorsOpen: Math.max(0, Math.min(1, opening, shutting)) }];
}

function doorsOf(train: Train, platform: Platform | undefined): TrainDoor[] {
  if (platform === undefined) return [];
  const [[ax, ay], [bx, by]] = platform.edge;
  const length = Math.hypot(bx - ax, by - ay);
  const [ux, uy] = [(bx - ax) / length, (by - ay) / length];
  return train.doorsM.map((along) => {
    const at = (d: number): Point => [ax + ux * d, ay + uy * d];
    const half = train.doorWidthM / 2;
    return {
      at: at(along),
      from: at(along - half),
      to: at(along + half),
      inward: [-uy, ux],
      alighting: 0,
      readyAtS: 0,
      assigned: 0,
    };
  });
}
