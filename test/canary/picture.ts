/**
 * The canary: a picture that nobody else has. A drawn face on a coarse pattern of random patches, under fine noise, so
 * that it can be known again both by any 24 of its bytes and, made as small as 32 × 32, by its greys.
 */
import { randomFillSync } from 'node:crypto';
import sharp from 'sharp';
import type { Form } from './finder.js';

export const CANARY_WIDTH = 640;
export const CANARY_HEIGHT = 480;
const PIXELS = CANARY_WIDTH * CANARY_HEIGHT;
/** Side of the coarse pattern's patches, pixels. */
const PATCH_PX = 40;
/** The network's input of the shipped detector: 480 × 320, of which a 4:3 picture takes this much. */
const RESIZED = { width: 427, height: 320 };
/** Mean and deviation with which the shipped detector normalises. */
const NORM = 127.5;

export interface Canary {
  readonly jpeg: Buffer;
  /** Height × width × RGB, as any decoder gives it from the JPEG. */
  readonly rgb: Buffer;
  readonly isGrey: boolean;
}

/**
 * A fresh one. `isGrey`: its three colours are equal, so that the luminance that a decoder holds on the way is known to
 * the byte too.
 */
export async function drawCanary(isGrey = false): Promise<Canary> {
  const raw = pixelsOf(isGrey);
  const picture = { width: CANARY_WIDTH, height: CANARY_HEIGHT, channels: 3 } as const;
  const jpeg = await sharp(raw, { raw: picture }).jpeg({ quality: 85 }).toBuffer();
  const rgb = await sharp(jpeg).raw().toBuffer();
  return { jpeg, rgb, isGrey };
}

function pixelsOf(isGrey: boolean): Buffer {
  const columns = CANARY_WIDTH / PATCH_PX;
  const patches = randomFillSync(Buffer.alloc(columns * (CANARY_HEIGHT / PATCH_PX) * 3));
  const noise = randomFillSync(Buffer.alloc(PIXELS * (isGrey ? 1 : 3)));
  const pixels = Buffer.alloc(PIXELS * 3);
  for (let i = 0; i < PIXELS; i++) {
    const [x, y] = [i % CANARY_WIDTH, Math.floor(i / CANARY_WIDTH)];
    const patch = Math.floor(y / PATCH_PX) * columns + Math.floor(x / PATCH_PX);
    const drawn = faceAt(x, y);
    for (let channel = 0; channel < 3; channel++) {
      const coarse = drawn?.[channel] ?? patches[patch * 3 + (isGrey ? 0 : channel)] ?? 0;
      const fine = noise[isGrey ? i : i * 3 + channel] ?? 0;
      pixels[i * 3 + channel] =
        isGrey && drawn ? drawn[1] * 0.55 + fine * 0.4 : coarse * 0.55 + fine * 0.4;
    }
  }
  return pixels;
}

type Colour = readonly [red: number, green: number, blue: number];
const SKIN: Colour = [224, 172, 138];
const HAIR: Colour = [50, 34, 26];
const EYE: Colour = [28, 24, 30];
const LIPS: Colour = [160, 60, 66];

/** A face as a child draws it, in the middle of the picture; undefined beside it. */
function faceAt(x: number, y: number): Colour | undefined {
  const within = (cx: number, cy: number, rx: number, ry: number): boolean =>
    ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;
  if (within(285, 225, 14, 9) || within(355, 225, 14, 9)) return EYE;
  if (within(320, 315, 36, 11)) return LIPS;
  if (within(320, 250, 95, 125)) return y < 170 ? HAIR : SKIN;
  return undefined;
}

/** Other pictures, to keep a camera busy: shades without noise, each a little different. */
export async function drawOther(seed: number): Promise<Buffer> {
  const pixels = Buffer.alloc(PIXELS * 3);
  for (let i = 0; i < PIXELS; i++) {
    const [x, y] = [i % CANARY_WIDTH, Math.floor(i / CANARY_WIDTH)];
    const wave = Math.sin((x + seed * 13) / 23) * 50 + Math.cos((y - seed * 7) / 17) * 50;
    pixels.fill(128 + wave + ((x * y + seed) % 7), i * 3, i * 3 + 3);
  }
  const picture = { width: CANARY_WIDTH, height: CANARY_HEIGHT, channels: 3 } as const;
  return sharp(pixels, { raw: picture }).jpeg({ quality: 90 }).toBuffer();
}

/**
 * Every form in which a canary is on its way through an ingestor: the JPEG behind its headers, the pixels decoded, on the
 * way of the resizing (first rows, then columns), resized, in planes, as floats, centred, normalised.
 */
export async function formsOnTheWay({ jpeg, rgb, isGrey }: Canary): Promise<Form[]> {
  const { width, height } = RESIZED;
  const resize = (to: { width: number; height: number }): Promise<Buffer> =>
    sharp(jpeg)
      .resize(to.width, to.height, { fit: 'fill', kernel: 'linear' })
      .toColourspace('srgb')
      .raw()
      .toBuffer();
  const resized = await resize({ width, height });
  const planar = planes(resized);
  const floats = Float32Array.from(planar);
  const centred = floats.map((value) => value - NORM);
  return [
    { name: 'encoded', bytes: scanOf(jpeg) },
    { name: 'decoded', bytes: rgb },
    ...(isGrey ? [{ name: 'luminance', bytes: planes(rgb).subarray(0, PIXELS) }] : []),
    { name: 'half resized', bytes: await resize({ width: CANARY_WIDTH, height }) },
    { name: 'resized', bytes: resized },
    { name: 'planar', bytes: planar },
    { name: 'float', bytes: bytesOf(floats), alignment: 4 },
    { name: 'centred', bytes: bytesOf(centred), alignment: 4 },
    { name: 'tensor', bytes: bytesOf(centred.map((value) => value / NORM)), alignment: 4 },
  ];
}

/** What of a JPEG is the picture and not its tables, which are the same in every picture of an encoder. */
export function scanOf(jpeg: Buffer): Buffer {
  const startOfScan = jpeg.indexOf(Buffer.from([0xff, 0xda]));
  return jpeg.subarray(startOfScan + 2 + jpeg.readUInt16BE(startOfScan + 2));
}

/** From pixels to one plane each colour. */
export function planes(rgb: Buffer): Buffer {
  const count = rgb.length / 3;
  const out = Buffer.alloc(rgb.length);
  for (let i = 0; i < rgb.length; i++) out[(i % 3) * count + Math.floor(i / 3)] = rgb[i] ?? 0;
  return out;
}

export function bytesOf(floats: Float32Array): Buffer {
  return Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength);
}
