import type { EventLog, LogOptions } from '../port.js';
export interface KafkaLogOptions extends LogOptions {
  readonly brokers: readonly string[];
}
export function openKafkaLog(_options: KafkaLogOptions): Promise<EventLog> {
  throw new Error('soon');
}
