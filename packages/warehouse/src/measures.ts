import type { AreaKind, LevelOfService } from '@hitonami/crowd';

/** What a row of every read view has. */
export interface MeasureKey {
  site: string;
  startUs: number;
  lengthS: number;
  generation: number;
}

/** A row of `area_measures_read`. Null where nothing is known. */
export interface AreaMeasure extends MeasureKey {
  area: string;
  kind: AreaKind;
  areaDm2: number;
  personUs: number;
  observedDm2Us: number;
  peopleMax: number;
  speedMmUs: number;
  saturationDm2Us: number;
  areaM2: number;
  /** Persons/m². */
  density: number | null;
  /** Mean persons in the area: density × area. */
  occupancy: number | null;
  occupancyMax: number | null;
  los: LevelOfService | null;
  meanSpeedMS: number | null;
  coverage: number | null;
  saturation: number | null;
}

/** A row of `line_measures_read`. */
export interface LineMeasure extends MeasureKey {
  line: string;
  forward: number;
  backward: number;
  observedUs: number;
  /** Persons/min over the time observed. */
  forwardPerMin: number | null;
  backwardPerMin: number | null;
  coverage: number;
}

/** A row of `flow_measures_read`. */
export interface FlowMeasure extends MeasureKey {
  fromPlace: string;
  toPlace: string;
  legs: number;
  insideUs: number;
  meanInsideS: number | null;
}

/** A row of `camera_measures_read`. */
export interface CameraMeasure extends MeasureKey {
  camera: string;
  frames: number;
  observedUs: number;
  blindUs: number;
  personUs: number;
  saturationUs: number;
  renewed: number;
  people: number | null;
  coverage: number;
  saturation: number | null;
}

/** Rows of the four read views, each by subject and start: two runs can be compared with `deepEqual`. */
export interface Measures {
  areas: AreaMeasure[];
  lines: LineMeasure[];
  flows: FlowMeasure[];
  cameras: CameraMeasure[];
}

export interface MeasureRange {
  lengthS: number;
  /** Windows that start at or after it. */
  fromUs?: number;
  /** Windows that start before it. */
  toUs?: number;
}
