import { polygonContains, type SitePlan } from '@hitonami/model';
import { distanceM, type Gate } from '@hitonami/privacy';

/** A count line so near to a gate counts those who pass it, m. */
const AT_GATE_M = 1;

/** The ticket gates of a plan, floors by their place in it. */
export function gatesOf(plan: SitePlan): Gate[] {
  return plan.ticketGates.map(({ floor, line }) => ({
    floor: plan.floors.findIndex(({ id }) => id === floor),
    line: line.coordinates,
  }));
}

/** Of each gate: the areas that its middle lies in, and the lines that lie at it. */
export function placesOfGates(plan: SitePlan): string[][] {
  return plan.ticketGates.map(({ floor, line: { coordinates } }) => {
    const [[ax, ay], [bx, by]] = coordinates;
    const [x, y] = [(ax + bx) / 2, (ay + by) / 2];
    const areas = plan.areas.filter(
      (area) => area.floor === floor && polygonContains(area.polygon.coordinates, x, y),
    );
    const lines = plan.lines.filter(
      (line) => line.floor === floor && distanceM(line.line.coordinates, x, y) <= AT_GATE_M,
    );
    return [...areas, ...lines].map(({ id }) => id);
  });
}
