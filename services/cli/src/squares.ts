import { polygonBox, polygonContains, type Polygon } from '@hitonami/model';

/** Squares of so many metres, or larger ones: as many each way at most. */
const STEP_M = 0.25;
const STEPS_MAX = 200;

/** The middles of the squares, m, that a piece of floor is cut into to be looked at place by place. */
export function* squaresOf(polygon: Polygon): Generator<readonly [x: number, y: number]> {
  const { minX, minY, maxX, maxY } = polygonBox(polygon);
  const stepM = Math.max(STEP_M, (maxX - minX) / STEPS_MAX, (maxY - minY) / STEPS_MAX);
  for (let x = minX + stepM / 2; x < maxX; x += stepM) {
    for (let y = minY + stepM / 2; y < maxY; y += stepM) {
      if (polygonContains(polygon, x, y)) yield [x, y];
    }
  }
}
