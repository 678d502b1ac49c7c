import { HitonamiError, type Point } from '@hitonami/model';
import type { FloorField } from '../floor-field.js';
import type { Random } from '../random.js';
import type { Agent, Stage } from './agent.js';
import type { Floor } from './floor.js';
import type { Gates } from './gates.js';
import type { TrainDoor, Trains } from './trains.js';
import { waitingSpot } from './waiting.js';

/** Share of a door's width that is left free at either end. */
const DOORPOST_SHARE = 0.12;
/** Where a door is used both ways, people keep to their left, as is the custom in Japan, with this much overlap. */
const OVERLAP_SHARE = 0.05;
/** How far inside a door its zone of the floor is looked for. */
const INSIDE_M = 0.35;
/** What passing a gate is worth in metres when someone flees to the nearest door. */
const GATE_COST_M = 4;

interface Place {
  kind: 'door' | 'platform';
  index: number;
  zone: number;
  field: FloorField;
}

/** Where people can go and how they get there, through the gates where they must. */
export class Routes {
  readonly #floor: Floor;
  readonly #gates: Gates;
  readonly #trains: Trains;
  readonly #random: Random;
  readonly #isTwoWay: ReadonlySet<string>;
  readonly #places = new Map<string, Place>();
  /** Of each door: the unit direction to its walkable side. */
  readonly inward: readonly Point[];

  /** @param isTwoWay ids of the doors through which people come and go */
  constructor(
    floor: Floor,
    gates: Gates,
    trains: Trains,
    isTwoWay: ReadonlySet<string>,
    random: Random,
  ) {
    this.#isTwoWay = isTwoWay;
    this.#floor = floor;
    this.#gates = gates;
    this.#trains = trains;
    this.#random = random;
    const { doors, platforms } = floor.world;
    this.inward = doors.map((door) => inwardOf(door, floor));
    doors.forEach(({ id, from, to }, index) => {
      const [ix, iy] = this.inward[index] as Point;
      const x = (from[0] + to[0]) / 2 + ix * INSIDE_M;
      const y = (from[1] + to[1]) / 2 + iy * INSIDE_M;
      const zone = floor.zoneAt(x, y);
      this.#places.set(id, { kind: 'door', index, zone, field: floor.fieldTo(from, to) });
    });
    platforms.forEach(({ id, edge: [a, b], waitingDepthM }, index) => {
      const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
      const [ux, uy] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
      const at = (along: number): Point => [
        a[0] + ux * along - (uy * waitingDepthM) / 2,
        a[1] + uy * along + (ux * waitingDepthM) / 2,
      ];
      const [from, to] = [at(0.5), at(length - 0.5)];
      const zone = floor.zoneAt(...at(length / 2));
      this.#places.set(id, { kind: 'platform', index, zone, field: floor.fieldTo(from, to) });
    });
  }

  has(place: string): boolean {
    return this.#places.has(place);
  }

  /** Whether a way leads from a point to a place, through a gate or not. */
  leads(x: number, y: number, place: string): boolean {
    const zone = this.#floor.zoneAt(x, y);
    const to = this.#places.get(place);
    return zone >= 0 && to !== undefined && (zone === to.zone || this.#gates.leads(zone, to.zone));
  }

  /** The stages of the way to one of the places, drawn by share. */
  plan(
    agent: Agent,
    to: Readonly<Record<string, number>>,
    waiting: readonly Agent[],
    from = '',
  ): Stage[] {
    const ids = Object.keys(to);
    const id = ids[this.#random.weighted(ids.map((key) => (key === from ? 0 : (to[key] ?? 0))))];
    const place = this.#places.get(id ?? '');
    if (place === undefined) throw new HitonamiError('CONFIG', `there is no place '${id ?? ''}'`);
    return this.#stagesTo(agent, place, waiting);
  }

  /** The stages of the way to the nearest of some doors. */
  flee(agent: Agent, doors: readonly string[]): Stage[] {
    const zone = this.#floor.zoneAt(agent.x, agent.y);
    let best: Place | undefined;
    let least = Infinity;
    for (const id of doors) {
      const place = this.#places.get(id);
      if (place === undefined) continue;
      const isHere = place.zone === zone;
      if (!isHere && !this.#gates.leads(zone, place.zone)) continue;
      const door = this.#middle(place);
      const walk = isHere
        ? place.field.walkFrom(agent.x, agent.y)
        : GATE_COST_M + Math.hypot(door[0] - agent.x, door[1] - agent.y);
      if (walk < least) [best, least] = [place, walk];
    }
    return best === undefined ? agent.stages : this.#stagesTo(agent, best, []);
  }

  /** Where in a door someone goes in or out: a share of the way from its first point to its second. */
  shareOfDoor(index: number, isEntering: boolean): number {
    const door = this.#floor.world.doors[index];
    const [ix, iy] = this.inward[index] ?? [0, 0];
    if (door === undefined || !this.#isTwoWay.has(door.id))
      return this.#random.between(DOORPOST_SHARE, 1 - DOORPOST_SHARE);
    const [dx, dy] = [door.to[0] - door.from[0], door.to[1] - door.from[1]];
    const leftIsSecond = dy * ix - dx * iy > 0 === isEntering;
    return leftIsSecond
      ? this.#random.between(0.5 - OVERLAP_SHARE, 1 - DOORPOST_SHARE)
      : this.#random.between(DOORPOST_SHARE, 0.5 + OVERLAP_SHARE);
  }

  fieldOfDoor(index: number): FloorField {
    return this.#field('door', index);
  }

  fieldOfPlatform(index: number): FloorField {
    return this.#field('platform', index);
  }

  /** A place on a platform for someone who comes from where they are now. */
  spotOn(platform: number, agent: Agent, waiting: readonly Agent[]): Point {
    const { world } = this.#floor;
    const it = world.platforms[platform];
    if (it === undefined) return [agent.x, agent.y];
    const doors = this.#trains.services
      .filter((service) => service.platform === platform)
      .flatMap((service) => service.doors.map((door: TrainDoor) => door.at));
    return waitingSpot(it, [agent.x, agent.y], doors, waiting, this.#floor, this.#random);
  }

  #stagesTo(agent: Agent, place: Place, waiting: readonly Agent[]): Stage[] {
    const stages: Stage[] = [];
    const zone = this.#floor.zoneAt(agent.x, agent.y);
    if (zone !== place.zone) {
      stages.push({ kind: 'gate', zone: place.zone, lane: -1, hasJoined: false, chosenS: 0 });
    }
    if (place.kind === 'platform') {
      const spot = this.spotOn(place.index, agent, waiting);
      stages.push({ kind: 'wait', platform: place.index, spot, hasSettled: false });
      return stages;
    }
    const door = this.#floor.world.doors[place.index];
    const share = this.shareOfDoor(place.index, false);
    const [a, b] = [door?.from ?? [0, 0], door?.to ?? [0, 0]];
    const target: Point = [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
    stages.push({ kind: 'leave', door: place.index, target });
    return stages;
  }

  #middle({ index }: Place): Point {
    const door = this.#floor.world.doors[index];
    const [a, b] = [door?.from ?? [0, 0], door?.to ?? [0, 0]];
    return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  }

  #field(kind: Place['kind'], index: number): FloorField {
    for (const place of this.#places.values()) {
      if (place.kind === kind && place.index === index) return place.field;
    }
    throw new HitonamiError('CONFIG', `there is no ${kind} ${index}`);
  }
}

function inwardOf(
  { id, from, to }: { id: string; from: Point; to: Point },
  { walls }: Floor,
): Point {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const width = Math.hypot(dx, dy) || 1;
  const [nx, ny] = [-dy / width, dx / width];
  const [mx, my] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  for (const side of [1, -1]) {
    const [x, y] = [mx + side * nx * INSIDE_M, my + side * ny * INSIDE_M];
    if (walls.isWalkable(x, y)) return [side * nx, side * ny];
  }
  throw new HitonamiError('CONFIG', `door '${id}' has no walkable floor beside it`);
}
