/** What can be done to the floors of a plan. Each returns a new plan, or the same one where it cannot be done. */
import { SHAPE_LISTS, withValue, type Draft } from './document.js';

/** How many areas, lines and cameras are on a floor. */
export function shapesOn(plan: Draft, floor: string): number {
  return SHAPE_LISTS.reduce(
    (sum, list) => sum + plan[list].filter((shape) => shape.floor === floor).length,
    0,
  );
}

/** An empty floor at the end of the list, with a free id. */
export function addFloor(plan: Draft): { plan: Draft; floor: string } {
  const taken = new Set(plan.floors.map(({ id }) => id));
  let n = plan.floors.length + 1;
  while (taken.has(`floor-${n}`)) n += 1;
  const id = `floor-${n}`;
  return {
    plan: { ...plan, floors: [...plan.floors, { id, name: { ja: id, en: id } }] },
    floor: id,
  };
}

/** Gives a floor another id; all that is on it goes along. */
export function renameFloor(plan: Draft, index: number, id: string): Draft {
  const before = plan.floors[index]?.id;
  const renamed = withValue(plan, ['floors', index, 'id'], id);
  // While two floors have the id, nobody knows which of them a shape is on.
  if (plan.floors.filter((floor) => floor.id === before).length !== 1) return renamed;
  const moved = SHAPE_LISTS.map((list) => [
    list,
    plan[list].map((shape) => (shape.floor === before ? { ...shape, floor: id } : shape)),
  ]);
  return { ...renamed, ...(Object.fromEntries(moved) as Partial<Draft>) };
}

/** A floor goes only when nothing is on it, and never the last. */
export function removeFloor(plan: Draft, index: number): Draft {
  const floor = plan.floors[index];
  if (floor === undefined || plan.floors.length < 2 || shapesOn(plan, floor.id) > 0) return plan;
  return { ...plan, floors: plan.floors.toSpliced(index, 1) };
}
