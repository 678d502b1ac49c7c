import { COUNT_INTERVAL_MAX_US, encodeCountFrame } from '@hitonami/model';
import {
  writeWithBackpressure,
  type CountBatch,
  type CountReceipt,
  type DoorHandler,
  type Logger,
  type PlanFollower,
} from '@hitonami/service';
import {
  brief,
  FUTURE_MAX_US,
  logRefusal,
  refusal,
  unknownRefusal,
  type Refusal,
} from './admission.js';
import { nowUs } from './clock.js';
import { untilStopped } from './messages.js';
import type { IngestorMetrics } from './metrics.js';
import type { Publisher } from './publisher.js';
import { secureNumbers } from './random.js';
import { SequenceGuard, type Sender } from './sequence-guard.js';

/** More crossings than this in one report are not believed. */
const CROSSINGS_MAX = 1_000_000;

export interface CountDoorParts {
  plans: PlanFollower;
  publisher: Publisher;
  metrics: IngestorMetrics;
  logger: Logger;
}

/** What the ingestor keeps of one counter. */
interface CounterState {
  guard: SequenceGuard<CountReceipt>;
  /** The random number of its session, as two halves. */
  session: Uint32Array;
}

/** For sensors that only count. Reports are few: one at a time is stored, so that one not stored may come again. */
export function countDoor(parts: CountDoorParts): DoorHandler<'CountIngest'> {
  const counters = new Map<string, CounterState>();
  return async (stream, stopping) => {
    const sender: Sender = { open: true };
    try {
      for await (const batch of untilStopped<CountBatch>(stream, stopping))
        await writeWithBackpressure(stream, await takeCounts(parts, counters, batch, sender));
    } finally {
      sender.open = false;
    }
  };
}

async function takeCounts(
  parts: CountDoorParts,
  counters: Map<string, CounterState>,
  batch: CountBatch,
  sender: Sender,
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
  const state = counters.get(key) ?? { guard: new SequenceGuard(), session: secureNumbers(2) };
  counters.set(key, state);
  const report = { sequence: batch.sequence, capturedUs: batch.toUs, fromUs: batch.fromUs };
  const order = state.guard.check(report, sender);
  if (order.kind === 'refused') return settle(order.refusal);
  if (order.kind === 'repeat') return settle((await order.receipt).rejected);
  if (order.kind === 'restart') state.session = secureNumbers(2);
  const receipt = publishCounts(parts, batch, state.session).then((rejected) => {
    if (rejected) state.guard.takeBack(report);
    return settle(rejected);
  });
  state.guard.remember(report, receipt);
  return receipt;
}

/** @returns why it was not stored, where it was not */
async function publishCounts(
  { publisher, logger }: CountDoorParts,
  { site, counter, sequence, fromUs, toUs, forward, backward }: CountBatch,
  [sessionHi = 0, sessionLo = 0]: Uint32Array,
): Promise<Refusal | undefined> {
  const session = { sessionHi, sessionLo };
  const counts = { site, counter, sequence, fromUs, toUs, forward, backward, ...session };
  try {
    await publisher.publish(site, encodeCountFrame(counts));
    return undefined;
  } catch (error) {
    logger.error({ err: error, site, counter, sequence }, 'a report of counts was not stored');
    return logRefusal(error);
  }
}

function countFault(plans: PlanFollower, batch: CountBatch): Refusal | undefined {
  const now = nowUs();
  const { sequence, fromUs, toUs, forward, backward } = batch;
  // What ends as a window ends belongs to that window, and to its plan.
  const plan = plans.at(batch.site, toUs - 1) ?? plans.at(batch.site, now);
  if (!plan) {
    const detail = `no plan of site '${brief(batch.site)}' is on the log; publish it first`;
    return refusal('REJECT_REASON_UNKNOWN_SITE', detail);
  }
  if (!plan.counters.some((counter) => counter.id === batch.counter))
    return unknownRefusal(plans, plan, 'counter', batch.counter);
  const malformed = (detail: string): Refusal => refusal('REJECT_REASON_MALFORMED', detail);
  if (![sequence, fromUs, toUs].every((value) => Number.isSafeInteger(value) && value >= 0))
    return malformed('sequence, from_us and to_us must be whole numbers from 0 to 2^53');
  if (fromUs === 0) return malformed('from_us must be microseconds since 1970, above 0');
  if (toUs <= fromUs || toUs - fromUs > COUNT_INTERVAL_MAX_US)
    return malformed(`to_us must be after from_us, by at most ${COUNT_INTERVAL_MAX_US} µs`);
  if (forward > CROSSINGS_MAX || backward > CROSSINGS_MAX)
    return malformed(`over ${CROSSINGS_MAX} crossings in one report`);
  if (toUs > now + FUTURE_MAX_US) {
    const detail = `the interval ends ${((toUs - now) / 1e6).toFixed(1)} s ahead of the ingestor's clock; set the sensor's clock`;
    return refusal('REJECT_REASON_FUTURE', detail);
  }
  return undefined;
}
