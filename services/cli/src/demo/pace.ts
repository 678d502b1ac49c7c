import { FRAMES_PER_S } from '../scenario/film-scenario.js';

/** Every how many instants of the crowd a camera may take a picture: from 5 frames a second to 1. */
const PACES = [1, 2, 3, 5] as const;
export type Pace = (typeof PACES)[number];

/** Share of the time that drawing may take: detection and all the rest run on the same cores. */
const DRAWING_SHARE_MAX = 0.55;
/** Share of the pictures of a pace that must have become positions, or it is too fast for the machine. */
const PROCESSED_SHARE_MIN = 0.85;

/** The fastest pace for a machine that draws one picture of every camera in so many milliseconds. */
export function paceFor(roundMs: number): Pace {
  const instantMs = 1000 / FRAMES_PER_S;
  const fits = PACES.find((pace) => roundMs <= DRAWING_SHARE_MAX * pace * instantMs);
  return fits ?? slowest();
}

/** The pace to go on with when so many pictures became positions in a time in which so many should have. */
export function paceAfter(pace: Pace, processed: number, due: number): Pace {
  if (processed >= PROCESSED_SHARE_MIN * due) return pace;
  return PACES[PACES.indexOf(pace) + 1] ?? pace;
}

/** Frames a second of each camera. */
export function framesPerSAt(pace: Pace): number {
  return FRAMES_PER_S / pace;
}

/** What a newcomer should know of a pace; empty where nothing is amiss. */
export function warningAt(pace: Pace): string {
  if (framesPerSAt(pace) >= 2.5) return '';
  const less = 'This machine is too slow, or too busy, for more pictures';
  return pace === slowest()
    ? `${less}, perhaps even for these: most who walk are lost between two, and numbers come out low.`
    : `${less}: some who walk are lost between two, and numbers come out low.`;
}

function slowest(): Pace {
  return PACES[PACES.length - 1] as Pace;
}
