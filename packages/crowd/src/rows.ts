/**
 * The measures of closed windows, as integers: what the aggregator folds and the warehouse keeps.
 *
 * Sums are kept rather than means, so that a longer window is the plain sum of its shorter ones, and so that the
 * same frames give the same rows, bit for bit. Units: µs = microseconds, dm2 = 0.01 m². All fit a double exactly.
 */
export interface WindowKey {
  site: string;
  /** Start of the half-open window `[start, start + length)`, µs since 1970-01-01T00:00:00Z. */
  startUs: number;
  lengthUs: number;
  /** 0 as first written; an explicit recompute writes a higher one, and reads take the highest. */
  generation: number;
}

/** One area, one window. Present also where nothing was observed: then `observedDm2Us` is 0 and nothing is known. */
export interface AreaRow extends WindowKey {
  area: string;
  /** Size of the area, 0.01 m². */
  areaDm2: number;
  /** Σ persons × time. */
  personUs: number;
  /** Σ observed floor × time; coverage = observedDm2Us ÷ (areaDm2 × lengthUs). */
  observedDm2Us: number;
  /** Most persons in the area at one instant. */
  peopleMax: number;
  /** Σ speed (mm/s) × time over persons; mean speed = speedMmUs ÷ personUs mm/s. */
  speedMmUs: number;
  /** Σ detector saturation (permille) × observed floor × time; mean = saturationDm2Us ÷ observedDm2Us. */
  saturationDm2Us: number;
  /** Part of `observedDm2Us` that cameras saw which were probably moved: not to be trusted. */
  doubtfulDm2Us: number;
  /** Whole seconds at whose beginning any of the area was seen, and its densest spot looked for; 0: it is not known. */
  peakSamples: number;
  /** Highest local density at any of these (`LocalDensity.peak`), persons per 1,000 m². */
  peakPer1000M2: number;
  /** Those at which some spot was dense enough to have a pressure (`LocalDensity.pressure`); 0: there was no such crowd. */
  pressureSamples: number;
  /** Σ highest crowd pressure over these, 10⁻⁶ 1/s²; mean = pressureMicroSum ÷ pressureSamples. */
  pressureMicroSum: number;
  /** Highest crowd pressure at any of these, 10⁻⁶ 1/s². */
  pressureMicroMax: number;
}

/**
 * One count line, one window. The row of a line that a counter reports is given out when the counter has reported past the
 * window's end, with a window that closes then, and may be missing: of a time that it has not reported nothing is known.
 */
export interface LineRow extends WindowKey {
  line: string;
  /** Completed passages towards the left of the line's direction. */
  forward: number;
  /** Completed passages towards its right. */
  backward: number;
  /** Time in which the line's camera or counter observed it; coverage = observedUs ÷ lengthUs. */
  observedUs: number;
  /** Part of `observedUs` in which its camera was probably moved: not to be trusted. */
  doubtfulUs: number;
}

/** Movements from one place (area or line; '' = not seen before) to another ('' = no longer seen), one window. */
export interface FlowRow extends WindowKey {
  fromPlace: string;
  toPlace: string;
  /** Flow legs that ended in the window. */
  legs: number;
  /** Σ time inside `fromPlace` before leaving it. */
  insideUs: number;
  /** Legs that lead over a join of tracks. */
  joined: number;
  /** Σ confidence of the legs, thousandths; 1,000 for a leg without a join. */
  confidencePermille: number;
}

/** Journeys from the first place that a person was seen in to the last (the same where there was but one), one window. */
export interface JourneyRow extends WindowKey {
  fromPlace: string;
  toPlace: string;
  /** Journeys that were found to have ended in the window: nobody went on with them in time. */
  journeys: number;
  /** Σ time from reaching `fromPlace` to last being seen in `toPlace`. */
  travelUs: number;
  /** Journeys that lead over a join of tracks. */
  joined: number;
  /** Σ confidence, thousandths. */
  confidencePermille: number;
}

/** One camera, one window. */
export interface CameraRow extends WindowKey {
  camera: string;
  frames: number;
  observedUs: number;
  blindUs: number;
  /** Σ persons seen × time, inside the camera's own part of the floor or not. */
  personUs: number;
  /** Σ saturation (permille) × observed time. */
  saturationUs: number;
  /** Tracks whose pseudonym was replaced because of its age. */
  renewed: number;
  /** Since when the camera is believed to have been moved or turned, µs since 1970; 0 where it is not. */
  movedSinceUs: number;
}

/** One movement of one person, as far as tracks of several cameras could be joined. Kept for the plan's short retention. */
export interface FlowLeg {
  site: string;
  /** The pseudonym of the journey's first track, as two 32-bit halves. */
  trackHi: number;
  trackLo: number;
  fromPlace: string;
  toPlace: string;
  /** When it left `fromPlace`; equal to `reachedUs` where that is ''. */
  leftUs: number;
  /** When it reached `toPlace`; equal to `leftUs` where that is ''. */
  reachedUs: number;
  /** Time inside `fromPlace`; 0 for a line or ''. */
  insideUs: number;
  /** Joins of tracks on the way, and how sure all of them together are, thousandths; 1,000 without any. */
  joins: number;
  confidencePermille: number;
  /** The number of the leg in its journey, from 0: tells apart legs whose times are stored in long steps. */
  nth: number;
}

/** Columns of positions to be stored: without pseudonym. All arrays have the length `count`. */
export interface PositionColumns {
  count: number;
  capturedUs: Float64Array;
  /** Index into `floors`. */
  floor: Uint8Array;
  floors: readonly string[];
  xMm: Int32Array;
  yMm: Int32Array;
  vxMmS: Int32Array;
  vyMmS: Int32Array;
  kind: Uint8Array;
}

/** A frame that came after its window was closed: counted, not folded. Its key makes a second write harmless. */
export interface LateFrame {
  site: string;
  camera: string;
  sessionHi: number;
  sessionLo: number;
  sequence: number;
  capturedUs: number;
  /** How far behind the watermark. */
  lateUs: number;
}

/** Everything that the closing of one window gives. */
export interface ClosedWindow {
  site: string;
  startUs: number;
  lengthUs: number;
  planVersion: number;
  areas: AreaRow[];
  /** Of this window, and of lines with a counter those of earlier windows that its reports have made whole since. */
  lines: LineRow[];
  flows: FlowRow[];
  journeys: JourneyRow[];
  cameras: CameraRow[];
  legs: FlowLeg[];
  positions: PositionColumns;
}
