import type {
  AreaKind,
  AreaRow,
  CameraRow,
  ClosedWindow,
  FlowRow,
  JourneyRow,
  LateFrame,
  LineRow,
  WindowKey,
} from '@hitonami/crowd';
import { HitonamiError } from '@hitonami/model';
import { NativeBlock } from './native.js';
import { expiry, type RetentionOrKeep } from './retention.js';

export interface InsertOptions {
  retention: RetentionOrKeep;
  /** Kind of every area, from the site plan: it decides the level of service. */
  areaKinds: ReadonlyMap<string, AreaKind>;
  /** Written instead of the rows' own where given. */
  generation?: number;
}

/** The rows of one table, ready to be sent. */
export interface TableBlock {
  table: string;
  block: NativeBlock;
}

/** All rows of the windows: one block per table, tables without rows left out. The same rows give the same bytes. */
export function encodeWindows(
  windows: readonly ClosedWindow[],
  options: InsertOptions,
): TableBlock[] {
  return [
    areas(
      windows.flatMap((window) => window.areas),
      options,
    ),
    lines(
      windows.flatMap((window) => window.lines),
      options,
    ),
    flows(
      windows.flatMap((window) => window.flows),
      options,
    ),
    journeys(
      windows.flatMap((window) => window.journeys),
      options,
    ),
    cameras(
      windows.flatMap((window) => window.cameras),
      options,
    ),
    legs(windows, options),
    positions(windows, options),
  ].filter(({ block }) => block.rows > 0);
}

/** A row by its number; the blocks ask only for numbers below their count. */
function at<T>(rows: readonly T[]): (row: number) => T {
  return (row) => {
    const found = rows[row];
    if (found === undefined) throw new RangeError(`no row ${row} of ${rows.length}`);
    return found;
  };
}

/** A window's length, s. */
function lengthS(key: WindowKey): number {
  if (key.lengthUs <= 0 || key.lengthUs % 1e6 !== 0) {
    throw new HitonamiError(
      'INPUT',
      `a window of ${key.lengthUs} µs is not a whole number of seconds`,
    );
  }
  return key.lengthUs / 1e6;
}

/** The columns that every measure has. */
function measured(rows: readonly WindowKey[], options: InsertOptions): NativeBlock {
  const row = at(rows);
  const expires = expiry(options.retention, 'measuresDays');
  return new NativeBlock(rows.length)
    .text('site', (i) => row(i).site)
    .u32('length_s', (i) => lengthS(row(i)))
    .timeUs('start', (i) => row(i).startUs)
    .u32('generation', (i) => options.generation ?? row(i).generation)
    .u32('expires_at', (i) => expires(row(i).startUs + row(i).lengthUs), 'DateTime');
}

function areas(rows: readonly AreaRow[], options: InsertOptions): TableBlock {
  const row = at(rows);
  const kindOf = (area: string): AreaKind => {
    const kind = options.areaKinds.get(area);
    if (kind !== undefined) return kind;
    throw new HitonamiError('PLAN', `area ${area} has no kind: give it one in areaKinds`);
  };
  const block = measured(rows, options)
    .text('area', (i) => row(i).area)
    .text('kind', (i) => kindOf(row(i).area))
    .i64('area_dm2', (i) => row(i).areaDm2)
    .i64('person_us', (i) => row(i).personUs)
    .i64('observed_dm2_us', (i) => row(i).observedDm2Us)
    .u32('people_max', (i) => row(i).peopleMax)
    .i64('speed_mm_us', (i) => row(i).speedMmUs)
    .i64('saturation_dm2_us', (i) => row(i).saturationDm2Us)
    .i64('doubtful_dm2_us', (i) => row(i).doubtfulDm2Us)
    .i64('peak_samples', (i) => row(i).peakSamples)
    .i64('peak_per_1000_m2', (i) => row(i).peakPer1000M2)
    .i64('pressure_samples', (i) => row(i).pressureSamples)
    .i64('pressure_micro_sum', (i) => row(i).pressureMicroSum)
    .i64('pressure_micro_max', (i) => row(i).pressureMicroMax);
  return { table: 'area_measures', block };
}

function lines(rows: readonly LineRow[], options: InsertOptions): TableBlock {
  const row = at(rows);
  const block = measured(rows, options)
    .text('line', (i) => row(i).line)
    .i64('forward', (i) => row(i).forward)
    .i64('backward', (i) => row(i).backward)
    .i64('observed_us', (i) => row(i).observedUs)
    .i64('doubtful_us', (i) => row(i).doubtfulUs);
  return { table: 'line_measures', block };
}

function flows(rows: readonly FlowRow[], options: InsertOptions): TableBlock {
  const row = at(rows);
  const block = measured(rows, options)
    .text('from_place', (i) => row(i).fromPlace)
    .text('to_place', (i) => row(i).toPlace)
    .i64('legs', (i) => row(i).legs)
    .i64('inside_us', (i) => row(i).insideUs)
    .i64('joined', (i) => row(i).joined)
    .i64('confidence_permille', (i) => row(i).confidencePermille);
  return { table: 'flow_measures', block };
}

function journeys(rows: readonly JourneyRow[], options: InsertOptions): TableBlock {
  const row = at(rows);
  const block = measured(rows, options)
    .text('from_place', (i) => row(i).fromPlace)
    .text('to_place', (i) => row(i).toPlace)
    .i64('journeys', (i) => row(i).journeys)
    .i64('travel_us', (i) => row(i).travelUs)
    .i64('joined', (i) => row(i).joined)
    .i64('confidence_permille', (i) => row(i).confidencePermille);
  return { table: 'journey_measures', block };
}

function cameras(rows: readonly CameraRow[], options: InsertOptions): TableBlock {
  const row = at(rows);
  const block = measured(rows, options)
    .text('camera', (i) => row(i).camera)
    .i64('frames', (i) => row(i).frames)
    .i64('observed_us', (i) => row(i).observedUs)
    .i64('blind_us', (i) => row(i).blindUs)
    .i64('person_us', (i) => row(i).personUs)
    .i64('saturation_us', (i) => row(i).saturationUs)
    .i64('renewed', (i) => row(i).renewed)
    .i64('moved_since_us', (i) => row(i).movedSinceUs);
  return { table: 'camera_measures', block };
}

function legs(windows: readonly ClosedWindow[], options: InsertOptions): TableBlock {
  const ends: number[] = [];
  const rows = windows.flatMap((window) => {
    for (let i = 0; i < window.legs.length; i += 1) ends.push(window.startUs + window.lengthUs);
    return window.legs;
  });
  const row = at(rows);
  const expires = expiry(options.retention, 'flowLegsDays');
  const block = new NativeBlock(rows.length)
    .text('site', (i) => row(i).site)
    .u64(
      'track',
      (i) => row(i).trackHi,
      (i) => row(i).trackLo,
    )
    .text('from_place', (i) => row(i).fromPlace)
    .text('to_place', (i) => row(i).toPlace)
    .timeUs('left', (i) => row(i).leftUs)
    .timeUs('reached', (i) => row(i).reachedUs)
    .i64('inside_us', (i) => row(i).insideUs)
    .u32('joins', (i) => row(i).joins)
    .u32('confidence_permille', (i) => row(i).confidencePermille)
    .u32('nth', (i) => row(i).nth)
    .u32('expires_at', (i) => expires(ends[i] ?? 0), 'DateTime');
  return { table: 'flow_legs', block };
}

/**
 * Positions of all windows in one block: their columns are joined, not walked row by row where it can be helped. Without
 * their velocities, which would help to rebuild paths.
 */
function positions(windows: readonly ClosedWindow[], options: InsertOptions): TableBlock {
  const count = windows.reduce((sum, window) => sum + window.positions.count, 0);
  const captured = new Float64Array(count);
  const expiresS = new Uint32Array(count);
  const kinds = new Uint8Array(count);
  const columns = { xMm: new Int32Array(count), yMm: new Int32Array(count) };
  const sites: string[] = [];
  const floors: string[] = [];
  const expires = expiry(options.retention, 'positionsHours');
  let from = 0;
  for (const { site, startUs, lengthUs, positions: source } of windows) {
    captured.set(source.capturedUs.subarray(0, source.count), from);
    kinds.set(source.kind.subarray(0, source.count), from);
    for (const name of ['xMm', 'yMm'] as const) {
      columns[name].set(source[name].subarray(0, source.count), from);
    }
    expiresS.fill(expires(startUs + lengthUs), from, from + source.count);
    for (let i = 0; i < source.count; i += 1) {
      sites.push(site);
      floors.push(source.floors[source.floor[i] ?? -1] ?? unknownFloor(source.floor[i]));
    }
    from += source.count;
  }
  const block = new NativeBlock(count)
    .text('site', at(sites))
    .timeUs('captured', (i) => captured[i] ?? 0)
    .text('floor', at(floors))
    .i32('x_mm', columns.xMm)
    .i32('y_mm', columns.yMm)
    .u8('kind', (i) => kinds[i] ?? 0)
    .u32('expires_at', (i) => expiresS[i] ?? 0, 'DateTime');
  return { table: 'positions', block };
}

function unknownFloor(index: number | undefined): never {
  throw new HitonamiError(
    'INPUT',
    `a position is on floor number ${String(index)}, which the window does not name`,
  );
}

/** Frames that came too late to be folded. */
export function encodeLateFrames(
  frames: readonly LateFrame[],
  retention: RetentionOrKeep,
): TableBlock {
  const row = at(frames);
  const expires = expiry(retention, 'measuresDays');
  const block = new NativeBlock(frames.length)
    .text('site', (i) => row(i).site)
    .text('camera', (i) => row(i).camera)
    .u64(
      'session',
      (i) => row(i).sessionHi,
      (i) => row(i).sessionLo,
    )
    .i64('sequence', (i) => row(i).sequence)
    .timeUs('captured', (i) => row(i).capturedUs)
    .i64('late_us', (i) => row(i).lateUs)
    .u32('expires_at', (i) => expires(row(i).capturedUs), 'DateTime');
  return { table: 'late_frames', block };
}
