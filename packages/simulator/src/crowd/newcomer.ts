import type { PersonKind } from '../person.js';
import type { Random } from '../random.js';
import type { Demand } from '../scenario.js';
import type { Agent } from './agent.js';

/** Free walking speed, m/s: mean and standard deviation (Weidmann, Transporttechnik der Fussgänger, 1993), and limits. */
const SPEED = { mean: 1.34, sd: 0.26, least: 0.7, most: 2 } as const;
/** Those with something on wheels are slower, by this share. */
const PACE: Readonly<Record<PersonKind, number>> = {
  walker: 1,
  pushchair: 0.85,
  wheelchair: 0.8,
  bicycle: 0.9,
};
/** Radius of the body for contact, metres: a walker's is half its depth and half its width, in the mean. */
const BODY = { mean: 0.198, sd: 0.01, least: 0.18, most: 0.22 } as const;
const WIDE_BODY_M = 0.36;
/** Stature in shoes, metres; a small share are children. */
const ADULT = { mean: 1.67, sd: 0.09, least: 1.42, most: 1.95 } as const;
const CHILD = { mean: 1.25, sd: 0.1, least: 1.02, most: 1.41 } as const;
const CHILD_SHARE = 0.04;
/** When someone who stops does so after coming in, and for how long, seconds. */
const PAUSE_AFTER_S = [3, 15] as const;
const PAUSE_S = [4, 20] as const;
/** Time until someone reacts to an alarm, seconds: median and spread of a log-normal, cut. */
const ALARM_MEDIAN_S = 6;
const ALARM_SPREAD = 0.7;
const ALARM_MAX_S = 40;

const KINDS = ['walker', 'pushchair', 'wheelchair', 'bicycle'] as const;

/** Someone new, who has not yet decided anything. */
export function newcomer(
  id: number,
  x: number,
  y: number,
  timeS: number,
  demand: Demand,
  random: Random,
): Agent {
  const { pushchair, wheelchair, bicycle } = demand.kinds;
  const others = [pushchair, wheelchair, bicycle];
  const walkers = 1 - others.reduce((sum, share) => sum + share, 0);
  const kind = KINDS[random.weighted([walkers, ...others])] ?? 'walker';
  const isChild = kind === 'walker' && random.between(0, 1) < CHILD_SHARE;
  const speed = draw(random, SPEED);
  const body = draw(random, BODY);
  const statureM = draw(random, isChild ? CHILD : ADULT);
  const isPausing = random.between(0, 1) < demand.pauseShare;
  const pauseFromS = timeS + random.between(...PAUSE_AFTER_S);
  const pauseToS = pauseFromS + random.between(...PAUSE_S);
  const delay = Math.exp(random.normal(0, ALARM_SPREAD, -3, 3)) * ALARM_MEDIAN_S;
  return {
    id,
    x,
    y,
    vx: 0,
    vy: 0,
    headingRad: random.between(-Math.PI, Math.PI),
    kind,
    statureM,
    bodyM: kind === 'walker' ? body : WIDE_BODY_M,
    freeSpeed: speed * PACE[kind],
    stages: [],
    dirX: 0,
    dirY: 0,
    speed: 0,
    mate: undefined,
    pauseFromS: isPausing ? pauseFromS : Infinity,
    pauseToS: isPausing ? pauseToS : Infinity,
    stuckS: 0,
    alarmS: (demand.evacuation?.atS ?? Infinity) + Math.min(ALARM_MAX_S, delay),
  };
}

function draw(
  random: Random,
  { mean, sd, least, most }: { mean: number; sd: number; least: number; most: number },
): number {
  return random.normal(mean, sd, least, most);
}
