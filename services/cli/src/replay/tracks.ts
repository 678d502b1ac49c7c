import type { EventLog } from '@hitonami/event-log';
import { formatMot, type MotRow } from '@hitonami/tracking';
import { positionFrames, positionsOf } from '../position-frames.js';

/**
 * What a replay saw, as MOT text: frame, a number for the track, no box (−1; none is kept), confidence, and the place on
 * the floor in metres. Pseudonyms become small numbers in the order of their appearance.
 */
export async function trackText(log: EventLog, partitions: number, site: string): Promise<string> {
  const numbers = new Map<string, number>();
  const frames = new Map<string, number>();
  const rows: MotRow[] = [];
  for await (const frame of positionFrames(log, partitions, site)) {
    const index = (frames.get(frame.camera) ?? 0) + 1;
    frames.set(frame.camera, index);
    for (const { track, x, y, confidence } of positionsOf(frame)) {
      const name = `${frame.camera} ${track}`;
      const id = numbers.get(name) ?? numbers.size + 1;
      numbers.set(name, id);
      const box = { left: -1, top: -1, width: -1, height: -1 };
      rows.push({ frame: index, id, ...box, confidence, x, y, z: 0 });
    }
  }
  return formatMot(rows);
}
