import { encodeCountFrame, type CountFrame } from '@hitonami/model';
import type {
  CountBatch,
  CountReceipt,
  DoorHandler,
  Logger,
  PlanFollower,
} from '@hitonami/service';
import { brief, FUTURE_MAX_US, refusal, type Refusal } from './admission.js';
import { nowUs } from './clock.js';
import { logRefusal } from './frame-door.js';
import type { IngestorMetrics } from './metrics.js';
import type { Publisher } from './publisher.js';
import { secureNumbers } from './random.js';
import { Receipts, untilStopped } from './receipts.js';

/** A sensor reports at least this often, µs. */
const INTERVAL_MAX_US = 3_600_000_000;
/** More crossings than this in one report are not believed. */
const CROSSINGS_MAX = 1_000_000;

export interface CountDoorParts {
  plans: PlanFollower;
  publisher: Publisher;
  metrics: IngestorMetrics;
  logger: Logger;
}

/** One counter's session: its random number, and how far it has come. */
interface CounterState {
  hi: number;
  lo: number;
  sequence: number;
  toUs: number;
  stream: unknown;
}

/** For sensors that only count. */
export function countDoor(parts: CountDoorParts): DoorHandler<'CountIngest'> {
  const counters = new Map<string, CounterState>();
  return async (stream, stopping) => {
    const receipts = new Receipts<CountReceipt>(stream);
    for await (const batch of untilStopped<CountBatch>(stream, stopping)) {
      await receipts.owe(takeCounts(parts, counters, batch, stream));
    }
    await receipts.settle();
  };
}

async function takeCounts(
  parts: CountDoorParts,
  counters: Map<string, CounterState>,
  batch: CountBatch,
  stream: unknown,
): Promise<CountReceipt> {
  const head = { site: brief(batch.site), counter: brief(batch.counter), sequence: batch.sequence };
  const settle = (rejected: Refusal | undefined): CountReceipt => {
    parts.metrics.batches.inc({ kind: 'counts', outcome: rejected ? 'rejected' : 'processed' });
    if (rejected) parts.metrics.refused.inc({ reason: rejected.reason });
    return rejected ? { ...head, rejected } : { ...head, stored: {} };
  };
  const fault = countFault(parts.plans, batch);
  if (fault) return settle(fault);
  const key = `${batch.site}/${batch.counter}`;
  const known = counters.get(key);
  // The same report again is stored again under the same identity, and dropped as a duplicate by whoever folds it.
  const isAgain = known?.sequence === batch.sequence && known.toUs === batch.toUs;
  const isRestart =
    known !== undefined && known.stream !== stream && batch.sequence <= known.sequence;
  if (
    known &&
    !isAgain &&
    (batch.fromUs < known.toUs || (batch.sequence <= known.sequence && !isRestart))
  ) {
    const detail = `report ${batch.sequence} from ${batch.fromUs} does not follow ${known.sequence}, which ended at ${known.toUs}`;
    return settle(refusal('REJECT_REASON_OUT_OF_ORDER', detail));
  }
  const [hi = 0, lo = 0] =
    known && (!isRestart || isAgain) ? [known.hi, known.lo] : secureNumbers(2);
  counters.set(key, { hi, lo, sequence: batch.sequence, toUs: batch.toUs, stream });
  const { site, counter, sequence, fromUs, toUs, forward, backward } = batch;
  const frame: CountFrame = {
    site,
    counter,
    sequence,
    fromUs,
    toUs,
    forward,
    backward,
    sessionHi: hi,
    sessionLo: lo,
  };
  try {
    await parts.publisher.publish(site, encodeCountFrame(frame));
    return settle(undefined);
  } catch (error) {
    parts.logger.error({ err: error, site, counter, sequence }, 'a report of counts was lost');
    return settle(logRefusal(error));
  }
}

function countFault(plans: PlanFollower, batch: CountBatch): Refusal | undefined {
  const now = nowUs();
  const plan = plans.at(batch.site, batch.toUs) ?? plans.at(batch.site, now);
  if (!plan)
    return refusal(
      'REJECT_REASON_UNKNOWN_SITE',
      `no plan of site '${brief(batch.site)}' is on the log`,
    );
  if (!plan.counters.some((counter) => counter.id === batch.counter)) {
    return refusal(
      'REJECT_REASON_UNKNOWN_CAMERA',
      `counter '${brief(batch.counter)}' is not in the plan of '${plan.site}'`,
    );
  }
  const times = [batch.sequence, batch.fromUs, batch.toUs];
  if (!times.every((value) => Number.isSafeInteger(value) && value >= 0) || batch.fromUs === 0) {
    return refusal(
      'REJECT_REASON_MALFORMED',
      'sequence, from_us and to_us must be whole numbers, the times above 0',
    );
  }
  if (batch.toUs <= batch.fromUs || batch.toUs - batch.fromUs > INTERVAL_MAX_US) {
    return refusal(
      'REJECT_REASON_MALFORMED',
      `the interval must be above 0 and at most ${INTERVAL_MAX_US} µs`,
    );
  }
  if (batch.forward > CROSSINGS_MAX || batch.backward > CROSSINGS_MAX) {
    return refusal('REJECT_REASON_MALFORMED', `over ${CROSSINGS_MAX} crossings in one report`);
  }
  if (batch.toUs > now + FUTURE_MAX_US) {
    return refusal(
      'REJECT_REASON_FUTURE',
      'the interval ends ahead of the ingestor’s clock; set the sensor’s clock',
    );
  }
  return undefined;
}
