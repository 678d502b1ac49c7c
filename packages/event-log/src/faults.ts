import { HitonamiError, type HitonamiErrorOptions } from '@hitonami/model';
import { MAX_METADATA_BYTES, MAX_NAME_BYTES, MAX_PARTITIONS, MAX_RECORD_BYTES } from './port.js';
import type { LogOptions, OutgoingRecord, TopicSpec } from './port.js';

/** No broker answers for now (`UNAVAILABLE`). Told apart from other parts that do not answer. */
export class LogAway extends HitonamiError {
  constructor(message: string, options: HitonamiErrorOptions = {}) {
    super('UNAVAILABLE', message, options);
  }
}

export type FaultHook = (fault: HitonamiError) => void;

/** The hook of the options, or a process warning: a fault is never dropped. */
export function faultHook(options: LogOptions): FaultHook {
  return (
    options.onFault ??
    ((fault) => {
      process.emitWarning(fault.message, { type: 'EventLogWarning', code: fault.code });
    })
  );
}

export function unknownTopic(topic: string): HitonamiError {
  return new HitonamiError(
    'LOG',
    `the event log has no topic "${topic}": make it with createTopics first`,
    { detail: 'UNKNOWN_TOPIC' },
  );
}

export function unknownPartition(topic: string, partition: number, count: number): HitonamiError {
  return new HitonamiError(
    'LOG',
    `topic "${topic}" has no partition ${partition}: it has ${count}, counted from 0`,
    { detail: 'UNKNOWN_PARTITION' },
  );
}

export function notHeld(group: string, topic: string, partition: number): HitonamiError {
  return new HitonamiError(
    'LOG',
    `group "${group}" may not commit ${topic}/${partition} from here: the partition is not held by this member. ` +
      'Drop its state; whoever holds it resumes from the last commit',
    { detail: 'NOT_HELD' },
  );
}

export function partitionsDiffer(topic: string, has: number, wants: number): HitonamiError {
  return new HitonamiError(
    'CONFIG',
    `topic "${topic}" has ${has} partitions and ${wants} were asked for: a topic keeps its partitions for life, ` +
      'since a key would move. Ask for the same number, or use another topic',
    { detail: 'PARTITIONS_DIFFER' },
  );
}

export function closed(): HitonamiError {
  return new HitonamiError('STOPPED', 'the event log is closed');
}

export function handlerFailed(where: string, cause: unknown): HitonamiError {
  if (cause instanceof HitonamiError && cause.code === 'STOPPED') return cause;
  return new HitonamiError('LOG', `${where} failed: ${messageOf(cause)}`, {
    cause,
    canRetry: true,
    detail: 'HANDLER',
  });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const NAME = /^[A-Za-z0-9._-]+$/;

/** Topic and group names are Kafka's: letters, digits, dot, underscore, hyphen. */
export function checkName(kind: 'topic' | 'group', name: string): void {
  if (NAME.test(name) && name.length <= MAX_NAME_BYTES) return;
  throw new HitonamiError(
    'CONFIG',
    `"${name}" cannot name a ${kind}: use 1 to ${MAX_NAME_BYTES} letters, digits, dots, underscores or hyphens`,
  );
}

export function checkSpec(spec: TopicSpec): void {
  checkName('topic', spec.name);
  if (!Number.isInteger(spec.partitions) || spec.partitions < 1 || spec.partitions > MAX_PARTITIONS)
    throw new HitonamiError(
      'CONFIG',
      `topic "${spec.name}": partitions must be 1 to ${MAX_PARTITIONS}, not ${spec.partitions}`,
    );
  if (!(spec.retentionMs > 0))
    throw new HitonamiError(
      'CONFIG',
      `topic "${spec.name}": retentionMs must be above 0 (Infinity keeps for ever), not ${spec.retentionMs}`,
    );
}

/** Returns the bytes of the records, or throws where one is over a limit. */
export function checkRecords(topic: string, records: readonly OutgoingRecord[]): number {
  let bytes = 0;
  for (const { key, value } of records) {
    // A UTF-16 unit is at most 3 bytes of UTF-8: only long keys need counting.
    if (key.length * 3 > MAX_NAME_BYTES && Buffer.byteLength(key) > MAX_NAME_BYTES)
      throw new HitonamiError(
        'INPUT',
        `a record for topic "${topic}" has a key of ${Buffer.byteLength(key)} bytes; at most ${MAX_NAME_BYTES} are allowed`,
      );
    if (value.byteLength > MAX_RECORD_BYTES)
      throw new HitonamiError(
        'INPUT',
        `a record for topic "${topic}" has ${value.byteLength} bytes; at most ${MAX_RECORD_BYTES} are allowed`,
      );
    bytes += value.byteLength + key.length;
  }
  return bytes;
}

export function checkCommit(topic: string, position: number, metadata: string): void {
  if (!Number.isSafeInteger(position) || position < 0)
    throw new HitonamiError(
      'LOG',
      `${position} is no position to commit for topic "${topic}": it must be a whole number from 0`,
    );
  if (Buffer.byteLength(metadata) > MAX_METADATA_BYTES)
    throw new HitonamiError(
      'LOG',
      `the metadata of a commit for topic "${topic}" has ${Buffer.byteLength(metadata)} bytes; ` +
        `at most ${MAX_METADATA_BYTES} are allowed`,
    );
}
