import type { Point } from '@hitonami/model';
import type { FloorField } from '../floor-field.js';
import { squaredDistanceToSegment } from '../walls.js';
import type { Agent, Stage, Wish } from './agent.js';
import type { Floor } from './floor.js';
import type { Gates } from './gates.js';
import type { Near } from './near.js';
import type { Routes } from './routes.js';
import type { Service, TrainDoor, Trains } from './trains.js';

/** Who stands does not move for less than this, metres, and goes back to their place no faster than this, m/s. */
const AT_PLACE_M = 0.2;
const HOMING_M_S = 0.5;
/** Who was pushed farther than this stays where they are. */
const GIVE_UP_M = 1.2;
/** Who is so near to where they want to wait has arrived. */
const SETTLED_M = 0.35;
/** Who gets no nearer for so long waits where they are. */
const STUCK_S = 4;
const STUCK_FOR_GOOD_S = 14;
/** Those who look for a place push on until it is this full around them: people within `CROWD_M`. */
const CROWD_M = 0.8;
const CROWD_FULL = 13;
/** Who has been held up for so long begins to press. */
const IMPATIENT_S = 3;
/** How long someone keeps the lane they chose, as long as they have not joined its queue. */
const RECONSIDER_S = 1;
/** Who has so many before them in a queue looks every so many seconds whether another one is shorter. */
const SWITCH_FROM = 3;
const SWITCH_S = 2;
/** Walking speed between the housings. */
const LANE_M_S = 1.15;
/** Who is so near to their door has gone out. */
const AT_DOOR_M = 0.45;
/** While others get out, those who board stand this far aside of the door and off the edge. */
const ASIDE_M = 1.35;
const OFF_EDGE_M = 0.9;

/** What people want at each stage of their way, and when one stage ends and the next begins. */
export class Conduct {
  readonly #floor: Floor;
  readonly #gates: Gates;
  readonly #trains: Trains;
  readonly #routes: Routes;
  readonly #wish: Wish = { x: 0, y: 0, speed: 0, distanceM: 0, isPressing: false };

  constructor(floor: Floor, gates: Gates, trains: Trains, routes: Routes) {
    this.#floor = floor;
    this.#gates = gates;
    this.#trains = trains;
    this.#routes = routes;
  }

  /** What `agent` would do if nobody were in the way. The result is overwritten by the next call. */
  wish(agent: Agent, timeS: number): Wish {
    const stage = agent.stages[0];
    if (stage === undefined || (timeS >= agent.pauseFromS && timeS < agent.pauseToS)) {
      return this.#stay();
    }
    const pace = agent.freeSpeed * this.#floor.paceAt(agent.x, agent.y);
    const isHurried = timeS > agent.alarmS;
    const speed = isHurried ? pace * 1.15 : pace;
    const wish = this.#wishIn(stage, agent, speed, timeS);
    // Nobody presses in a queue: that would only keep those from coming out who make room.
    const isPatient = stage.kind === 'gate' && !isHurried && !this.#isFirst(stage, agent);
    if (agent.stuckS > IMPATIENT_S && wish.speed > 0 && !isPatient) wish.isPressing = true;
    return wish;
  }

  #isFirst(stage: Extract<Stage, { kind: 'gate' }>, agent: Agent): boolean {
    const side = this.#gates.sideOf(stage.lane, stage.zone);
    return stage.hasJoined && this.#gates.isFirst(stage.lane, side, agent);
  }

  #wishIn(stage: Stage, agent: Agent, speed: number, timeS: number): Wish {
    switch (stage.kind) {
      case 'leave':
        return this.#walk(agent, this.#routes.fieldOfDoor(stage.door), stage.target, speed, 1);
      case 'gate':
        return this.#toGate(stage, agent, speed, timeS);
      case 'lane': {
        const target = this.#gates.beyond(stage.lane, stage.isForward);
        const wish = this.#straight(agent, target, Math.min(speed, LANE_M_S));
        wish.isPressing = true;
        return wish;
      }
      case 'wait': {
        if (stage.hasSettled) return this.#home(agent, stage.spot);
        const field = this.#routes.fieldOfPlatform(stage.platform);
        const wish = this.#walk(agent, field, stage.spot, speed, 0);
        wish.isPressing = true;
        return wish;
      }
      case 'board': {
        const service = this.#trains.services[stage.train] as Service;
        const door = service.doors[stage.door] as TrainDoor;
        const isTurn = this.#trains.canBoard(service, door) || door.alighting === 0;
        const target = isTurn ? door.at : aside(door, agent);
        const wish = this.#straight(agent, target, speed);
        wish.isPressing = isTurn;
        if (isTurn) wish.distanceM += 1;
        return wish;
      }
      case 'stand':
        return this.#home(agent, stage.spot);
    }
  }

  #toGate(
    stage: Extract<Stage, { kind: 'gate' }>,
    agent: Agent,
    speed: number,
    timeS: number,
  ): Wish {
    const gates = this.#gates;
    if (!stage.hasJoined && (stage.lane < 0 || timeS - stage.chosenS > RECONSIDER_S)) {
      const zone = this.#floor.zoneAt(agent.x, agent.y);
      stage.lane = gates.choose(agent, zone, stage.zone);
      stage.chosenS = timeS;
    }
    if (stage.lane < 0) return this.#stay();
    const side = gates.sideOf(stage.lane, stage.zone);
    const lane = gates.lanes[stage.lane];
    const queue = lane?.queues[side] ?? [];
    const place = stage.hasJoined ? queue.indexOf(agent) : queue.length;
    if (place > SWITCH_FROM && stage.hasJoined && timeS - stage.chosenS > SWITCH_S) {
      const other = gates.choose(agent, this.#floor.zoneAt(agent.x, agent.y), stage.zone);
      stage.chosenS = timeS;
      if (other >= 0 && other !== stage.lane) {
        gates.leave(stage.lane, side, agent);
        stage.hasJoined = false;
        stage.lane = other;
        return this.#stay();
      }
    }
    const slot = gates.slot(stage.lane, side, Math.max(0, place));
    if (stage.hasJoined) return this.#straight(agent, slot, speed);
    const field = lane?.fields[side];
    return field === undefined ? this.#stay() : this.#walk(agent, field, slot, speed, 0.5);
  }

  /** Ends stages that are over. Returns true where the agent has left the world. */
  advance(agent: Agent, timeS: number, near: Near): 'left' | 'boarded' | undefined {
    const stage = agent.stages[0];
    switch (stage?.kind) {
      case 'leave':
        return this.#isAtDoor(stage.door, agent) ? 'left' : undefined;
      case 'gate': {
        if (stage.lane < 0) return undefined;
        const side = this.#gates.sideOf(stage.lane, stage.zone);
        if (!stage.hasJoined) stage.hasJoined = this.#gates.join(stage.lane, side, agent);
        if (stage.hasJoined && this.#gates.enter(stage.lane, side, agent, timeS)) {
          agent.stages[0] = { kind: 'lane', lane: stage.lane, isForward: side === 0 };
        }
        return undefined;
      }
      case 'lane':
        if (this.#gates.hasPassed(stage.lane, agent)) agent.stages.shift();
        else if (this.#gates.hasStrayed(stage.lane, agent)) {
          const zone = this.#gates.zoneBeyond(stage.lane, stage.isForward);
          agent.stages[0] = { kind: 'gate', zone, lane: -1, hasJoined: false, chosenS: 0 };
        }
        return undefined;
      case 'wait':
        this.#settle(stage, agent, near);
        return undefined;
      case 'board': {
        const service = this.#trains.services[stage.train] as Service;
        const door = service.doors[stage.door] as TrainDoor;
        const d = Math.hypot(agent.x - door.at[0], agent.y - door.at[1]);
        if (d > 0.65 || !this.#trains.canBoard(service, door)) return undefined;
        this.#trains.hasBoarded(service, door);
        return 'boarded';
      }
      case 'stand':
        if (timeS >= stage.untilS) agent.stages.shift();
        else if (Math.hypot(agent.x - stage.spot[0], agent.y - stage.spot[1]) > GIVE_UP_M)
          stage.spot = [agent.x, agent.y];
        return undefined;
      default:
        return undefined;
    }
  }

  #settle(stage: Extract<Stage, { kind: 'wait' }>, agent: Agent, near: Near): void {
    const d = Math.hypot(agent.x - stage.spot[0], agent.y - stage.spot[1]);
    if (stage.hasSettled) {
      if (d > GIVE_UP_M) stage.spot = [agent.x, agent.y];
      return;
    }
    if (d < SETTLED_M) {
      stage.hasSettled = true;
      return;
    }
    if (agent.stuckS < STUCK_S) return;
    const isFull = near.search(agent.x, agent.y, CROWD_M).length > CROWD_FULL;
    if (!isFull && agent.stuckS < STUCK_FOR_GOOD_S) return;
    if (!this.#isOnPlatform(stage.platform, agent)) return;
    stage.spot = [agent.x, agent.y];
    stage.hasSettled = true;
  }

  #isOnPlatform(index: number, { x, y }: Agent): boolean {
    const platform = this.#floor.world.platforms[index];
    if (platform === undefined) return false;
    const [[ax, ay], [bx, by]] = platform.edge;
    const length = Math.hypot(bx - ax, by - ay);
    const depth = ((y - ay) * (bx - ax) - (x - ax) * (by - ay)) / length;
    const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length;
    return depth <= platform.waitingDepthM && along >= 0 && along <= length;
  }

  #isAtDoor(index: number, { x, y }: Agent): boolean {
    const door = this.#floor.world.doors[index];
    if (door === undefined) return false;
    return squaredDistanceToSegment(x, y, door.from, door.to) <= AT_DOOR_M * AT_DOOR_M;
  }

  #walk(agent: Agent, field: FloorField, target: Point, speed: number, runOutM: number): Wish {
    const wish = this.#straight(agent, target, speed);
    wish.distanceM += runOutM;
    if (this.#floor.seesWay(agent.x, agent.y, target[0], target[1])) return wish;
    field.direct(agent.x, agent.y);
    wish.x = field.directionX;
    wish.y = field.directionY;
    wish.distanceM = Math.max(2, wish.distanceM);
    return wish;
  }

  #straight(agent: Agent, target: Point, speed: number): Wish {
    const wish = this.#wish;
    const dx = target[0] - agent.x;
    const dy = target[1] - agent.y;
    const d = Math.sqrt(dx * dx + dy * dy);
    wish.x = d > 0.05 ? dx / d : 0;
    wish.y = d > 0.05 ? dy / d : 0;
    wish.speed = speed;
    wish.distanceM = d;
    wish.isPressing = false;
    return wish;
  }

  #home(agent: Agent, spot: Point): Wish {
    const wish = this.#straight(agent, spot, HOMING_M_S);
    if (wish.distanceM < AT_PLACE_M) return this.#stay();
    return wish;
  }

  #stay(): Wish {
    Object.assign(this.#wish, { x: 0, y: 0, speed: 0, distanceM: 0, isPressing: false });
    return this.#wish;
  }
}

/** Beside a train's door, on the side of it that the agent is on. */
function aside({ at, inward, from, to }: TrainDoor, agent: Agent): Point {
  const width = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  const [ux, uy] = [(to[0] - from[0]) / width, (to[1] - from[1]) / width];
  const along = (agent.x - at[0]) * ux + (agent.y - at[1]) * uy;
  const side = along < 0 ? -1 : 1;
  const depth = OFF_EDGE_M + 0.35 * (agent.id % 4);
  return [
    at[0] + side * ux * ASIDE_M + inward[0] * depth,
    at[1] + side * uy * ASIDE_M + inward[1] * depth,
  ];
}
