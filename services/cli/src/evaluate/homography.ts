import { HitonamiError } from '@hitonami/model';
import { FloorProjection } from '@hitonami/vision';

type Homography = readonly [number, number, number, number, number, number, number, number, number];

/**
 * The projection from a JSON file: nine numbers or three rows of three, by themselves or as a value of an object
 * (picture pixels to floor metres).
 * @throws HitonamiError `INPUT` where there is none, or more than one
 */
export function projectionFrom(json: string, file: string): FloorProjection {
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch (cause) {
    throw new HitonamiError('INPUT', `${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
  const isObject = typeof raw === 'object' && raw !== null && !Array.isArray(raw);
  const found = (isObject ? Object.values(raw as object) : [raw])
    .map(nineNumbers)
    .filter((item) => item !== undefined);
  const [homography, ...more] = found;
  if (!homography || more.length > 0) {
    throw new HitonamiError(
      'INPUT',
      `${file} must hold one homography of 3 × 3 numbers; it holds ${found.length}`,
    );
  }
  return FloorProjection.from({ homography });
}

function nineNumbers(value: unknown): Homography | undefined {
  const flat: unknown[] = Array.isArray(value) ? value.flat() : [];
  return flat.length === 9 && flat.every((item) => typeof item === 'number')
    ? (flat as unknown as Homography)
    : undefined;
}
