import { Kind } from '@hitonami/model';
import {
  writeWithBackpressure,
  type DoorHandler,
  type Logger,
  type Still,
  type StillAnswer,
} from '@hitonami/service';
import type { InferencePool } from '@hitonami/vision';
import { NO_DETECTOR, refusal, undecodableRefusal } from './admission.js';
import { untilStopped } from './messages.js';

export interface StillDoorParts {
  /** Undefined where no model is configured: pictures are refused then. */
  pool: InferencePool | undefined;
  logger: Logger;
  /** Told of every picture that has just been overwritten. */
  letGo: () => void;
}

/** Tells whether anyone is in a picture that is meant to show an empty place: one at a time, since they are rare. */
export function stillDoor(parts: StillDoorParts): DoorHandler<'StillCheck'> {
  return async (stream, stopping) => {
    const overwrite = (still: Still): void => {
      still.image.fill(0);
      parts.letGo();
    };
    for await (const still of untilStopped<Still>(stream, stopping, overwrite)) {
      const answer = await examine(parts, still.image).finally(() => {
        overwrite(still);
      });
      await writeWithBackpressure(stream, answer);
    }
  };
}

async function examine({ pool, logger }: StillDoorParts, image: Buffer): Promise<StillAnswer> {
  if (pool === undefined) return { rejected: refusal('REJECT_REASON_INTERNAL', NO_DETECTOR) };
  if (image.length === 0)
    return { rejected: refusal('REJECT_REASON_MALFORMED', 'the message has no picture') };
  try {
    const { kinds } = await pool.detect(image);
    return { examined: { people: kinds.filter((kind) => kind === Kind.person).length } };
  } catch (error) {
    const fault = undecodableRefusal(error);
    if (fault !== undefined) return { rejected: fault };
    logger.error({ err: error }, 'a picture of an empty place could not be examined');
    return { rejected: refusal('REJECT_REASON_INTERNAL', FAILED) };
  }
}

const FAILED = 'the ingestor failed on this picture; its log says why';
