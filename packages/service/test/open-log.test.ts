import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TOPIC_NAMES, contracts, createLogger, openLog, topicSpecs } from '../src/index.js';

const logger = createLogger({ service: 'test', level: 'silent' });
const settings = { topicPrefix: 'hitonami.', observationPartitions: 2 };

describe('the event log of a configuration', () => {
  it('is embedded in the data folder, takes the topics, and is there again when reopened', async () => {
    const data = mkdtempSync(join(tmpdir(), 'hitonami-log-'));
    try {
      const config = { ...settings, log: 'embedded', data } as const;
      const plan = { site: 's', version: 1, inForceFromUs: 5, planJson: '{}' };
      const log = await openLog(config, 'test', logger);
      await log.createTopics(topicSpecs(config.observationPartitions));
      await log.append(TOPIC_NAMES.plans, [
        { key: 's', value: contracts().planVersion.encode(plan) },
      ]);
      await log.close();
      const again = await openLog(config, 'test', logger);
      const plans = [];
      for await (const { key, value } of again.read(TOPIC_NAMES.plans, 0, 0)) {
        plans.push({ key, plan: contracts().planVersion.decode(value) });
      }
      expect(plans).toEqual([{ key: 's', plan }]);
      await again.close();
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });

  it('is refused where Kafka is chosen and no broker named', async () => {
    const config = { ...settings, log: 'kafka', data: '.' } as const;
    await expect(openLog(config, 'test', logger)).rejects.toMatchObject({ code: 'CONFIG' });
  });
});

describe('the topics', () => {
  it('keep plans for ever, alerts for a week, live snapshots for ten minutes, and observations for the longest pseudonym and an hour', () => {
    expect(topicSpecs()).toEqual([
      { name: 'observations', partitions: 4, retentionMs: 4_680_000 },
      { name: 'live', partitions: 1, retentionMs: 600_000 },
      { name: 'alerts', partitions: 1, retentionMs: 604_800_000 },
      { name: 'plans', partitions: 1, retentionMs: Number.POSITIVE_INFINITY },
    ]);
  });
});
