/** What several commands share. */
export const DATA = '.hitonami/up';

/** Which log and warehouse a command looks into. */
export const LOG_HELP = `
Which log: the embedded one in the data folder, or what the environment names, as for hitonami run:
  HITONAMI_LOG=kafka                     the log is Kafka
  HITONAMI_KAFKA_BROKERS                 host:port, …
  HITONAMI_TOPIC_PREFIX                  default hitonami.
Which warehouse: the embedded one in the data folder, or --url, or HITONAMI_WAREHOUSE_URL, with
  HITONAMI_WAREHOUSE_USER, HITONAMI_WAREHOUSE_PASSWORD`;

export const print = (line: string): void => {
  console.log(line);
};
