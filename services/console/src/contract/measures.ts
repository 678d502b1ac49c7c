import { z } from 'zod';
import { DAY_KINDS } from './constants.js';

/** Instants are ISO 8601 in UTC; lengths are seconds; a value that is not known is null. */
const known = z.number().nullable();
export const stepS = z.union([z.literal(10), z.literal(60), z.literal(900), z.literal(3600)]);

/** Which part of the past: `from` ≤ start < `to`, in windows of `step` seconds. */
export const range = z.object({
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  step: z.coerce.number().pipe(stepS).default(60),
});

export const areaPoint = z.object({
  start: z.iso.datetime(),
  /** Mean density, persons/m²; and level of service A to F. */
  density: known,
  los: z.string().nullable(),
  /** Persons: mean, and the most at once. */
  occupancy: known,
  occupancyMax: known,
  speedMS: known,
  coverage: known,
  saturation: known,
  /** Share seen by cameras that were probably moved. */
  doubtful: known,
  /** Highest local density, persons/m²: what the danger bands are about. */
  peakDensity: known,
  /**
   * Crowd pressure, 1/s²: of its highest value at each second the mean and the maximum. Null also where no spot was dense
   * enough to have one (2.153 persons/m²).
   */
  pressure: known,
  pressureMax: known,
});
export type AreaPoint = z.output<typeof areaPoint>;

export const areaSeries = z.object({ area: z.string(), stepS, points: z.array(areaPoint) });
export type AreaSeries = z.output<typeof areaSeries>;

/** The usual of a kind of day: by time since the service day began, over the days that are known. */
export const usualPoint = z.object({
  /** Seconds since 04:00 local time, when the service day begins. */
  sinceS: z.number(),
  /** Median, and the tenth and ninetieth percentile, of the density. */
  density: known,
  densityLow: known,
  densityHigh: known,
  days: z.number(),
});
export const usual = z.object({
  area: z.string(),
  /** The service day asked for, its kind, and what the calendar says of it. */
  day: z.iso.date(),
  kind: z.enum(DAY_KINDS),
  note: z.string().nullable(),
  stepS,
  points: z.array(usualPoint),
});
export type Usual = z.output<typeof usual>;

export const linePoint = z.object({
  start: z.iso.datetime(),
  forward: z.number(),
  backward: z.number(),
  forwardPerMin: known,
  backwardPerMin: known,
  coverage: known,
  doubtful: known,
});
export const lineSeries = z.object({ line: z.string(), stepS, points: z.array(linePoint) });
export type LineSeries = z.output<typeof lineSeries>;

export const dwell = z.object({
  area: z.string(),
  /** Legs through the area and their mean time inside, s. */
  legs: z.number(),
  meanInsideS: known,
});

/** From the first place that people were seen in to the last. Never joined to a person. */
export const flowPair = z.object({
  from: z.string(),
  to: z.string(),
  journeys: z.number(),
  meanTravelS: known,
  /** Share that leads over joins of tracks, and how sure those are, 0 to 1. */
  joinedShare: known,
  meanConfidence: known,
});
export const flows = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  pairs: z.array(flowPair),
});
export type Flows = z.output<typeof flows>;

/** `GET …/history`: every area and line of the site, window by window, for the replay. */
export const history = z.object({
  stepS,
  starts: z.array(z.iso.datetime()),
  /** By area id, one entry a start; null where there is no row. */
  areas: z.record(z.string(), z.array(areaPoint.omit({ start: true }).nullable())),
  lines: z.record(z.string(), z.array(linePoint.omit({ start: true }).nullable())),
});
export type History = z.output<typeof history>;

/** `GET …/report?period=day|month&date=YYYY-MM-DD`: what the printable page shows. */
export const report = z.object({
  site: z.string(),
  period: z.enum(['day', 'month']),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  areas: z.array(
    z.object({
      area: z.string(),
      meanOccupancy: known,
      occupancyMax: known,
      occupancyMaxAt: z.iso.datetime().nullable(),
      /** Hours at each level A to F, and hours not seen. */
      hoursAtLevel: z.record(z.string(), z.number()),
      hoursUnseen: z.number(),
      coverage: known,
      series: areaSeries,
    }),
  ),
  lines: z.array(
    z.object({ line: z.string(), forward: z.number(), backward: z.number(), coverage: known }),
  ),
  alerts: z.array(
    z.object({
      rule: z.string(),
      subject: z.string(),
      severity: z.string(),
      count: z.number(),
      firingS: z.number(),
    }),
  ),
  /** What must be known before the numbers are used. */
  cautions: z.array(z.object({ ja: z.string(), en: z.string() })),
});
export type Report = z.output<typeof report>;
