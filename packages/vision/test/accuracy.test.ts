import { existsSync } from 'node:fs';
import { startInferencePool } from '@hitonami/vision';
import { afterAll, describe, expect, it } from 'vitest';
import {
  cutFrames,
  hasClips,
  matchBoxes,
  readTruth,
  sharedPath,
} from '../../../test/support/pictures.js';
import { lentOrSkip } from '../../../test/support/require.js';

/**
 * Precision and recall on real clips at IoU 0.5. The figures are those of every frame; every fifth is looked at, or
 * every one where HITONAMI_ALL_FRAMES is set, which is held to a narrower margin.
 */
const isWhole = process.env['HITONAMI_ALL_FRAMES'] !== undefined;
const STEP = isWhole ? 1 : 5;
const MARGIN = isWhole ? 0.02 : 0.05;

const CASES = [
  { model: 'rtmdet_nano_320', threshold: 0.4, clip: 'tud-stadtmitte', p: 0.96, r: 0.84 },
  { model: 'rtmdet_nano_320', threshold: 0.4, clip: 'tud-campus', p: 0.89, r: 0.83 },
  { model: 'yolox_nano_416x320', threshold: 0.56, clip: 'tud-stadtmitte', p: 0.99, r: 0.81 },
  { model: 'yolox_nano_416x320', threshold: 0.56, clip: 'tud-campus', p: 0.91, r: 0.75 },
];
const WHOLE_CASES = [
  { model: 'light_person_640x480', threshold: 0.62, clip: 'tud-stadtmitte', p: 0.98, r: 0.83 },
  { model: 'light_person_640x480', threshold: 0.62, clip: 'tud-campus', p: 0.84, r: 0.79 },
  { model: 'picodet_s_416', threshold: 0.48, clip: 'tud-stadtmitte', p: 0.98, r: 0.83 },
  { model: 'picodet_s_416', threshold: 0.48, clip: 'tud-campus', p: 0.84, r: 0.79 },
  { model: 'nanodet_m_416', threshold: 0.48, clip: 'tud-stadtmitte', p: 0.9, r: 0.63 },
  { model: 'nanodet_m_416', threshold: 0.48, clip: 'tud-campus', p: 0.89, r: 0.69 },
  { model: 'fastestdet', threshold: 0.66, clip: 'tud-stadtmitte', p: 0.93, r: 0.75 },
  { model: 'fastestdet', threshold: 0.66, clip: 'tud-campus', p: 0.84, r: 0.72 },
];

const measured: string[] = [];
afterAll(() => {
  if (isWhole) console.info(measured.join('\n'));
});

const modelPath = (model: string): string => sharedPath('models', `${model}.onnx`);
const isThere =
  CASES.every(({ model }) => existsSync(modelPath(model))) &&
  hasClips(...CASES.map(({ clip }) => sharedPath('data', clip, 'clip.mp4')));

describe.skipIf(
  !lentOrSkip('detection accuracy', isThere, 'needs ffmpeg, ../shared/models and ../shared/data'),
)('precision and recall on real clips', () => {
  it.each(isWhole ? [...CASES, ...WHOLE_CASES] : CASES)(
    '$model on $clip: $p and $r',
    async ({ model, threshold, clip, p, r }) => {
      const frames = cutFrames(sharedPath('data', clip, 'clip.mp4'), STEP);
      const truth = readTruth(sharedPath('data', clip, 'gt.txt'));
      const pool = await startInferencePool({
        modelPath: modelPath(model),
        limits: { queueMax: frames.length },
      });
      let reported = 0;
      let matched = 0;
      let real = 0;
      await Promise.all(
        frames.map(async ({ frame, jpeg }) => {
          const { boxes, kinds } = await pool.detect(jpeg, { threshold });
          const found = Array.from(kinds, (kind, i) => ({
            kind,
            box: boxes.subarray(i * 4, i * 4 + 4),
          }))
            .filter(({ kind }) => kind === 0)
            .map(({ box: [x1 = 0, y1 = 0, x2 = 0, y2 = 0] }) => [x1, y1, x2, y2] as const);
          const here = truth.filter((row) => row.frame === frame).map(({ box }) => box);
          reported += found.length;
          real += here.length;
          matched += matchBoxes(found, here);
        }),
      );
      await pool.close();
      const precision = matched / reported;
      const recall = matched / real;
      measured.push(`${model} ${clip} P ${precision.toFixed(3)} R ${recall.toFixed(3)}`);
      expect(Math.abs(precision - p)).toBeLessThan(MARGIN);
      expect(Math.abs(recall - r)).toBeLessThan(MARGIN);
    },
    120_000,
  );
});
