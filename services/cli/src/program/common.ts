import { Option } from 'commander';

/** What several commands share. */
export const DATA = '.hitonami/up';

/** The data folder, as the services know it too. */
export function dataOption(description: string): Option {
  return new Option('--data <folder>', description).env('HITONAMI_DATA').default(DATA);
}

/** Which log, warehouse and records a command looks into. */
export const STORES_HELP = `
Which log: the embedded one in the data folder, or what the environment names, as for hitonami run:
  HITONAMI_LOG=kafka                     the log is Kafka
  HITONAMI_KAFKA_BROKERS                 host:port, …
  HITONAMI_TOPIC_PREFIX                  default hitonami.
Which warehouse: the embedded one in the data folder, or --url, or HITONAMI_WAREHOUSE_URL, with
  HITONAMI_WAREHOUSE_USER, HITONAMI_WAREHOUSE_PASSWORD
Which records, where a read is noted: those in the data folder, or the PostgreSQL of HITONAMI_RECORDS_URL`;

export const print = (line: string): void => {
  console.log(line);
};
