import type { Point } from '@hitonami/model';
import type { World } from '@hitonami/simulator';

/** A stretch of the floor's edge, the floor on its left: what stands there. */
export interface Stretch {
  readonly kind: 'wall' | 'door' | 'platform';
  readonly id?: string;
  readonly from: Point;
  readonly to: Point;
}

/** How near to an edge a door or platform must lie to be part of it, metres. */
const NEAR_M = 0.06;
/** Shorter stretches are nothing, metres. */
const SHORT_M = 0.02;

/** Cuts the edges of a ring (counter-clockwise, open) into walls, doors and platform edges. */
export function stretchesOf(ring: readonly Point[], world: World): Stretch[] {
  const openings = [
    ...world.doors.map(({ id, from, to }) => ({
      kind: 'door' as const,
      id,
      ends: [from, to] as const,
    })),
    ...world.platforms.map(({ id, edge }) => ({ kind: 'platform' as const, id, ends: edge })),
  ];
  return ring.flatMap((from, i) => {
    const to = ring[(i + 1) % ring.length] ?? from;
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    if (length < SHORT_M) return [];
    const [ux, uy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
    const along = ([x, y]: Point): number => (x - from[0]) * ux + (y - from[1]) * uy;
    const off = ([x, y]: Point): number => Math.abs((x - from[0]) * uy - (y - from[1]) * ux);
    const at = (distance: number): Point => [from[0] + ux * distance, from[1] + uy * distance];
    const spans = openings
      .filter(({ ends }) => off(ends[0]) < NEAR_M && off(ends[1]) < NEAR_M)
      .map(({ kind, id, ends }) => {
        const [a, b] = [along(ends[0]), along(ends[1])];
        return {
          kind,
          id,
          from: Math.max(0, Math.min(a, b)),
          to: Math.min(length, Math.max(a, b)),
        };
      })
      .filter((span) => span.to - span.from > SHORT_M)
      .sort((a, b) => a.from - b.from);
    const stretches: Stretch[] = [];
    let done = 0;
    for (const span of spans) {
      if (span.from - done > SHORT_M)
        stretches.push({ kind: 'wall', from: at(done), to: at(span.from) });
      stretches.push({ kind: span.kind, id: span.id, from: at(span.from), to: at(span.to) });
      done = Math.max(done, span.to);
    }
    if (length - done > SHORT_M) stretches.push({ kind: 'wall', from: at(done), to });
    return stretches;
  });
}
