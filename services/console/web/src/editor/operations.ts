/** What can be done to the shapes of a plan. Each returns a new plan, or the same one where it cannot be done. */
import {
  ringsOf,
  withRings,
  type Draft,
  type Point,
  type Polygon,
  type Ring,
  type ShapeList,
  type ShapeRef,
} from './document.js';
import { cornersOf, isClosed, ringOf, roundedPoint } from './geometry.js';

/** One corner of one ring of a shape; for a line ring 0 and corners 0 and 1. */
export interface CornerRef extends ShapeRef {
  ring: number;
  corner: number;
}

const CORNERS_MIN = 3;

function mapRing(plan: Draft, ref: CornerRef, change: (ring: Ring) => Ring): Draft {
  const rings = ringsOf(plan, ref);
  return withRings(
    plan,
    ref,
    rings.map((ring, i) => (i === ref.ring ? change(ring) : ring)),
  );
}

const rewrap = (ring: Ring, corners: Ring): Ring => (isClosed(ring) ? ringOf(corners) : corners);

export function moveCorner(plan: Draft, ref: CornerRef, to: Point): Draft {
  const point = roundedPoint(to);
  return mapRing(plan, ref, (ring) =>
    rewrap(
      ring,
      cornersOf(ring).map((corner, i) => (i === ref.corner ? point : corner)),
    ),
  );
}

/** A new corner after `ref.corner`. A line has two ends and no more. */
export function insertCorner(plan: Draft, ref: CornerRef, at: Point): Draft {
  if (ref.list === 'lines') return plan;
  return mapRing(plan, ref, (ring) =>
    rewrap(ring, cornersOf(ring).toSpliced(ref.corner + 1, 0, roundedPoint(at))),
  );
}

/** A ring keeps three corners; a hole that would have fewer goes. */
export function removeCorner(plan: Draft, ref: CornerRef): Draft {
  if (ref.list === 'lines') return plan;
  const rings = ringsOf(plan, ref);
  const ring = rings[ref.ring];
  if (ring === undefined) return plan;
  if (cornersOf(ring).length > CORNERS_MIN) {
    return mapRing(plan, ref, (r) => rewrap(r, cornersOf(r).toSpliced(ref.corner, 1)));
  }
  return ref.ring === 0 ? plan : withRings(plan, ref, rings.toSpliced(ref.ring, 1));
}

export function moveShape(plan: Draft, ref: ShapeRef, dx: number, dy: number): Draft {
  const moved: Polygon = ringsOf(plan, ref).map((ring) =>
    ring.map(([x, y]) => roundedPoint([x + dx, y + dy])),
  );
  return withRings(plan, ref, moved);
}

/** Takes a line's two directions for each other: its left is `forward`. */
export function turnLine(plan: Draft, ref: ShapeRef): Draft {
  if (ref.list !== 'lines') return plan;
  return withRings(
    plan,
    ref,
    ringsOf(plan, ref).map((ring) => ring.toReversed()),
  );
}

/** A free id: the stem, then the stem with a number. Areas and lines share a space of names, cameras and counters another. */
export function freshId(plan: Draft, list: ShapeList): string {
  const taken = new Set(
    (list === 'cameras'
      ? [...plan.cameras, ...(plan.counters ?? [])]
      : [...plan.areas, ...plan.lines]
    ).map(({ id }) => id),
  );
  const stem = { areas: 'area', lines: 'line', cameras: 'camera' }[list];
  let n = 1;
  while (taken.has(`${stem}-${n}`)) n += 1;
  return `${stem}-${n}`;
}

/** A shape from drawn corners, with a free id and a plain name; undefined where there are too few corners. */
export function addShape(
  plan: Draft,
  list: ShapeList,
  floor: string,
  corners: Ring,
): { plan: Draft; ref: ShapeRef } | undefined {
  const points = corners.map(roundedPoint);
  if (points.length < (list === 'lines' ? 2 : CORNERS_MIN)) return undefined;
  const id = freshId(plan, list);
  const name = { ja: id, en: id };
  const ref = { list, index: plan[list].length };
  switch (list) {
    case 'areas': {
      const polygon = { type: 'Polygon', coordinates: [ringOf(points)] };
      const area = { id, floor, name, kind: 'walkway', polygon };
      return { plan: { ...plan, areas: [...plan.areas, area] }, ref };
    }
    case 'lines': {
      const line = { type: 'LineString', coordinates: points.slice(0, 2) };
      return { plan: { ...plan, lines: [...plan.lines, { id, floor, name, line }] }, ref };
    }
    case 'cameras': {
      const coverage = { type: 'Polygon', coordinates: [ringOf(points)] };
      return { plan: { ...plan, cameras: [...plan.cameras, { id, floor, coverage }] }, ref };
    }
  }
}

export function removeShape(plan: Draft, ref: ShapeRef): Draft {
  const items: readonly unknown[] = plan[ref.list];
  return { ...plan, [ref.list]: items.toSpliced(ref.index, 1) };
}

/** Gives a shape another id; a counter goes along with its line. */
export function renameShape(plan: Draft, ref: ShapeRef, id: string): Draft {
  const items = plan[ref.list];
  const before = items[ref.index]?.id;
  const renamed: Draft = {
    ...plan,
    [ref.list]: items.map((item, i) => (i === ref.index ? { ...item, id } : item)),
  };
  // While two lines have the id, nobody knows whose counter it is.
  const isAlone = plan.lines.filter((line) => line.id === before).length === 1;
  if (ref.list !== 'lines' || plan.counters === undefined || !isAlone) return renamed;
  return {
    ...renamed,
    counters: plan.counters.map((counter) =>
      counter.line === before ? { ...counter, line: id } : counter,
    ),
  };
}

/** Gives an action card another id, also where areas and lines name it. */
export function renameCard(plan: Draft, index: number, id: string): Draft {
  const before = plan.actionCards?.[index]?.id;
  if (before === undefined) return plan;
  const isAlone = plan.actionCards?.filter((card) => card.id === before).length === 1;
  const follow = <T extends { actionCard?: string }>(item: T): T =>
    isAlone && item.actionCard === before ? { ...item, actionCard: id } : item;
  return {
    ...plan,
    actionCards: plan.actionCards?.map((card, i) => (i === index ? { ...card, id } : card)) ?? [],
    areas: plan.areas.map(follow),
    lines: plan.lines.map(follow),
  };
}
