export { startForgetting } from './forgetting.js';
export type { Forgetting, ForgettingOptions } from './forgetting.js';
export { fromWire, toWire } from './grpc/alert-words.js';
export { KEY_PREFIX, environmentKey, readConfig } from './config/read.js';
export type { Environment } from './config/read.js';
export {
  address,
  boolean,
  byteSize,
  durationMs,
  formatAddress,
  httpUrl,
  integer,
  list,
  port,
  text,
} from './config/fields.js';
export type { Address } from './config/fields.js';
export { Secret, optionalSecret, secret } from './config/secret.js';
export {
  INSECURE_CONSENT,
  checkEventLog,
  eventLogShape,
  grpcSecurityShape,
  operationsShape,
} from './config/shapes.js';
export type { EventLogConfig, GrpcSecurityConfig, OperationsConfig } from './config/shapes.js';
export { createLogger } from './logging.js';
export type { Logger, LoggerOptions } from './logging.js';
export { METRIC_LABELS, createMetrics } from './metrics.js';
export type { HistogramOptions, MetricLabel, MetricOptions, Metrics } from './metrics.js';
export { Health } from './health.js';
export type { Heartbeat, LivenessReport, Readiness, ReadinessReport } from './health.js';
export { cannotListen } from './cannot-listen.js';
export type { ListenerWords } from './cannot-listen.js';
export { startOperations } from './operations.js';
export type { Operations, OperationsOptions } from './operations.js';
export { Lifecycle, STOP_PHASES } from './lifecycle.js';
export type { LifecycleOptions, Part, ServiceState, StopReport } from './lifecycle.js';
export { EXIT_CODES, runService, startService } from './run-service.js';
export type {
  ProcessEvents,
  RunOptions,
  RunningService,
  Service,
  ServiceContext,
  Shared,
  StartOptions,
} from './run-service.js';
export { FRAME_FIGURE_METRICS, frameFigures } from './scrape/frame-figures.js';
export type { FrameFigure, FrameFigures } from './scrape/frame-figures.js';
export { parsePrometheus } from './scrape/prometheus-text.js';
export type { Sample, Samples } from './scrape/prometheus-text.js';
export { MetricsSources, rateOf, samplesOf } from './scrape/sources.js';
export type { Source } from './scrape/sources.js';
export { contracts } from './grpc/contracts.js';
export type { Contracts, RecordCodec, StreamMethod } from './grpc/contracts.js';
export type * from './grpc/messages.js';
export { GRPC_LIMITS_DEFAULT } from './grpc/limits.js';
export type { GrpcLimits } from './grpc/limits.js';
export { createGrpcServer } from './grpc/server.js';
export type { DoorHandler, DoorStream, GrpcServer, GrpcServerOptions } from './grpc/server.js';
export { createGrpcClient } from './grpc/client.js';
export type { GrpcClient, GrpcClientOptions } from './grpc/client.js';
export { writeWithBackpressure } from './grpc/backpressure.js';
export { protoFolder } from './grpc/proto-folder.js';
export { openLog } from './open-log.js';
export { TOPIC_NAMES, topicSpecs } from './topics.js';
export { followPlans, publishPlan } from './plan-follower.js';
export type { PlanFollower, PlanInForce } from './plan-follower.js';
export {
  WEBHOOK_IDEMPOTENCY_KEY,
  WEBHOOK_SECRET_LENGTH_MIN,
  WEBHOOK_SIGNATURE,
  deliverWebhook,
  postWebhook,
  signWebhook,
  verifyWebhook,
  webhookRetryMs,
} from './webhook.js';
export type { WebhookMessage, WebhookTarget } from './webhook.js';
