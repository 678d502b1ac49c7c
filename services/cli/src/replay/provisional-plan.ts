import { HOPS } from '@hitonami/model';
import type { ClipFacts } from '../probe.js';

/** A picture of this height stands for as many metres; nothing but the form of the plan depends on it. */
const PICTURE_HEIGHT_M = 10;

const text = (en: string, ja: string): { ja: string; en: string } => ({ ja, en });

const PURPOSE = 'trying-out';
const CLIP = text('A recorded clip, replayed on one machine', '一台の機械で再生する録画');
/** A recording has no passers-by to tell: what is asked of a live site is answered with that. */
const LONG_AGO = '1970-01-01';
const STAGE = 'replay';
const WHY_CAMERA = {
  need: CLIP,
  counterInstead: CLIP,
  ground: 'own',
  stage: STAGE,
  staffBriefedOn: LONG_AGO,
};
const GOVERNANCE = {
  recipients: [{ id: 'nobody', name: CLIP, role: 'operator' }],
  purposes: [
    {
      id: PURPOSE,
      name: CLIP,
      description: CLIP,
      benefit: CLIP,
      items: ['live', 'flow-legs', 'measures'],
      recipients: ['nobody'],
      retention: { flowLegsDays: 3, measuresDays: 7, rollupDays: 1_826 },
      noticePublishedOn: LONG_AGO,
    },
  ],
  hops: Object.fromEntries(HOPS.map((hop) => [hop, { body: CLIP, access: CLIP }])),
  stages: [{ id: STAGE, name: CLIP, startsOn: LONG_AGO }],
};

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
  return JSON.stringify({
    site: 'clip',
    version: 1,
    name: text('Clip without a plan', '計画のない映像'),
    operator: { name: text('Unknown', '不明'), contact: 'nobody@example.invalid' },
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
        governance: { ...WHY_CAMERA, purposes: [PURPOSE] },
      },
    ],
    governance: GOVERNANCE,
  });
}
