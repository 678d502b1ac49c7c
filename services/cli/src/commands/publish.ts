import {
  checkEventLog,
  eventLogShape,
  openLog,
  publishPlan,
  readConfig,
  topicSpecs,
  type Environment,
} from '@hitonami/service';
import { z } from 'zod';
import { readText } from '../read-text.js';
import { commandLogger } from '../command-logger.js';

const publishSchema = z.object(eventLogShape).superRefine(checkEventLog);

export interface PublishOptions {
  /** Data folder of the embedded log. */
  data: string;
}

/** `hitonami publish site.json`: puts a version of a plan on the log that the environment names, or that of a data folder. */
export async function publish(
  planFile: string,
  { data }: PublishOptions,
  environment: Environment,
  print: (line: string) => void,
): Promise<void> {
  const config = readConfig(publishSchema, { ...environment, HITONAMI_DATA: data });
  const planJson = await readText(planFile);
  const log = await openLog(config, 'publish', commandLogger('publish', 'warn'));
  try {
    await log.createTopics(topicSpecs(config.observationPartitions));
    const { plan, inForceFromUs } = await publishPlan(log, planJson, Date.now() * 1000);
    const from =
      inForceFromUs === 0 ? 'the beginning' : new Date(inForceFromUs / 1000).toISOString();
    print(`site ${plan.site}, version ${plan.version}, is on the log, in force from ${from}`);
    const place =
      config.log === 'kafka'
        ? `Kafka at ${config.kafkaBrokers?.join(', ')}, topics ${config.topicPrefix}*`
        : `embedded in ${config.data}`;
    print(`the log: ${place}`);
  } finally {
    await log.close();
  }
}
