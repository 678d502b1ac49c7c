import type { TopicSpec } from '@hitonami/event-log';
import { OBSERVATION_PARTITIONS_DEFAULT } from './config/shapes.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Longest life of a pseudonym: 15 min, and the fifth by which its end is jittered (`@hitonami/privacy`). */
const PSEUDONYM_MS_MAX = 18 * MINUTE_MS;
/**
 * What a recovery needs beside that: an aggregator that starts again folds from where its open windows and its memory of
 * journeys begin, some ten minutes back, and for as long as the warehouse or the aggregator may be away without a loss.
 * An hour is what somebody who is paged needs to mend it; longer would keep everybody's paths with pseudonyms for the sake
 * of rare faults, and what is lost then is counts.
 */
export const RECOVERY_MS = HOUR_MS;
/** How long positions with their pseudonyms stay on the log. */
export const OBSERVATIONS_KEPT_MS = PSEUDONYM_MS_MAX + RECOVERY_MS;

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
      retentionMs: OBSERVATIONS_KEPT_MS,
    },
    { name: TOPIC_NAMES.live, partitions: 1, retentionMs: 10 * MINUTE_MS },
    { name: TOPIC_NAMES.alerts, partitions: 1, retentionMs: 7 * 24 * HOUR_MS },
    { name: TOPIC_NAMES.plans, partitions: 1, retentionMs: Number.POSITIVE_INFINITY },
  ];
}
