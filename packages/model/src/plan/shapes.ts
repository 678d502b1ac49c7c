import { z } from 'zod';

/** What several parts of a site plan are made of. */
export const id = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'must be 1 to 63 of a–z, 0–9 and -, starting with a letter or digit',
  );

export const text = z.strictObject({
  ja: z.string().min(1).max(200),
  en: z.string().min(1).max(200),
});

/** Some sentences for the public. */
export const longText = z.strictObject({
  ja: z.string().min(1).max(2_000),
  en: z.string().min(1).max(2_000),
});

export const coordinate = z.number().min(-100_000).max(100_000);

export const point = z.tuple([coordinate, coordinate]).readonly();

export const polygon = z.strictObject({
  type: z.literal('Polygon'),
  coordinates: z.array(z.array(point).min(4).max(1_000).readonly()).min(1).max(50).readonly(),
});

export const lineString = z.strictObject({
  type: z.literal('LineString'),
  coordinates: z.tuple([point, point]).readonly(),
});
