export { openEmbeddedLog } from './embedded/open.js';
export type { EmbeddedLogOptions } from './embedded/open.js';
export { LogAway } from './faults.js';
export { openKafkaLog } from './kafka/open.js';
export type { KafkaLogOptions } from './kafka/open.js';
export { partitionOf } from './partition.js';
export {
  DEFAULT_PREFIX,
  MAX_METADATA_BYTES,
  MAX_NAME_BYTES,
  MAX_PARTITIONS,
  MAX_RECORD_BYTES,
} from './port.js';
export type {
  EventLog,
  GroupConsumer,
  GroupHandler,
  LogBatch,
  LogOptions,
  LogRecord,
  OutgoingRecord,
  PartitionLag,
  Resume,
  Tail,
  TailedRecord,
  TailOptions,
  TopicSpec,
} from './port.js';
