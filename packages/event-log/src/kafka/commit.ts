import { HitonamiError } from '@hitonami/model';
import type { Consumer } from 'kafkajs';

export interface Commit {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly metadata: string;
}

/**
 * Commits, and makes sure of it: kafkajs resolves `commitOffsets` without doing anything while its runner is not
 * running (seen in 2.2.4), so only its COMMIT_OFFSETS event counts.
 */
export async function commitConfirmed(consumer: Consumer, commit: Commit): Promise<void> {
  const seen = { confirmed: false };
  const forget = consumer.on(consumer.events.COMMIT_OFFSETS, ({ payload }) => {
    seen.confirmed ||= payload.topics.some(
      ({ topic, partitions }) =>
        topic === commit.topic &&
        partitions.some(
          // The offset is a Long in truth, whatever its type says.
          ({ partition, offset }) =>
            partition === commit.partition && Number(offset) === Number(commit.offset),
        ),
    );
  });
  try {
    await consumer.commitOffsets([{ ...commit }]);
  } finally {
    forget();
  }
  if (!seen.confirmed)
    throw new HitonamiError(
      'UNAVAILABLE',
      `the position ${commit.offset} of ${commit.topic}/${commit.partition} was not committed: ` +
        'the consumer is starting again',
      { canRetry: true },
    );
}
