import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { requireOrSkip } from './require.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const POM = join(ROOT, 'test/support/kafka/pom.xml');
const FETCH_LIMIT_MS = 240_000;
const START_LIMIT_MS = 60_000;
const START_ATTEMPTS = 3;
const READY_LINE = 'Kafka Server started';

/** A real Apache Kafka broker for a test. */
export interface KafkaBroker {
  /** `host:port`, for clients. */
  readonly brokers: string[];
  /** Put it before every topic and group: the broker may be shared. */
  readonly prefix: string;
  /** Ends the broker and deletes its data. */
  stop(): Promise<void>;
  /** Kills the broker. Not there where `KAFKA_BROKERS` names the broker. */
  readonly crash?: () => Promise<void>;
  /** Starts it on its data and port, after killing it where it runs. */
  readonly restart?: () => Promise<void>;
}

let available: Promise<string | undefined> | undefined;

/** Whether a broker can be had; fetches its jars where they are missing. */
export async function kafkaAvailable(): Promise<boolean> {
  return (await (available ??= whyNot())) === undefined;
}

/** For `describe.skipIf(!(await requireKafka()))`: says in one line why not, or throws under `HITONAMI_REQUIRE=all`. */
export async function requireKafka(): Promise<boolean> {
  const ok = await kafkaAvailable();
  return requireOrSkip('Apache Kafka', ok, (await available) ?? '');
}

/**
 * Starts a single broker (KRaft, controller and broker in one) on free ports of the loopback with its data in a
 * temporary folder; or, where `KAFKA_BROKERS` is set (comma-separated), uses that one. Takes 3 to 10 s.
 */
export async function startKafka(): Promise<KafkaBroker> {
  const prefix = `test-${randomBytes(4).toString('hex')}.`;
  const external = process.env['KAFKA_BROKERS'];
  if (external !== undefined && external !== '')
    return { brokers: external.split(','), prefix, stop: () => Promise.resolve() };
  const classPath = join(await fetchJars(), '*');
  for (let attempt = 1; ; attempt++) {
    const folder = await mkdtemp(join(tmpdir(), 'hitonami-kafka-'));
    const port = await freePort();
    try {
      await writeFile(
        join(folder, 'server.properties'),
        properties(folder, port, await freePort()),
      );
      await format(classPath, folder);
      let broker = await startBroker(classPath, folder);
      return {
        brokers: [`127.0.0.1:${port}`],
        prefix,
        crash: () => endBroker(broker),
        restart: async () => {
          await endBroker(broker);
          broker = await startBroker(classPath, folder);
        },
        stop: async () => {
          await endBroker(broker);
          await rm(folder, { recursive: true, force: true });
        },
      };
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      // Another process may have taken the port meanwhile.
      if (attempt >= START_ATTEMPTS || !/in use|BindException/.test(String(error))) throw error;
    }
  }
}

async function whyNot(): Promise<string | undefined> {
  const external = process.env['KAFKA_BROKERS'];
  if (external !== undefined && external !== '') return undefined;
  const java = await run('java', ['-version']).then(
    ({ stderr, stdout }) => /version "(\d+)/.exec(stderr + stdout)?.[1],
    () => undefined,
  );
  if (Number(java ?? 0) < 17)
    return `Java 17 or newer is needed (${java === undefined ? 'none' : java} on the PATH), or KAFKA_BROKERS`;
  return fetchJars().then(
    () => undefined,
    (error: unknown) =>
      `its jars could not be fetched with Maven (mvn): ${String(error).replace(/\s+/g, ' ').slice(0, 300)}`,
  );
}

/** Brings the broker's jars into the cache, once: under a lock, and renamed into place when whole. */
async function fetchJars(): Promise<string> {
  const version = /<artifactId>kafka_[\d.]+<\/artifactId>\s*<version>([^<]+)</.exec(
    readFileSync(POM, 'utf8'),
  )?.[1];
  const jars = join(ROOT, '.cache', `kafka-${version ?? 'unknown'}`);
  if (existsSync(jars)) return jars;
  await mkdir(join(ROOT, '.cache'), { recursive: true });
  const lock = `${jars}.lock`;
  const deadline = Date.now() + FETCH_LIMIT_MS + 10_000;
  while (!(await takeLock(lock))) {
    if (existsSync(jars)) return jars;
    if (Date.now() > deadline) throw new Error(`another process holds ${lock} for too long`);
    await sleep(200);
  }
  try {
    if (existsSync(jars)) return jars;
    const partial = `${jars}.partial-${process.pid}`;
    const target = `-DoutputDirectory=${partial}`;
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', target];
    await run('mvn', ['-q', '-B', '-f', POM, ...goal], { timeout: FETCH_LIMIT_MS });
    await rename(partial, jars);
    return jars;
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function takeLock(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch {
    const made = await stat(lock).catch(() => undefined);
    if (made !== undefined && Date.now() - made.mtimeMs > FETCH_LIMIT_MS)
      await rm(lock, { recursive: true, force: true });
    return false;
  }
}

function properties(folder: string, port: number, controllerPort: number): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:${controllerPort}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${join(folder, 'data')}
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
num.network.threads=2
num.io.threads=2
log.cleaner.dedupe.buffer.size=4194304
log.index.size.max.bytes=1048576
`;
}

async function format(classPath: string, folder: string): Promise<void> {
  // Kafka's tool would take an id that begins with '-' for an option.
  const clusterId = `h${randomBytes(16).toString('base64url').slice(1)}`;
  const tool = ['kafka.tools.StorageTool', 'format', '--standalone', '-t', clusterId];
  const config = ['-c', join(folder, 'server.properties')];
  const jvm = [...quickStart(), '-cp', classPath];
  await run('java', [...jvm, ...tool, ...config], { timeout: START_LIMIT_MS });
}

function quickStart(): string[] {
  return ['-Xmx256m', '-Xms64m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
}

/** The shell kills the broker when its standard input closes: so it never outlives this process, however that ends. */
const LEASH =
  '"$@" </dev/null & broker=$!; exec 3<&0; (cat <&3 >/dev/null; kill -9 $broker) & wait $broker';

async function startBroker(classPath: string, folder: string): Promise<ChildProcess> {
  const logFile = join(folder, 'broker.log');
  const out = openSync(logFile, 'w');
  const java = [
    'java',
    ...quickStart(),
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
    ...['-cp', classPath, 'kafka.Kafka', join(folder, 'server.properties')],
  ];
  const broker = spawn('sh', ['-c', LEASH, 'sh', ...java], { stdio: ['pipe', out, out] });
  closeSync(out);
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    const log = await readFile(logFile, 'utf8');
    if (log.includes(READY_LINE)) return broker;
    const ended = broker.exitCode !== null || broker.signalCode !== null;
    if (ended || Date.now() > deadline) {
      await endBroker(broker);
      const what = ended ? 'ended' : `was not ready within ${START_LIMIT_MS} ms`;
      throw new Error(`the Kafka broker ${what}; the end of its log:\n${log.slice(-3000)}`);
    }
    await sleep(50);
  }
}

async function endBroker(broker: ChildProcess): Promise<void> {
  if (broker.exitCode !== null || broker.signalCode !== null) return;
  const ended = new Promise((resolve) => broker.once('exit', resolve));
  broker.stdin?.end();
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no free port'));
        else resolve(address.port);
      });
    });
  });
}
