import type { KafkaMessage } from 'kafkajs';
import type { LogRecord } from '../port.js';

const EMPTY = Buffer.alloc(0);

/** Wraps without copying: the value is kafkajs's own view. Keys repeat (they are site ids), so each is decoded once in a row. */
export function wrapRecords(messages: readonly KafkaMessage[]): LogRecord[] {
  let keyBytes: Buffer = EMPTY;
  let key = '';
  return messages.map((message) => {
    const bytes = message.key ?? EMPTY;
    if (!bytes.equals(keyBytes)) {
      keyBytes = bytes;
      key = bytes.toString();
    }
    return { offset: Number(message.offset), key, value: message.value ?? EMPTY };
  });
}
