import { open } from 'node:fs/promises';
import { z } from 'zod';

/** Larger files are not read for a preview, bytes: reading one would hold up everybody else. */
export const PREVIEW_BYTES_MAX = 8 * 1024 * 1024;
/** Places that a preview looks at. */
const FEATURES_MAX = 2_000;

const point = z.tuple([z.number(), z.number()]);
const feature = z.object({
  id: z.string(),
  geometry: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(point)) }),
      z.object({ type: z.literal('LineString'), coordinates: z.array(point) }),
    ])
    .nullable(),
  properties: z.looseObject({
    series: z.record(z.string(), z.array(z.union([z.string(), z.number(), z.null()]))),
  }),
});
const collection = z.object({ features: z.array(feature).max(100_000) });

/** A place, a line, a way, or (without a geometry) the whole; with its steps as columns. */
export type PreviewFeature = z.output<typeof feature>;

/** What a release's GeoJSON says; undefined where it is too large for a preview. @throws where it is none */
export async function readFeatures(
  path: string,
  bytes: number,
): Promise<PreviewFeature[] | undefined> {
  if (bytes > PREVIEW_BYTES_MAX) return undefined;
  const text = (await readStart(path, PREVIEW_BYTES_MAX)).toString('utf8');
  return collection.parse(JSON.parse(text)).features.slice(0, FEATURES_MAX);
}

/** The first bytes of a file, so many at most. */
export async function readStart(path: string, bytesMax: number): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.min(bytesMax, size));
    let got = 0;
    while (got < buffer.length) {
      const { bytesRead } = await handle.read(buffer, got, buffer.length - got, got);
      if (bytesRead === 0) break;
      got += bytesRead;
    }
    return buffer.subarray(0, got);
  } finally {
    await handle.close();
  }
}
