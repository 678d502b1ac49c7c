import { z } from 'zod';
import { alert } from './alerts.js';

export const liveSnapshot = z.object({
  /** Of the newest capture in it. */
  at: z.iso.datetime(),
  floors: z.array(z.string()),
  /** Metres on each floor's plane; the columns of `people` count from here. */
  origin: z.tuple([z.number(), z.number()]),
  areas: z.array(
    z.object({
      area: z.string(),
      people: z.number(),
      /** Persons/m²; null where less than half of the area is seen. */
      density: z.number().nullable(),
      los: z.string().nullable(),
      peakDensity: z.number(),
      coverage: z.number(),
      doubtful: z.number(),
      saturation: z.number(),
    }),
  ),
  cameras: z.array(
    z.object({
      camera: z.string(),
      at: z.iso.datetime(),
      state: z.enum(['seeing', 'blind', 'silent']),
      movedSince: z.iso.datetime().nullable(),
    }),
  ),
  /** Persons/min over the last minute. */
  lines: z.array(
    z.object({
      line: z.string(),
      forwardPerMin: z.number().nullable(),
      backwardPerMin: z.number().nullable(),
    }),
  ),
  /**
   * Base64 of `PERSON_BYTES` a person, little endian: uint16 x, uint16 y, int8 vx, int8 vy, uint8 index into `floors`,
   * uint8 kind (0 person, 1 bicycle, 2 car, 3 bus, 4 truck, 5 wheelchair, 6 pram).
   */
  people: z.string(),
});
export type LiveSnapshot = z.output<typeof liveSnapshot>;

export const liveAlerts = z.object({ active: z.array(alert) });
/** The version in force has changed, or a later one has become known: `GET …/plan` again. */
export const livePlan = z.object({ version: z.number() });

/** Who is where: for the disaster centre and for building systems. What is not seen is said, and is not nobody. */
export const headcount = z.object({
  site: z.string(),
  at: z.iso.datetime(),
  people: z.number().nullable(),
  coverage: z.number(),
  floors: z.array(
    z.object({ floor: z.string(), people: z.number().nullable(), coverage: z.number() }),
  ),
  areas: z.array(
    z.object({
      area: z.string(),
      people: z.number().nullable(),
      coverage: z.number(),
      atLeast: z.boolean(),
    }),
  ),
});
export type Headcount = z.output<typeof headcount>;
