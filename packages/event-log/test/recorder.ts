import type { GroupHandler, LogBatch, LogRecord, Resume } from '../src/index.js';

/** A handler that writes down what it is told. */
export class Recorder implements GroupHandler {
  readonly events: string[] = [];
  readonly resumes = new Map<string, Resume>();
  readonly records: (LogRecord & { topic: string; partition: number })[] = [];
  readonly batches: LogBatch[] = [];
  /** Runs within `batch`, before it settles. */
  onBatch: (batch: LogBatch) => Promise<void> | void = () => undefined;

  assigned(topic: string, partition: number, resume: Resume): void {
    this.events.push(`assigned ${topic}/${partition}`);
    this.resumes.set(`${topic}/${partition}`, resume);
  }

  lost(topic: string, partition: number): void {
    this.events.push(`lost ${topic}/${partition}`);
  }

  async batch(batch: LogBatch): Promise<void> {
    await this.onBatch(batch);
    this.batches.push(batch);
    for (const record of batch.records)
      this.records.push({ ...record, topic: batch.topic, partition: batch.partition });
  }

  texts(): string[] {
    return this.records.map(({ value }) => value.toString());
  }
}

/** Waits until the condition holds; the error says what was awaited and what was there instead. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  seen: () => unknown = () => '',
  limitMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > deadline)
      throw new Error(
        `waited ${limitMs} ms in vain until ${what}; seen: ${JSON.stringify(seen())}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export async function collect(records: AsyncIterable<LogRecord>): Promise<LogRecord[]> {
  const all: LogRecord[] = [];
  for await (const record of records) all.push(record);
  return all;
}
