import type {
  AreaKind,
  AreaRow,
  CameraRow,
  FlowRow,
  JourneyRow,
  LevelOfService,
  LineRow,
  WindowKey,
} from '@hitonami/crowd';

/** What a row of every read view has. */
export interface MeasureKey {
  site: string;
  startUs: number;
  lengthS: number;
  generation: number;
}

/** What a view says: the row that the aggregator wrote, under the reader's key, and what follows from it. */
type Read<Row extends WindowKey> = MeasureKey & Omit<Row, keyof WindowKey>;

/** A row of `area_measures_read`. Null where nothing is known. */
export interface AreaMeasure extends Read<AreaRow> {
  kind: AreaKind;
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
  /** Share of what was observed that cameras saw which were probably moved. */
  doubtful: number | null;
  /** Highest local density, persons/m². */
  peakDensity: number | null;
  /** Crowd pressure, 1/s²: mean and maximum of its highest value; null where no spot was dense enough to have one. */
  pressure: number | null;
  pressureMax: number | null;
}

/** A row of `line_measures_read`. */
export interface LineMeasure extends Read<LineRow> {
  /** Persons/min over the time observed. */
  forwardPerMin: number | null;
  backwardPerMin: number | null;
  coverage: number;
  /** Share of the time observed in which its camera was probably moved. */
  doubtful: number | null;
}

/** A row of `flow_measures_read`. */
export interface FlowMeasure extends Read<FlowRow> {
  meanInsideS: number | null;
  /** Share of the legs that lead over a join of tracks. */
  joinedShare: number | null;
  /** Mean of how sure the joins on the way are, 0 to 1; 1 for a leg without. */
  meanConfidence: number | null;
}

/** A row of `journey_measures_read`: from the first place that people were seen in to the last. */
export interface JourneyMeasure extends Read<JourneyRow> {
  meanTravelS: number | null;
  joinedShare: number | null;
  meanConfidence: number | null;
}

/** A row of `camera_measures_read`. */
export interface CameraMeasure extends Read<CameraRow> {
  people: number | null;
  coverage: number;
  saturation: number | null;
  /** Since when it was probably moved, `YYYY-MM-DD hh:mm:ss.ffffff` UTC. */
  movedSince: string | null;
}

/** Rows of the five read views, each by subject and start: two runs can be compared with `deepEqual`. */
export interface Measures {
  areas: AreaMeasure[];
  lines: LineMeasure[];
  flows: FlowMeasure[];
  journeys: JourneyMeasure[];
  cameras: CameraMeasure[];
}

export interface MeasureRange {
  lengthS: number;
  /** Windows that start at or after it. */
  fromUs?: number;
  /** Windows that start before it. */
  toUs?: number;
}
