/** x east, y north of the floor's origin, metres. */
export type Point = readonly [x: number, y: number];
