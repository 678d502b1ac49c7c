import { join } from 'node:path';
import { openEmbeddedLog, openKafkaLog } from '@hitonami/event-log';
import type { EventLog } from '@hitonami/event-log';
import { HitonamiError } from '@hitonami/model';
import type { EventLogConfig } from './config/shapes.js';
import type { Logger } from './logging.js';

/** Where the embedded log lies within the data folder. */
const EMBEDDED_FOLDER = 'log';

/**
 * Opens the event log that the configuration names.
 *
 * @param clientId how the broker's own log calls this process
 * @throws HitonamiError `CONFIG` or `LOG`
 */
export async function openLog(
  config: EventLogConfig,
  clientId: string,
  logger: Logger,
): Promise<EventLog> {
  const common = {
    prefix: config.topicPrefix,
    onFault: (fault: HitonamiError) => {
      logger.error({ err: fault }, 'a fault of the event log that nobody waits for');
    },
  };
  if (config.log === 'embedded') {
    return await openEmbeddedLog({ ...common, folder: join(config.data, EMBEDDED_FOLDER) });
  }
  if (config.kafkaBrokers === undefined) {
    throw new HitonamiError('CONFIG', 'HITONAMI_LOG=kafka needs HITONAMI_KAFKA_BROKERS.');
  }
  const options = { ...common, brokers: config.kafkaBrokers, clientId };
  return await openKafkaLog(options);
}
