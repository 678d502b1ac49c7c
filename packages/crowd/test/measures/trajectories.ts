import { Trajectories } from '../../src/index.js';

/** Where somebody is at a time (s), undefined where unseen. */
export type Path = (atS: number) => readonly [x: number, y: number] | undefined;

/** What a camera that sees everybody would record of some paths; the index of a path is the person's id. */
export function record(paths: readonly Path[], seconds: number, framesPerS = 10): Trajectories {
  const rows: [person: number, frame: number, x: number, y: number][] = [];
  for (let frame = 0; frame < seconds * framesPerS; frame++) {
    paths.forEach((path, person) => {
      const at = path(frame / framesPerS);
      if (at !== undefined) rows.push([person, frame, at[0], at[1]]);
    });
  }
  const column = (i: 0 | 1 | 2 | 3): number[] => rows.map((row) => row[i]);
  return new Trajectories(
    { person: column(0), frame: column(1), x: column(2), y: column(3) },
    framesPerS,
  );
}

/** Straight from point to point at the given times; unseen before the first and after the last. */
export function walk(...stops: readonly [atS: number, x: number, y: number][]): Path {
  return (atS) => {
    for (let i = 1; i < stops.length; i++) {
      const [t0, x0, y0] = stops[i - 1] as [number, number, number];
      const [t1, x1, y1] = stops[i] as [number, number, number];
      if (atS < t0 || atS > t1) continue;
      const share = t1 === t0 ? 0 : (atS - t0) / (t1 - t0);
      return [x0 + share * (x1 - x0), y0 + share * (y1 - y0)];
    }
    return undefined;
  };
}
