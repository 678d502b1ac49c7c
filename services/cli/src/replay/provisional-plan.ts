import type { ClipFacts } from '../probe.js';

/** A picture of this height stands for as many metres; nothing but the form of the plan depends on it. */
const PICTURE_HEIGHT_M = 10;

/**
 * A plan for a clip of which nothing is known: the picture itself is the floor, one area is all of it, one line runs down
 * its middle. People and crossings are true then; lengths, speeds and densities are not, and no decision may rest on them.
 *
 * @returns its JSON text
 */
export function provisionalPlan({ width, height }: Pick<ClipFacts, 'width' | 'height'>): string {
  const metresPerPixel = PICTURE_HEIGHT_M / height;
  const [w, h] = [width * metresPerPixel, PICTURE_HEIGHT_M];
  const picture = {
    type: 'Polygon',
    coordinates: [
      [
        [0, 0],
        [w, 0],
        [w, h],
        [0, h],
        [0, 0],
      ],
    ],
  };
  const text = (en: string, ja: string): { ja: string; en: string } => ({ ja, en });
  return JSON.stringify({
    site: 'clip',
    version: 1,
    name: text('Clip without a plan', '計画のない映像'),
    operator: { name: text('Unknown', '不明'), contact: 'none' },
    timeZone: 'UTC',
    anchor: { longitude: 0, latitude: 0, bearingDeg: 0 },
    floors: [{ id: 'picture', name: text('Picture', '画面') }],
    areas: [
      {
        id: 'view',
        floor: 'picture',
        name: text('Whole picture', '画面全体'),
        kind: 'walkway',
        polygon: picture,
      },
    ],
    lines: [
      {
        id: 'middle',
        floor: 'picture',
        name: text('Middle of the picture', '画面中央'),
        line: {
          type: 'LineString',
          coordinates: [
            [w / 2, 0],
            [w / 2, h],
          ],
        },
      },
    ],
    cameras: [
      {
        id: 'camera',
        floor: 'picture',
        coverage: picture,
        calibration: {
          imageWidth: width,
          imageHeight: height,
          // The picture's y runs down, the floor's up.
          homography: [metresPerPixel, 0, 0, 0, -metresPerPixel, h, 0, 0, 1],
        },
      },
    ],
  });
}
