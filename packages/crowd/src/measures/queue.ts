import type { Point } from '@hitonami/model';
import type { MeasuredArea } from './area.js';
import { queueDistances } from './queue-chain.js';
import type { Series, Trajectories } from './trajectories.js';

/** Who queues is slower than this, m/s: a third of free walking. */
export const QUEUE_SPEED_M_S = 0.5;
/**
 * Who queues is at most this far from the next, m. Beyond an average spacing of 1.2 m Fruin's queue level A has people
 * walk through between those who stand: that is no queue any more (Pedestrian Planning and Design, ch. 4).
 */
export const QUEUE_LINK_M = 1.2;
/** Someone who moves up, or before whom a gap opens, is still in the queue for this long, s. */
export const QUEUE_GRACE_S = 2;
/** Shorter visits are of people who only passed, s. */
export const QUEUE_VISIT_MIN_S = 1;

export interface QueueOptions {
  speedMS?: number;
  linkM?: number;
  graceS?: number;
  visitMinS?: number;
}

/** One time that one person queued. */
export interface QueueVisit {
  person: number;
  joinedFrame: number;
  /** First frame after the last one in the queue. */
  leftFrame: number;
  /** Waiting time: from joining until leaving, the person's own service included, s. */
  waitS: number;
  /**
   * `served`: left from within a link of a server point. `left`: gave up, or the queue has no server points. `unseen`: the
   * trajectory or the recording ended first, so the wait was longer.
   */
  end: 'served' | 'left' | 'unseen';
}

export interface QueueReport {
  visits: QueueVisit[];
  /** People in the queue in each frame: its length in persons. */
  people: Series;
  /**
   * Length of the queue in each frame, m: the longest of the ways from a server point to those who queue, from person to
   * person. Lanes of a snake that lie nearer than a link are short-cut. 0 for nobody, NaN without server points.
   */
  lengthM: Series;
}

/**
 * Queue length and waiting time in an area of kind `queue`.
 *
 * In the queue is who is in the area, slower than 0.5 m/s, and connected to a server point: within 1.2 m of it, or of
 * somebody who is connected. Moving up (faster for at most 2 s) and gaps that close again do not end a wait. Without
 * server points everybody slow in the area queues.
 *
 * Since people and waits are counted from the same visits, Little's law holds exactly: the integral over time of the people
 * in the queue is the sum of the waits. The definition is hitonami's own: neither PedPy nor Fruin has one for trajectories;
 * the link is from Fruin.
 *
 * @param speed m/s for every row of the trajectories, NaN (not known) is not slow
 * @param servers where the queue is served: gates, tills, doors; metres
 */
export function measureQueue(
  trajectories: Trajectories,
  speed: Float64Array,
  area: MeasuredArea,
  servers: readonly Point[],
  options: QueueOptions = {},
): QueueReport {
  const { visitMinS = QUEUE_VISIT_MIN_S } = options;
  const { framesPerS, firstFrame } = trajectories;
  const { visits: all, distanceM } = followQueue(trajectories, speed, area, servers, options);
  const visits = all.filter(({ waitS }) => waitS >= visitMinS);
  const people = trajectories.series(() => 0);
  const lengthM = trajectories.series(() => (servers.length === 0 ? NaN : 0));
  for (const { joinedFrame, leftFrame, rows } of visits) {
    for (let at = joinedFrame - firstFrame; at < leftFrame - firstFrame; at++)
      people.values[at] = (people.values[at] as number) + 1;
    for (const row of rows) {
      const at = (trajectories.frame[row] as number) - firstFrame;
      lengthM.values[at] = Math.max(lengthM.values[at] as number, distanceM[row] as number);
    }
  }
  return {
    visits: visits
      .map(({ person, joinedFrame, leftFrame, end }) => ({
        person,
        joinedFrame,
        leftFrame,
        waitS: (leftFrame - joinedFrame) / framesPerS,
        end,
      }))
      .sort((a, b) => a.joinedFrame - b.joinedFrame || a.person - b.person),
    people,
    lengthM,
  };
}

/**
 * How long somebody who joins now will wait, s, by Little's law L = λ W: the people in the queue over the rate at which they
 * are served. Infinity where nobody is served.
 */
export function expectedWait(people: number, servedPerS: number): number {
  return people === 0 ? 0 : people / servedPerS;
}

interface OpenVisit {
  joinedFrame: number;
  lastFrame: number;
  /** The rows in which the person was slow and connected. */
  rows: number[];
}

interface FollowedVisit extends QueueVisit {
  rows: readonly number[];
}

function followQueue(
  trajectories: Trajectories,
  speed: Float64Array,
  area: MeasuredArea,
  servers: readonly Point[],
  { speedMS = QUEUE_SPEED_M_S, linkM = QUEUE_LINK_M, graceS = QUEUE_GRACE_S }: QueueOptions,
): { visits: FollowedVisit[]; distanceM: Float64Array } {
  const { x, y, person, framesPerS, length } = trajectories;
  const graceFrames = graceS * framesPerS;
  const distanceM = new Float64Array(length).fill(NaN);
  const open = new Map<number, OpenVisit>();
  const visits: FollowedVisit[] = [];
  const close = (who: number, visit: OpenVisit): void => {
    open.delete(who);
    const { joinedFrame, lastFrame, rows } = visit;
    const leftFrame = lastFrame + 1;
    const lastRow = trajectories.lastRowOf(who);
    const last = rows.at(-1) as number;
    const isServed = servers.some(
      ([sx, sy]) => Math.hypot((x[last] as number) - sx, (y[last] as number) - sy) <= linkM,
    );
    const isOver = lastFrame === trajectories.lastFrame;
    const isLost = (trajectories.frame[lastRow] as number) - lastFrame <= graceFrames;
    visits.push({
      person: who,
      joinedFrame,
      leftFrame,
      waitS: (leftFrame - joinedFrame) / framesPerS,
      end: isOver ? 'unseen' : isServed ? 'served' : isLost ? 'unseen' : 'left',
      rows,
    });
  };
  for (let frame = trajectories.firstFrame; frame <= trajectories.lastFrame; frame++) {
    for (const [who, visit] of open) {
      if (frame - visit.lastFrame > graceFrames) close(who, visit);
    }
    const rows = trajectories.rowsOf(frame).filter((row) => {
      const isStill = (speed[row] as number) < speedMS || open.has(person[row] as number);
      return isStill && area.contains(x[row] as number, y[row] as number);
    });
    const distances = queueDistances(trajectories, rows, servers, linkM);
    rows.forEach((row, i) => {
      const distance = distances[i] as number;
      if (!((speed[row] as number) < speedMS) || distance === Infinity) return;
      distanceM[row] = distance;
      const who = person[row] as number;
      const visit = open.get(who) ?? { joinedFrame: frame, lastFrame: frame, rows: [] };
      visit.lastFrame = frame;
      visit.rows.push(row);
      open.set(who, visit);
    });
  }
  for (const [who, visit] of open) close(who, visit);
  return { visits, distanceM };
}
