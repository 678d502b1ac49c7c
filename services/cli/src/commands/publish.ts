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
import { readText } from './check.js';
import { commandLogger } from '../command-logger.js';

const publishSchema = z.object(eventLogShape).superRefine(checkEventLog);

/** `hitonami publish site.json`: puts a version of a plan on the log that the environment names. */
export async function publish(
  planFile: string,
  environment: Environment,
  print: (line: string) => void,
): Promise<void> {
  const config = readConfig(publishSchema, environment);
  const log = await openLog(config, 'publish', commandLogger('publish', 'warn'));
  try {
    await log.createTopics(topicSpecs(config.observationPartitions));
    const { plan, inForceFromUs } = await publishPlan(
      log,
      await readText(planFile),
      Date.now() * 1000,
    );
    const from =
      inForceFromUs === 0 ? 'the beginning' : new Date(inForceFromUs / 1000).toISOString();
    print(`site ${plan.site}, version ${plan.version}, is on the log, in force from ${from}`);
  } finally {
    await log.close();
  }
}
