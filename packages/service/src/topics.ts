import type { TopicSpec } from '@hitonami/event-log';
import { OBSERVATION_PARTITIONS_DEFAULT } from './config/shapes.js';

const HOUR_MS = 3_600_000;

/** The names of the topics, without the prefix that the event log puts before them. */
export const TOPIC_NAMES = {
  /** What was seen: values are `hitonami.v1.Observation`. */
  observations: 'observations',
  /** The newest of every camera of a site: values are `hitonami.v1.LiveSnapshot`. */
  live: 'live',
  /** What fires, and that it has ended: values are `hitonami.v1.Alert`. */
  alerts: 'alerts',
  /** Versions of site plans: values are `hitonami.v1.PlanVersion`. */
  plans: 'plans',
} as const;

/** The topics with their settings; every record's key is a site id, so one partition carries a site. */
export function topicSpecs(observationPartitions = OBSERVATION_PARTITIONS_DEFAULT): TopicSpec[] {
  return [
    {
      name: TOPIC_NAMES.observations,
      partitions: observationPartitions,
      retentionMs: 24 * HOUR_MS,
    },
    { name: TOPIC_NAMES.live, partitions: 1, retentionMs: HOUR_MS / 6 },
    { name: TOPIC_NAMES.alerts, partitions: 1, retentionMs: 7 * 24 * HOUR_MS },
    { name: TOPIC_NAMES.plans, partitions: 1, retentionMs: Number.POSITIVE_INFINITY },
  ];
}
