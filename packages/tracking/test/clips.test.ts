import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { lentOrSkip } from '../../../test/support/require.js';
import {
  boxOfMotRow,
  evaluateTracking,
  framesOfMotRows,
  imagePlaneOptions,
  parseMot,
  Tracker,
  type MotRow,
  type TrackingEvaluation,
} from '../src/index.js';

const DATA = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const hasClips = lentOrSkip(
  'real MOT15 clips',
  existsSync(`${DATA}tud-campus/det.txt`) && existsSync(`${DATA}tud-stadtmitte/det.txt`),
  'put tud-campus and tud-stadtmitte under ../shared/data to judge the tracker on them',
);
const FRAME_US = 40_000;

function rowsByFrame(rows: readonly MotRow[]): Map<number, MotRow[]> {
  const frames = new Map<number, MotRow[]>();
  for (const row of rows) frames.set(row.frame, [...(frames.get(row.frame) ?? []), row]);
  return frames;
}

function judge(clip: string): TrackingEvaluation {
  const read = (file: string): MotRow[] => parseMot(readFileSync(`${DATA}${clip}/${file}`, 'utf8'));
  const truth = framesOfMotRows(read('gt.txt'));
  const detected = rowsByFrame(read('det.txt'));
  const last = Math.max(...truth.keys(), ...detected.keys());
  const tracker = new Tracker(imagePlaneOptions());
  const tracked: MotRow[] = [];
  for (let frame = 1; frame <= last; frame++) {
    const rows = detected.get(frame) ?? [];
    const detections = rows.map((row) => ({
      x: row.left + row.width / 2,
      y: row.top + row.height,
      confidence: row.confidence,
      kind: 0,
      box: boxOfMotRow(row),
    }));
    for (const { detection, track } of tracker.step(frame * FRAME_US, detections)) {
      tracked.push({ ...(rows[detection] ?? expect.fail()), id: track });
    }
  }
  return evaluateTracking(truth, framesOfMotRows(tracked));
}

// The bars are the better of SORT's and ByteTrack's published defaults on the same det.txt, for each figure.
describe.skipIf(!hasClips)('real clips, with the detections that come with them', () => {
  it('tud-campus: MOTA, IDF1 and HOTA at or above those of SORT and ByteTrack, with fewer switches', () => {
    const e = judge('tud-campus');
    expect(e.truthBoxes).toBe(359);
    expect(e.mota).toBeGreaterThanOrEqual(0.627);
    expect(e.idf1).toBeGreaterThanOrEqual(0.713);
    expect(e.hota).toBeGreaterThanOrEqual(0.514);
    expect(e.identitySwitches).toBeLessThan(4);
  });

  it('tud-stadtmitte: MOTA, IDF1 and HOTA at or above those of SORT and ByteTrack, with fewer switches', () => {
    const e = judge('tud-stadtmitte');
    expect(e.truthBoxes).toBe(1156);
    expect(e.mota).toBeGreaterThanOrEqual(0.717);
    expect(e.idf1).toBeGreaterThanOrEqual(0.758);
    expect(e.hota).toBeGreaterThanOrEqual(0.537);
    expect(e.identitySwitches).toBeLessThan(10);
  });
});
