import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { sightOf } from '../src/picture/sight.js';
import { cutFrames, hasClips, sharedPath } from '../../../test/support/pictures.js';
import { lentOrSkip } from '../../../test/support/require.js';

// A camera that is covered, in the dark or out of focus finds nobody, and that is not an empty place. It is told from
// the picture alone, without any memory of the camera.

const WIDTH = 480;
const HEIGHT = 320;
const whole = {
  pictureWidth: WIDTH,
  pictureHeight: HEIGHT,
  left: 0,
  top: 0,
  width: WIDTH,
  height: HEIGHT,
};

/** A floor of tiles with lamps and posts, in greys from `low` to `high`. */
function hall(low: number, high: number): string {
  const shade = (share: number): string => {
    const grey = Math.round(low + share * (high - low));
    return `rgb(${grey},${grey},${grey})`;
  };
  const tiles = Array.from({ length: 40 }, (_, i) => {
    const [x, y] = [(i % 8) * 60, 120 + Math.floor(i / 8) * 40];
    return `<rect x="${x}" y="${y}" width="58" height="38" fill="${shade(0.35 + 0.05 * (i % 3))}"/>`;
  });
  const posts = [40, 200, 380].map(
    (x) => `<rect x="${x}" y="30" width="14" height="200" fill="${shade(0.05)}"/>`,
  );
  const lamps = [90, 270, 430].map(
    (x) => `<rect x="${x}" y="10" width="30" height="8" fill="${shade(1)}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><rect width="100%" height="100%" fill="${shade(0.2)}"/>${[...tiles, ...posts, ...lamps].join('')}</svg>`;
}

/** Adds the noise of a sensor, the same each time. */
function noisy(pixels: Buffer, deviation: number): Buffer {
  let state = 1;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return pixels.map((value) => {
    const normal = random() + random() + random() + random() - 2;
    return Math.max(0, Math.min(255, Math.round(value + normal * 1.7 * deviation)));
  }) as Buffer;
}

async function see(svg: string, { blur = 0, noise = 0 } = {}): Promise<string> {
  let picture = sharp(Buffer.from(svg)).flatten();
  if (blur > 0) picture = picture.blur(blur);
  const pixels = await picture.removeAlpha().raw().toBuffer();
  return sightOf(noisy(pixels, noise), 3 * WIDTH, whole);
}

describe('a camera', () => {
  it.each([
    ['by day', 0, 255, {}],
    ['by day, with a noisy sensor', 0, 255, { noise: 12 }],
    ['in mist', 110, 190, { noise: 4 }],
    ['at night with lamps', 0, 120, { noise: 8 }],
    ['whose lens is a little soft', 0, 255, { blur: 1.5 }],
  ])('sees %s', async (_, low, high, how) => {
    expect(await see(hall(low, high), how)).toBe('clear');
  });

  it.each([
    ['in the dark', 'dark', 0, 12, { noise: 4 }],
    ['that is covered', 'covered', 98, 104, { noise: 2 }],
    ['that is out of focus', 'defocused', 0, 255, { blur: 9, noise: 2 }],
  ])('%s says so', async (_, what, low, high, how) => {
    expect(await see(hall(low, high), how)).toBe(what);
  });

  it('looks only at the picture, not at the padding beside it', async () => {
    const pixels = await sharp(Buffer.from(hall(100, 104)))
      .removeAlpha()
      .raw()
      .toBuffer();
    const half = { ...whole, height: HEIGHT / 2 };
    for (let i = (HEIGHT / 2) * 3 * WIDTH; i < pixels.length; i++)
      pixels[i] = i % 90 < 45 ? 255 : 0;
    expect(sightOf(pixels, 3 * WIDTH, half)).toBe('covered');
    expect(sightOf(pixels, 3 * WIDTH, whole)).toBe('clear');
  });
});

const clips = ['tud-campus', 'tud-stadtmitte'].map((name) => sharedPath('data', name, 'clip.mp4'));
describe.skipIf(
  !lentOrSkip('sight on real clips', hasClips(...clips), 'needs ffmpeg, ../shared/data'),
)('a real camera', () => {
  it.each(clips)('that sees is never taken for blind: %s', async (clip) => {
    for (const { jpeg } of cutFrames(clip, 20)) {
      const pixels = await sharp(jpeg).resize(WIDTH, HEIGHT, { fit: 'fill' }).raw().toBuffer();
      expect(sightOf(pixels, 3 * WIDTH, whole)).toBe('clear');
    }
  });
});
