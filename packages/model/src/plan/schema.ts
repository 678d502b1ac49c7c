import { z } from 'zod';
import { dataset, travellerPlace } from './datasets.js';
import { cameraGovernance, governance } from './governance.js';
import { coordinate, id, lineString, polygon, text } from './shapes.js';

/**
 * The shape of `site.json`. What a shape cannot say (references, geometry, who sees what) is in `check.ts`.
 * Lengths are metres on the floor's own plane, x east and y north of its origin, unless a name says otherwise.
 */
const distortion = z.strictObject({
  fx: z.number().positive(),
  fy: z.number().positive(),
  cx: z.number(),
  cy: z.number(),
  k1: z.number(),
  k2: z.number(),
  k3: z.number().default(0),
  p1: z.number(),
  p2: z.number(),
});

const n = z.number();

/** A point of the picture, pixels with the lens's distortion, and the place on the floor that it shows, metres. */
const calibrationPoint = z.strictObject({
  u: z.number(),
  v: z.number(),
  x: coordinate,
  y: coordinate,
});

const calibration = z.strictObject({
  /** Size of the picture that the homography was made for, pixels. */
  imageWidth: z.int().min(16).max(20_000),
  imageHeight: z.int().min(16).max(20_000),
  /** Undistorted image pixels to floor metres, 3×3, row by row. */
  homography: z.tuple([n, n, n, n, n, n, n, n, n]).readonly(),
  /** Lens distortion, OpenCV's k1, k2, k3, p1, p2 model. */
  distortion: distortion.optional(),
  /**
   * What the homography was made from, to be mended later. It must agree with them (see `check.ts`); it is not made from
   * them here, for a version of a plan means the same numbers for ever, whatever becomes of the fit.
   */
  points: z.array(calibrationPoint).min(4).max(200).optional(),
});

/** Where a camera hangs: above which point of the floor, and how high above it, metres. */
const position = z.strictObject({
  x: coordinate,
  y: coordinate,
  heightM: z.number().positive().max(100),
});

const detection = z.strictObject({
  /** Least confidence of a detection that may start a track, 0 to 1; depends on the model. */
  threshold: z.number().min(0.05).max(0.95).optional(),
  /** Part of the picture, in pixels, in which a foot point must lie. */
  region: polygon.optional(),
});

/** Where the densest spot of an area passes from one band to the next, persons/m², rising. */
const dangerBands = z.strictObject({
  stable: z.number().positive(),
  capacity: z.number().positive(),
  unstable: z.number().positive(),
  congested: z.number().positive(),
});

/** When an alert fires and resolves; the bands and limits themselves stand with the area or line that they are about. */
const alerting = z.strictObject({
  /** For how long a threshold must be passed before an alert fires, and kept before it resolves, seconds. */
  fireAfterS: z.number().min(0).max(300).default(1),
  resolveAfterS: z.number().min(0).max(3_600).default(30),
  /** A mean density that rises faster than this alerts, persons/m² in a minute. */
  risingPerMin: z.number().positive().default(1),
  /** An area of which less than `coverageMin` is seen, and a camera that is silent, alert after this long, seconds. */
  unseenAfterS: z.number().min(1).max(3_600).default(15),
  /** Under this share of an area seen, an alert cannot resolve: nobody knows. */
  coverageMin: z.number().min(0.1).max(1).default(0.8),
  /** Share of the passages of a line against its `mainDirection` that alerts. */
  counterFlowShareMax: z.number().min(0).max(1).default(0.25),
  /** An alert that nobody acknowledges goes to a phone after this long, seconds. */
  escalateAfterS: z.number().min(5).max(3_600).default(60),
});

/** What a plan that says nothing about alerting has. */
export const alertingDefaults = (): z.output<typeof alerting> => alerting.parse({});

/** What to do at a place when it alerts, as the people who work there have agreed. */
const actionCard = z.strictObject({ id, title: text, steps: z.array(text).min(1).max(20) });

export const planSchema = z.strictObject({
  $schema: z.string().optional(),
  site: id,
  /** Rises with every change. */
  version: z.int().min(1).max(2_147_483_647),
  /**
   * In force from the first window that starts at or after this instant, with another `windowS` than before from the
   * next full minute (`plansInForce`). Left out, the first version is in force from the beginning.
   */
  inForceFrom: z.iso.datetime({ offset: true }).optional(),
  name: text,
  operator: z.strictObject({
    name: text,
    /** Where the public asks. */
    contact: z
      .string()
      .max(200)
      .regex(/@|:\/\/|\d{3}/, 'must hold an e-mail address, a telephone number or a web address'),
  }),
  timeZone: z.string(),
  /** Where the origin of every floor lies on the earth, and how its y axis is turned clockwise from north. */
  anchor: z.strictObject({
    longitude: z.number().min(-180).max(180),
    latitude: z.number().min(-90).max(90),
    bearingDeg: z.number().min(-360).max(360),
  }),
  /** Length of the base window, seconds. */
  windowS: z.literal([5, 10, 15, 20, 30, 60]).default(10),
  floors: z
    .array(z.strictObject({ id, name: text }))
    .min(1)
    .max(100),
  areas: z
    .array(
      z.strictObject({
        id,
        floor: id,
        name: text,
        kind: z.literal(['walkway', 'stairs', 'queue']),
        polygon,
        dangerBands: dangerBands.optional(),
        /** A queue that is longer than this alerts, persons. */
        queueMaxPersons: z.int().positive().optional(),
        /** One of `actionCards`. */
        actionCard: id.optional(),
      }),
    )
    .max(2_000),
  lines: z
    .array(
      z.strictObject({
        id,
        floor: id,
        name: text,
        line: lineString,
        /** The specific flow that it can carry, persons/m/min; left out: Fruin's upper bound of E for a walkway. */
        capacityPerMMin: z.number().positive().optional(),
        /** Where nearly everyone ought to go; left out: both ways are as good. */
        mainDirection: z.literal(['forward', 'backward']).optional(),
        actionCard: id.optional(),
      }),
    )
    .max(2_000),
  cameras: z
    .array(
      z.strictObject({
        id,
        floor: id,
        /** The part of the floor that it sees well enough to measure. */
        coverage: polygon,
        /** Present where frames come in; absent where the device sends positions. */
        calibration: calibration.optional(),
        /** Where it hangs, where no calibration says so, or another place than it says. */
        position: position.optional(),
        detection: detection.default({}),
        /** What was settled before it may start; a camera without it is drawn and planned, and takes no frame. */
        governance: cameraGovernance.optional(),
      }),
    )
    .max(2_000),
  counters: z
    .array(z.strictObject({ id, line: id }))
    .max(2_000)
    .default([]),
  /** Where people hold a ticket to a reader, whose log knows names: nobody's position is stored within 5 m of these. */
  ticketGates: z
    .array(z.strictObject({ floor: id, line: lineString }))
    .max(500)
    .default([]),
  dangerBands: dangerBands.default({ stable: 1, capacity: 2.5, unstable: 3.5, congested: 5 }),
  alerting: alerting.prefault({}),
  actionCards: z.array(actionCard).max(100).default([]),
  /** How long each kind of data is kept; positions of nobody are kept unless hours are given. */
  retention: z
    .strictObject({
      positionsHours: z.number().min(0).max(24).default(0),
      flowLegsDays: z.number().positive().max(30).default(3),
      /** Rows of the base window, and cells of fewer people than `governance.smallestGroup`. */
      measuresDays: z.number().positive().max(7).default(7),
      rollupDays: z.number().positive().max(36_500).default(1_826),
    })
    .default({ positionsHours: 0, flowLegsDays: 3, measuresDays: 7, rollupDays: 1_826 }),
  governance,
  /** What is published and sold. */
  datasets: z.array(dataset).max(200).default([]),
  /** Places about which travellers are told, renewed about once a minute. */
  travellers: z.array(travellerPlace).max(200).default([]),
});

/** A site plan that has passed every check: the one document that says what is measured, where, and for how long it is kept. */
export type SitePlan = z.infer<typeof planSchema>;
export type PlanArea = SitePlan['areas'][number];
export type PlanLine = SitePlan['lines'][number];
export type PlanCamera = SitePlan['cameras'][number];
export type PlanActionCard = SitePlan['actionCards'][number];
export type PlanRetention = SitePlan['retention'];
export type PlanCalibration = z.infer<typeof calibration>;
