import type { EventLog } from '@hitonami/event-log';
import { decodeObservation } from '@hitonami/model';
import { TOPIC_NAMES } from '@hitonami/service';
import { formatMot, type MotRow } from '@hitonami/tracking';

/**
 * What a replay saw, as MOT text: frame, a number for the track, no box (−1; none is kept), confidence, and the place on
 * the floor in metres. Pseudonyms become small numbers in the order of their appearance.
 */
export async function trackText(log: EventLog, partitions: number, site: string): Promise<string> {
  const numbers = new Map<string, number>();
  const frames = new Map<string, number>();
  const rows: MotRow[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    for await (const { value } of log.read(TOPIC_NAMES.observations, partition, 0)) {
      const observation = decodeObservation(value);
      if (observation.type !== 'positions' || observation.frame.site !== site) continue;
      const { frame } = observation;
      const index = (frames.get(frame.camera) ?? 0) + 1;
      frames.set(frame.camera, index);
      for (let i = 0; i < frame.count; i++) {
        const track = `${frame.camera} ${frame.view.getBigUint64(frame.trackAt + 8 * i, true)}`;
        const id = numbers.get(track) ?? numbers.size + 1;
        numbers.set(track, id);
        rows.push({
          frame: index,
          id,
          left: -1,
          top: -1,
          width: -1,
          height: -1,
          confidence: frame.view.getUint8(frame.confidenceAt + i) / 255,
          x: frame.view.getInt32(frame.xAt + 4 * i, true) / 1000,
          y: frame.view.getInt32(frame.yAt + 4 * i, true) / 1000,
          z: 0,
        });
      }
    }
  }
  return formatMot(rows);
}
