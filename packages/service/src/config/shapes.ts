import { z } from 'zod';
import { address, durationMs, integer, list, text } from './fields.js';

/** The default of `HITONAMI_OBSERVATION_PARTITIONS`: how many aggregators can share the sites. */
export const OBSERVATION_PARTITIONS_DEFAULT = 4;

/** Which event log: `HITONAMI_LOG`, `HITONAMI_KAFKA_BROKERS`, `HITONAMI_DATA`, … Spread into a service's schema. */
export const eventLogShape = {
  /** `kafka`, or `embedded` in the data folder. */
  log: z.enum(['kafka', 'embedded']).default('embedded'),
  /** `host:port` of at least one broker; needed with `kafka`, refused with `embedded`. */
  kafkaBrokers: list('must be host:port of one or more brokers, separated by commas').optional(),
  /** The folder that everything embedded lives in. */
  data: text('give the path of a folder').default('.hitonami'),
  /** Put before the name of every topic. */
  topicPrefix: text('give a short text that ends in a dot').default('hitonami.'),
  observationPartitions: integer(1, 1_024).prefault(String(OBSERVATION_PARTITIONS_DEFAULT)),
};

/** What operators look at: `HITONAMI_METRICS_ADDRESS` and `HITONAMI_LOG_LEVEL`; and how long a stop may take. */
export const operationsShape = {
  /** Where `/metrics`, `/healthz` and `/readyz` are served. */
  metricsAddress: address().prefault('127.0.0.1:9464'),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  /** `HITONAMI_STOP_DEADLINE`: after it a stop is forced, and the exit code says so. */
  stopDeadline: durationMs(100, 600_000).prefault('20s'),
};

/** The words that allow gRPC without TLS beyond this machine. */
export const INSECURE_CONSENT = 'yes-inside-a-private-network';

/** Transport security of gRPC: `HITONAMI_GRPC_TLS_CERT`, `…_KEY`, `…_CA` (PEM files), `HITONAMI_GRPC_INSECURE`. */
export const grpcSecurityShape = {
  grpcTlsCert: text('give the path of a PEM file').optional(),
  grpcTlsKey: text('give the path of a PEM file').optional(),
  /** A server with it asks clients for a certificate of this authority; a client trusts only it. */
  grpcTlsCa: text('give the path of a PEM file').optional(),
  grpcInsecure: z.literal(INSECURE_CONSENT).optional(),
};

export interface EventLogConfig {
  log: 'kafka' | 'embedded';
  kafkaBrokers?: string[] | undefined;
  data: string;
  topicPrefix: string;
  observationPartitions: number;
}

export interface OperationsConfig {
  metricsAddress: { host: string; port: number };
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
  stopDeadline: number;
}

export interface GrpcSecurityConfig {
  grpcTlsCert?: string | undefined;
  grpcTlsKey?: string | undefined;
  grpcTlsCa?: string | undefined;
  grpcInsecure?: typeof INSECURE_CONSENT | undefined;
}

/** A cross-check of the event log's keys; chain it to the schema: `z.object({...}).superRefine(checkEventLog)`. */
export function checkEventLog(config: EventLogConfig, context: z.RefinementCtx): void {
  if (config.log === 'kafka' && config.kafkaBrokers === undefined) {
    context.addIssue({
      code: 'custom',
      path: ['kafkaBrokers'],
      message: 'with HITONAMI_LOG=kafka, name one or more brokers as host:port',
    });
  }
  if (config.log === 'embedded' && config.kafkaBrokers !== undefined) {
    context.addIssue({
      code: 'custom',
      path: ['kafkaBrokers'],
      message: 'has no effect on the embedded log: set HITONAMI_LOG=kafka, or unset this',
    });
  }
}
