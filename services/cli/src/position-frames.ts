import type { EventLog } from '@hitonami/event-log';
import { decodeObservation, type PositionFrameView } from '@hitonami/model';
import { TOPIC_NAMES } from '@hitonami/service';

/** Somebody in a frame, as the log has it. */
export interface LoggedPosition {
  /** The pseudonym. */
  track: bigint;
  /** Metres on the floor. */
  x: number;
  y: number;
  /** 0 to 1. */
  confidence: number;
}

/** The frames of a site that the log holds, partition by partition in the order of the log. */
export async function* positionFrames(
  log: EventLog,
  partitions: number,
  site: string,
): AsyncGenerator<PositionFrameView> {
  for (let partition = 0; partition < partitions; partition++) {
    for await (const { value } of log.read(TOPIC_NAMES.observations, partition, 0)) {
      const observation = decodeObservation(value);
      if (observation.type === 'positions' && observation.frame.site === site)
        yield observation.frame;
    }
  }
}

export function positionsOf(frame: PositionFrameView): LoggedPosition[] {
  const { view, trackAt, xAt, yAt, confidenceAt } = frame;
  return Array.from({ length: frame.count }, (_, i) => ({
    track: view.getBigUint64(trackAt + 8 * i, true),
    x: view.getInt32(xAt + 4 * i, true) / 1000,
    y: view.getInt32(yAt + 4 * i, true) / 1000,
    confidence: view.getUint8(confidenceAt + i) / 255,
  }));
}
