import type { Point } from '@hitonami/model';
import type { SimulatedPerson } from '../person.js';
import { Random } from '../random.js';
import type { Demand, Scenario } from '../scenario.js';
import type { World } from '../world.js';
import type { Agent } from './agent.js';
import { Conduct } from './conduct.js';
import { Contact } from './contact.js';
import { Entrances, type Entering } from './entrances.js';
import { Floor } from './floor.js';
import { Gates } from './gates.js';
import { Near } from './near.js';
import { newcomer } from './newcomer.js';
import { placeCrowd, placeGroup } from './placing.js';
import { Routes } from './routes.js';
import { steer } from './steering.js';
import { Trains, type Service, type TrainDoor } from './trains.js';

/** Length of one step of the integration, seconds. */
export const SUBSTEP_S = 0.05;
/** People decide anew every so many steps, half of them in each. */
const DECIDE_EVERY = 2;
/** Time in which someone comes to the velocity they want, seconds. */
const RELAXATION_S = 0.3;
/** Below this share of the wished speed somebody counts as held up. */
const HELD_UP = 0.2;
/** Turning of the body: the time it takes, and the speed from which it follows the way. */
const TURN_S = 0.3;
const TURN_FROM_M_S = 0.25;
/** Room that somebody who steps out of a train needs, metres. */
const ALIGHT_ROOM_M = 0.3;
const ALIGHT_INSET_M = 0.3;
/** Doors of trains: a person beside it counts as so many metres more of way. */
const DOOR_QUEUE_M = 0.8;

/** The people of one run, and what moves them. */
export class Crowd {
  readonly floor: Floor;
  readonly routes: Routes;
  readonly trains: Trains;
  agents: Agent[] = [];
  entered = 0;
  left = 0;
  boarded = 0;
  timeS = 0;
  readonly #demand: Demand;
  readonly #gates: Gates;
  readonly #near: Near;
  readonly #contact: Contact;
  readonly #conduct: Conduct;
  readonly #entrances: Entrances;
  readonly #random: Random;
  #steps = 0;
  #isEvacuating = false;

  constructor({ world, demand }: Scenario, seed: number) {
    this.#demand = demand;
    this.#random = new Random(seed);
    this.floor = new Floor(world);
    this.#gates = new Gates(this.floor);
    this.trains = new Trains(world);
    this.routes = new Routes(
      this.floor,
      this.#gates,
      this.trains,
      twoWayDoors(demand, world),
      this.#random,
    );
    this.#near = new Near(this.floor.walls.bounds);
    this.#contact = new Contact(this.floor.walls);
    this.#conduct = new Conduct(this.floor, this.#gates, this.trains, this.routes);
    this.#entrances = new Entrances(demand, this.floor, this.routes, this.#random);
    for (const group of demand.groups) {
      placeGroup(group, this.floor.walls).forEach(({ x, y, faceRad }) => {
        const agent = this.#add(x, y);
        const spot: Point = [x, y];
        agent.headingRad = faceRad;
        this.#send(agent, group.to);
        agent.stages.unshift({ kind: 'stand', spot, untilS: group.untilS, faceRad });
      });
    }
    for (const crowd of demand.crowds) {
      placeCrowd(crowd, this.floor.walls, this.agents, this.#random).forEach(([x, y]) => {
        const agent = this.#add(x, y);
        this.#send(agent, crowd.to);
        if (crowd.fromS <= 0) return;
        const untilS = crowd.fromS;
        agent.stages.unshift({ kind: 'stand', spot: [x, y], untilS, faceRad: undefined });
      });
    }
    this.#near.rebuild(this.agents);
  }

  get waitingOutside(): number {
    return this.#entrances.waiting + this.trains.aboard;
  }

  people(): SimulatedPerson[] {
    return this.agents.map(({ id, x, y, vx, vy, headingRad, kind, statureM }) => ({
      id,
      x,
      y,
      vx,
      vy,
      headingRad,
      kind,
      statureM,
    }));
  }

  /** Lets one substep pass. */
  advance(): void {
    this.#steps++;
    this.timeS = this.#steps * SUBSTEP_S;
    this.trains.advance(this.timeS);
    this.#alarm();
    if (!this.#isEvacuating) this.#admit();
    this.#serveTrains();
    this.#near.rebuild(this.agents);
    this.#gates.count(this.agents);
    this.#gates.order();
    for (const agent of this.agents) {
      const isTurn = (this.#steps + agent.id) % DECIDE_EVERY === 0;
      if (isTurn) this.#decide(agent);
      const share = SUBSTEP_S / RELAXATION_S;
      agent.vx += (agent.dirX * agent.speed - agent.vx) * share;
      agent.vy += (agent.dirY * agent.speed - agent.vy) * share;
    }
    this.#contact.move(this.agents, this.#near, SUBSTEP_S);
    this.#near.rebuild(this.agents);
    this.#settle();
  }

  #decide(agent: Agent): void {
    const wish = this.#conduct.wish(agent, this.timeS);
    steer(agent, wish, this.#near, this.floor.walls);
    const isHeldUp =
      wish.speed > 0 && Math.hypot(agent.vx, agent.vy) < HELD_UP * Math.min(1, wish.speed);
    const passedS = DECIDE_EVERY * SUBSTEP_S;
    agent.stuckS = isHeldUp ? agent.stuckS + passedS : Math.max(0, agent.stuckS - 2 * passedS);
  }

  /** Who has left leaves; who has come to the end of a stage goes on. */
  #settle(): void {
    const gone = new Set<Agent>();
    for (const agent of this.agents) {
      const end = this.#conduct.advance(agent, this.timeS, this.#near);
      if (end !== undefined) gone.add(agent);
      if (end === 'boarded') this.boarded++;
      turn(agent);
    }
    if (gone.size === 0) return;
    this.left += gone.size;
    this.agents = this.agents.filter((agent) => !gone.has(agent));
    for (const agent of gone) if (agent.mate !== undefined) agent.mate.mate = undefined;
    this.#gates.forget(gone);
  }

  #admit(): void {
    let first: Agent | undefined;
    const add = ({ x, y, stream, isSecond }: Entering): void => {
      const agent = this.#add(x, y);
      if (isSecond && first !== undefined && first.kind === 'walker') {
        agent.mate = first;
        first.mate = agent;
        agent.stages = first.stages.map((stage) => ({ ...stage }));
        return;
      }
      first = agent;
      this.#send(agent, stream.to, stream.from);
    };
    this.#entrances.admit(this.timeS, SUBSTEP_S, this.agents, add);
  }

  #add(x: number, y: number): Agent {
    this.entered++;
    const agent = newcomer(this.entered, x, y, this.timeS, this.#demand, this.#random);
    this.agents.push(agent);
    return agent;
  }

  #send(agent: Agent, to: Readonly<Record<string, number>>, from?: string): void {
    agent.stages = this.routes.plan(agent, to, this.agents, from);
  }

  #alarm(): void {
    const { evacuation } = this.#demand;
    if (evacuation === undefined || this.timeS < evacuation.atS) return;
    if (!this.#isEvacuating) {
      this.#isEvacuating = true;
      this.#gates.isOpen = true;
      this.#entrances.close();
    }
    const fleeing = new Set<Agent>();
    for (const agent of this.agents) {
      if (this.timeS < agent.alarmS || this.timeS - agent.alarmS >= SUBSTEP_S) continue;
      if (agent.stages[0]?.kind === 'lane') {
        agent.alarmS = this.timeS + SUBSTEP_S / 2;
        continue;
      }
      agent.stages = this.routes.flee(agent, evacuation.doors);
      agent.pauseFromS = Infinity;
      fleeing.add(agent);
    }
    if (fleeing.size > 0) this.#gates.forget(fleeing);
  }

  #serveTrains(): void {
    this.trains.services.forEach((service, index) => {
      if (this.trains.isOpen(service)) {
        this.#alight(service);
        this.#callBoarders(service, index);
      } else this.#sendBack(index);
    });
  }

  #alight(service: Service): void {
    for (const door of service.doors) {
      if (!this.trains.canAlight(service, door)) continue;
      const along = this.#random.between(0.25, 0.75);
      const x =
        door.from[0] + along * (door.to[0] - door.from[0]) + door.inward[0] * ALIGHT_INSET_M;
      const y =
        door.from[1] + along * (door.to[1] - door.from[1]) + door.inward[1] * ALIGHT_INSET_M;
      const isFree = this.agents.every((other) => {
        const least = other.bodyM + ALIGHT_ROOM_M * 0.8;
        return (other.x - x) ** 2 + (other.y - y) ** 2 >= least * least;
      });
      if (!isFree) continue;
      this.trains.hasAlighted(door);
      const agent = this.#add(x, y);
      this.#send(agent, service.train.to);
    }
  }

  /** Those who wait on the platform go to the doors, as long as there is room for them. */
  #callBoarders(service: Service, index: number): void {
    const called = service.doors.reduce((sum, { assigned }) => sum + assigned, 0);
    let room = (service.call?.boarding ?? 0) - called;
    for (const agent of this.agents) {
      if (room <= 0) return;
      const stage = agent.stages[0];
      if (stage?.kind !== 'wait' || stage.platform !== service.platform) continue;
      const cost = ({ at, assigned }: TrainDoor): number =>
        Math.hypot(at[0] - agent.x, at[1] - agent.y) + DOOR_QUEUE_M * assigned;
      let best = 0;
      service.doors.forEach((door, i) => {
        if (cost(door) < cost(service.doors[best] as TrainDoor)) best = i;
      });
      (service.doors[best] as TrainDoor).assigned++;
      agent.stages[0] = { kind: 'board', train: index, door: best };
      agent.stuckS = 0;
      room--;
    }
  }

  /** The doors are shut: who did not get in waits for the next. */
  #sendBack(index: number): void {
    for (const agent of this.agents) {
      const stage = agent.stages[0];
      if (stage?.kind !== 'board' || stage.train !== index) continue;
      const platform = this.trains.services[index]?.platform ?? 0;
      const spot = this.routes.spotOn(platform, agent, this.agents);
      agent.stages[0] = { kind: 'wait', platform, spot, hasSettled: false };
    }
  }
}

/** Doors through which people both come in and go out. */
function twoWayDoors({ streams, crowds, groups }: Demand, { trains }: World): Set<string> {
  const goals = [...streams, ...crowds, ...groups, ...trains].flatMap(({ to }) => Object.keys(to));
  return new Set(streams.map(({ from }) => from).filter((id) => goals.includes(id)));
}

/** The body turns to where its owner goes, or to whom they talk with. */
function turn(agent: Agent): void {
  const stage = agent.stages[0];
  const isWalking = Math.hypot(agent.vx, agent.vy) > TURN_FROM_M_S;
  const face =
    isWalking && agent.speed > 0
      ? Math.atan2(agent.vy, agent.vx)
      : stage?.kind === 'stand'
        ? stage.faceRad
        : undefined;
  if (face === undefined) return;
  const turnRad = Math.atan2(Math.sin(face - agent.headingRad), Math.cos(face - agent.headingRad));
  const heading = agent.headingRad + turnRad * Math.min(1, SUBSTEP_S / TURN_S);
  agent.headingRad = Math.atan2(Math.sin(heading), Math.cos(heading));
}
