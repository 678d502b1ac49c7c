import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmbeddedLog, openKafkaLog, type EventLog } from '@hitonami/event-log';
import { windowStartUs } from '@hitonami/model';
import { publishPlan, TOPIC_NAMES, topicSpecs } from '@hitonami/service';
import { startEmbeddedWarehouse, type EmbeddedWarehouse } from '@hitonami/warehouse';
import kafkajs from 'kafkajs';
import { requireKafka, startKafka, type KafkaBroker } from '../support/kafka-broker.js';
import { watch, type Span, type WatchOrder } from './aggregator-watch.js';
import { median, type BenchOptions, type Figure } from './measure.js';
import { FRAMES_PER_S, PEOPLE_PER_FRAME, traffic, trafficPlanText } from './traffic.js';

const GOAL_PEOPLE_PER_S = 1_500_000;
const WINDOW_US = 10_000_000;
/** Event time behind the span that is measured, so that its last window closes, s. */
const TAIL_S = 2;
const RECORDS_PER_APPEND = 500;

interface Scale {
  /** Event time that warms the processes up, and event time that is measured, s. */
  warmS: number;
  measuredS: number;
  rounds: number;
}

/** From a filled log to rows committed in the embedded warehouse: the real service in a process of its own. */
export async function aggregator(options: BenchOptions): Promise<Figure[]> {
  const scale: Scale = options.quick
    ? { warmS: 60, measuredS: 100, rounds: 1 }
    : { warmS: 100, measuredS: 400, rounds: 3 };
  const engine = await startEmbeddedWarehouse({ folder: join(options.folder, 'warehouse') });
  try {
    const bench = new AggregatorBench(options, scale, engine);
    return [...(await bench.kafka()), ...(await bench.embedded())];
  } finally {
    await engine.stop();
  }
}

class AggregatorBench {
  private readonly options: BenchOptions;
  private readonly scale: Scale;
  private readonly engine: EmbeddedWarehouse;
  private readonly startUs: number;
  private databases = 0;

  constructor(options: BenchOptions, scale: Scale, engine: EmbeddedWarehouse) {
    this.options = options;
    this.scale = scale;
    this.engine = engine;
    // The last hour, so that no row is past its time and none is ahead of it.
    this.startUs = windowStartUs((Date.now() - 3_600_000) * 1000, WINDOW_US);
  }

  async kafka(): Promise<Figure[]> {
    const keys = ['aggregator_people_per_s', 'aggregator_people_per_cpu_s'] as const;
    if (!(await requireKafka())) return this.figures(keys, [], 'Kafka', GOAL_PEOPLE_PER_S);
    const broker = await startKafka();
    try {
      const { brokers, prefix } = broker;
      const log = await openKafkaLog({ brokers, prefix, replicationFactor: 1 });
      await this.fill(log, 'Kafka');
      await log.close();
      const order = (): WatchOrder =>
        this.order({
          HITONAMI_LOG: 'kafka',
          HITONAMI_KAFKA_BROKERS: brokers.join(','),
          HITONAMI_TOPIC_PREFIX: prefix,
        });
      const spans: Span[] = [];
      const bare: Span[] = [];
      for (let round = 0; round < this.scale.rounds; round++) {
        this.options.say(`aggregator from Kafka, round ${String(round + 1)}`);
        await forgetGroups(broker);
        spans.push(await watch('aggregator-process.js', order(), this.options.profiles));
        bare.push(await watch('bare-chain-process.js', order()));
      }
      return [
        ...this.figures(keys, spans, 'Kafka', GOAL_PEOPLE_PER_S),
        {
          key: 'aggregator_chain_ratio',
          value: median(spans.map((span, i) => perCpuS(span) / perCpuS(bare[i] as Span))),
          unit: '',
          what: '… over kafkajs with a loop that only decodes x and y, looks the cell up and counts (CPU time)',
        },
      ];
    } finally {
      await broker.stop();
    }
  }

  async embedded(): Promise<Figure[]> {
    const keys = [
      'aggregator_embedded_people_per_s',
      'aggregator_embedded_people_per_cpu_s',
    ] as const;
    const filled = join(this.options.folder, 'filled');
    const log = await openEmbeddedLog({ folder: join(filled, 'log') });
    await this.fill(log, 'the embedded log');
    await log.close();
    const spans: Span[] = [];
    for (let round = 0; round < this.scale.rounds; round++) {
      this.options.say(`aggregator from the embedded log, round ${String(round + 1)}`);
      const data = join(this.options.folder, `data-${String(round)}`);
      await cp(filled, data, { recursive: true });
      const order = this.order({ HITONAMI_LOG: 'embedded', HITONAMI_DATA: data });
      spans.push(await watch('aggregator-process.js', order, this.options.profiles));
    }
    return this.figures(keys, spans, 'the embedded log');
  }

  /** The plan and all records, before any clock starts. */
  private async fill(log: EventLog, name: string): Promise<void> {
    const seconds = this.scale.warmS + this.scale.measuredS + TAIL_S;
    const people = seconds * FRAMES_PER_S * PEOPLE_PER_FRAME;
    this.options.say(
      `filling ${name} with ${String(seconds)} s of 100 cameras, ${people.toLocaleString('en')} people`,
    );
    // One partition carries a site: more would stay empty.
    await log.createTopics(topicSpecs(1));
    await publishPlan(log, trafficPlanText(), this.startUs);
    let records: { key: string; value: Buffer }[] = [];
    let appended: Promise<void> = Promise.resolve();
    for (const value of traffic(this.startUs, seconds)) {
      records.push({ key: 'bench', value });
      if (records.length < RECORDS_PER_APPEND) continue;
      await appended;
      appended = log.append(TOPIC_NAMES.observations, records);
      records = [];
    }
    await appended;
    await log.append(TOPIC_NAMES.observations, records);
  }

  private order(log: Record<string, string>): WatchOrder {
    const { warmS, measuredS } = this.scale;
    return {
      environment: {
        ...log,
        HITONAMI_OBSERVATION_PARTITIONS: '1',
        HITONAMI_WAREHOUSE_URL: this.engine.url,
        // A database of its own for every round: what was written before is not replaced.
        HITONAMI_WAREHOUSE_DATABASE: `bench_${String(++this.databases)}`,
      },
      warmFrames: warmS * FRAMES_PER_S,
      frames: (warmS + measuredS) * FRAMES_PER_S,
      writtenUntilUs: this.startUs + (warmS + measuredS) * 1e6,
    };
  }

  private figures(
    [perS, perCpu]: readonly [string, string],
    watched: readonly Span[],
    from: string,
    goal?: number,
  ): Figure[] {
    // In the short form all may be folded before the clock starts: that measures nothing.
    const spans = watched.filter(({ frames }) => frames > 0);
    const of = (seconds: (span: Span) => number): number | undefined =>
      spans.length === 0
        ? undefined
        : median(spans.map((span) => (span.frames * PEOPLE_PER_FRAME) / seconds(span)));
    if (spans.length > 0) {
      const busy = median(spans.map(({ loopBusyS, wallS }) => loopBusyS / wallS));
      const cpu = median(spans.map(({ cpuS, wallS }) => cpuS / wallS));
      this.options.say(
        `the aggregator’s thread was busy for ${(100 * busy).toFixed(0)} % of the time, its process had ${cpu.toFixed(2)} cores`,
      );
    }
    return [
      {
        key: perS,
        value: of(({ wallS }) => wallS),
        unit: 'people/s',
        what: `from ${from} to rows committed, by the clock; broker and engine run beside it`,
        ...(goal !== undefined && { goal }),
      },
      {
        key: perCpu,
        value: of(({ cpuS }) => cpuS),
        unit: 'people/CPU s',
        what: 'the same by the CPU time of the aggregator’s process, all its threads',
      },
    ];
  }
}

function perCpuS({ frames, cpuS }: Span): number {
  return frames / cpuS;
}

/** So that the next aggregator begins at the first record. */
async function forgetGroups({ brokers, prefix }: KafkaBroker): Promise<void> {
  const admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  const { groups } = await admin.listGroups();
  const ours = groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(prefix));
  if (ours.length > 0) await admin.deleteGroups(ours);
  await admin.disconnect();
}
