import type { Point, SitePlan } from '@hitonami/model';
import { crossings, type Crossing } from './crossings.js';
import { Grid, cellsWithin } from './grid.js';
import { HeatMap, highestLocalDensity, type DensestSpot } from './heat-map.js';
import { MeasuredArea } from './area.js';
import { mean } from './columns.js';
import { framesByLevel } from './level-of-service.js';
import { legsBetween, originDestination, placesVisited } from './origin-destination.js';
import { measureQueue, type QueueReport } from './queue.js';
import { classicDensitySeries, individualVelocities, meanSpeedSeries } from './speed.js';
import { stays, type Stay } from './stays.js';
import { stopAndGo, type StopAndGo } from './stop-and-go.js';
import type { LevelOfService } from '../los.js';
import type { Series, Trajectories } from './trajectories.js';

/** What a recording says of one area of the plan. */
export interface RecordedArea {
  area: string;
  /** Classic density of every frame, persons/m². */
  density: Series;
  framesByLevel: Record<LevelOfService, number>;
  /** The densest 1.5 m × 1.5 m of each frame's; the worst of all frames. */
  densest: (DensestSpot & { frame: number }) | undefined;
  /** Mean over the frames of the mean speed of those inside, m/s; NaN where nobody ever was. */
  meanSpeed: number;
  stays: Stay[];
  stopAndGo: StopAndGo;
  /** Of an area of kind `queue` only. */
  queue: QueueReport | undefined;
}

export interface RecordedLine {
  line: string;
  crossings: Crossing[];
}

/** What a recording says of a floor. */
export interface Recording {
  areas: RecordedArea[];
  lines: RecordedLine[];
  /** Ids of the areas: rows and columns of the matrices. */
  places: string[];
  originDestination: Int32Array;
  legs: Int32Array;
  /** Mean density on a grid of 0.5 m over all areas of the floor; undefined for a floor without areas. */
  heatMap: HeatMap | undefined;
}

export interface RecordingOptions {
  /** Frames before and after a position that its speed is taken over; half a second to each side where not given. */
  frameStep?: number;
  /** Where the queue of an area is served, by the area's id; metres. */
  servers?: Readonly<Record<string, readonly Point[]>>;
}

/**
 * All measures of one floor of a plan over a whole recording: a simulation's truth, a laboratory run, or the tracks of a
 * replay. For reports and tests; the live numbers come from `SiteStream`, which says the same of the same people.
 */
export function measureRecording(
  plan: SitePlan,
  floor: string,
  trajectories: Trajectories,
  options: RecordingOptions = {},
): Recording {
  const { frameStep = Math.max(1, Math.round(trajectories.framesPerS / 2)), servers = {} } =
    options;
  const velocities = individualVelocities(trajectories, frameStep);
  const planned = plan.areas.filter((area) => area.floor === floor);
  const measured = planned.map((area) => new MeasuredArea(area.polygon.coordinates));
  const visited = placesVisited(trajectories, measured);
  return {
    areas: planned.map(({ id, kind }, i) => {
      const area = measured[i] as MeasuredArea;
      const density = classicDensitySeries(trajectories, area);
      const speeds = meanSpeedSeries(trajectories, velocities, area);
      return {
        area: id,
        density,
        framesByLevel: framesByLevel(kind, density),
        densest: densestOf(trajectories, area),
        meanSpeed: mean([...speeds.values]),
        stays: stays(trajectories, area),
        stopAndGo: stopAndGo(trajectories, velocities.speed, area),
        queue:
          kind === 'queue'
            ? measureQueue(trajectories, velocities.speed, area, servers[id] ?? [])
            : undefined,
      };
    }),
    lines: plan.lines
      .filter((line) => line.floor === floor)
      .map(({ id, line }) => ({ line: id, crossings: crossings(trajectories, line.coordinates) })),
    places: planned.map(({ id }) => id),
    originDestination: originDestination(visited, planned.length),
    legs: legsBetween(visited, planned.length),
    heatMap: heatMapOf(trajectories, measured),
  };
}

function densestOf(
  trajectories: Trajectories,
  area: MeasuredArea,
): (DensestSpot & { frame: number }) | undefined {
  const grid = Grid.over(area.polygon);
  const walkable = cellsWithin(grid, area.polygon);
  const people = new Float64Array(grid.cells);
  let densest: (DensestSpot & { frame: number }) | undefined;
  for (let frame = trajectories.firstFrame; frame <= trajectories.lastFrame; frame++) {
    people.fill(0);
    const { count, x, y } = trajectories.at(frame);
    for (let i = 0; i < count; i++) {
      const [px, py] = [x[i] as number, y[i] as number];
      const cell = area.contains(px, py) ? grid.cellOf(px, py) : -1;
      if (cell >= 0) people[cell] = (people[cell] as number) + 1;
    }
    const spot = highestLocalDensity(grid, people, walkable);
    if (spot !== undefined && spot.density > (densest?.density ?? -1)) densest = { ...spot, frame };
  }
  return densest;
}

function heatMapOf(
  trajectories: Trajectories,
  areas: readonly MeasuredArea[],
): HeatMap | undefined {
  if (areas.length === 0) return undefined;
  const [west, south] = [
    Math.min(...areas.map((a) => a.minX)),
    Math.min(...areas.map((a) => a.minY)),
  ];
  const [east, north] = [
    Math.max(...areas.map((a) => a.maxX)),
    Math.max(...areas.map((a) => a.maxY)),
  ];
  const corners: Point[] = [
    [west, south],
    [east, north],
  ];
  const heat = new HeatMap(Grid.over([corners]));
  for (let frame = trajectories.firstFrame; frame <= trajectories.lastFrame; frame++)
    heat.add(trajectories.at(frame), 1 / trajectories.framesPerS);
  return heat;
}
