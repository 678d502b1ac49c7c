import { InvalidArgumentError } from 'commander';

/** Sides that a plan takes of a picture, pixels. */
const [PIXELS_MIN, PIXELS_MAX] = [16, 20_000];

// What options take, from text. Each throws words that commander puts behind the option's name.

export function parsePort(value: string): number {
  const port = Number(value);
  if (/^\d{1,5}$/.test(value) && port <= 65_535) return port;
  throw new InvalidArgumentError('must be a port number from 0 to 65535');
}

export function parseTime(value: string): Date {
  const time = new Date(value);
  if (!Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError('must be a time such as 2026-04-01T08:00:00+09:00');
}

export function parseRate(value: string): number {
  const rate = Number(value);
  if (rate >= 0.2 && rate <= 100) return rate;
  throw new InvalidArgumentError('must be from 0.2 to 100');
}

export function parsePeople(text: string): number {
  const share = Number(text);
  if (share >= 0.1 && share <= 1) return share;
  throw new InvalidArgumentError('must be from 0.1 to 1');
}

export function parseSeed(value: string): number {
  const seed = Number(value);
  if (/^\d{1,9}$/.test(value)) return seed;
  throw new InvalidArgumentError('must be a whole number from 0 to 999999999');
}

export function parseSeconds(value: string): number {
  const seconds = Number(value);
  if (seconds >= 10 && seconds <= 3_600) return seconds;
  throw new InvalidArgumentError('must be from 10 to 3600');
}

export function parseUrl(value: string): string {
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value;
  throw new InvalidArgumentError('must be an http:// or https:// address');
}

export function parseList(value: string): string[] {
  return value.split(',').map((item) => item.trim());
}

export function parseStature(value: string): number {
  const stature = Number(value);
  if (stature >= 0.8 && stature <= 2.2) return stature;
  throw new InvalidArgumentError('must be from 0.8 to 2.2 metres');
}

export function parseDegrees(value: string): number {
  const degrees = Number(value);
  if (degrees >= 2 && degrees <= 170) return degrees;
  throw new InvalidArgumentError('must be from 2 to 170 degrees');
}

export function parseShare(value: string): number {
  const share = Number(value);
  if (share > 0 && share < 1) return share;
  throw new InvalidArgumentError('must be above 0 and below 1');
}

/** Of a picture, as a plan takes it. */
export function parsePictureSize(value: string): [number, number] {
  const [width = 0, height = 0] = /^\d+x\d+$/.test(value) ? value.split('x').map(Number) : [];
  if ([width, height].every((pixels) => pixels >= PIXELS_MIN && pixels <= PIXELS_MAX))
    return [width, height];
  throw new InvalidArgumentError('must be such as 640x480, each from 16 to 20,000');
}

export function parseSize(value: string): [number, number] {
  const [width = 0, height = 0] = /^\d+x\d+$/.test(value) ? value.split('x').map(Number) : [];
  if (width > 0 && height > 0) return [width, height];
  throw new InvalidArgumentError('must be such as 640x480');
}
