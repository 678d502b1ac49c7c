import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLog, partitionOf, type EventLog } from '@hitonami/event-log';
import { decodeObservation, type Observation } from '@hitonami/model';
import { TOPIC_NAMES, topicSpecs } from '@hitonami/service';

/** A folder that is removed by `remove`. */
export function temporaryFolder(name: string): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), `hitonami-${name}-`));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** The embedded log of a data folder as the services open it, with their topics. */
export async function openTestLog(dataFolder: string): Promise<EventLog> {
  const log = await openEmbeddedLog({ folder: join(dataFolder, 'log') });
  await log.createTopics(topicSpecs());
  return log;
}

/** All observations of a site that are on the log, oldest first. */
export async function observationsOf(log: EventLog, site: string): Promise<Observation[]> {
  const [spec] = topicSpecs();
  const partition = partitionOf(site, spec?.partitions ?? 1);
  const found: Observation[] = [];
  for await (const { key, value } of log.read(TOPIC_NAMES.observations, partition, 0))
    if (key === site) found.push(decodeObservation(Buffer.from(value)));
  return found;
}

/** Waits until a question is answered with something; fails, naming it, after a time. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 15_000,
): Promise<T> {
  const endMs = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > endMs) throw new Error(`not within ${String(timeoutMs)} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
