import { HitonamiError } from '@hitonami/model';
import {
  createGrpcServer,
  followPlans,
  openLog,
  startForgetting,
  topicSpecs,
  type DoorHandler,
  type GrpcServer,
  type Service,
} from '@hitonami/service';
import { shippedDetector, startInferencePool, type InferencePool } from '@hitonami/vision';
import { Cameras } from './cameras.js';
import { ingestorSchema, type IngestorConfig } from './config.js';
import { countDoor } from './count-door.js';
import { frameDoor } from './frame-door.js';
import { ingestorMetrics } from './metrics.js';
import { Permits } from './permits.js';
import { positionDoor } from './position-door.js';
import { Publisher } from './publisher.js';
import { stillDoor } from './still-door.js';
import { startTicker } from './ticker.js';

/** The setting for an ingestor that takes no frames. */
const NO_MODEL = 'none';
/** Frames in one worker at a time: one is inferred while the next is decoded. */
const FRAMES_PER_WORKER = 2;
/** The event loop is expected to get round this often, ms. */
const LOOP_SILENCE_MAX_MS = 10_000;
/** Twice what the decoder takes: a frame over its limit is told so by a receipt, and only one over this ends the stream. */
const MESSAGE_BYTES_MAX = 16 * 1_024 * 1_024;
/** For open streams to end by themselves at a stop, ms. */
const STREAMS_END_MS = 5_000;

/** What another part of the same process may want to know of a running ingestor. */
export interface IngestorHandle {
  address: GrpcServer['address'];
  /** What stands behind the door for frames, for whoever brings them without a network. */
  frames: DoorHandler<'FrameIngest'>;
}

/** Frames, positions and counts in; anonymous positions out. */
export function ingestorService(
  onReady?: (handle: IngestorHandle) => void,
): Service<IngestorConfig> & { schema: typeof ingestorSchema } {
  return {
    name: 'ingestor',
    schema: ingestorSchema,
    async start({ config, logger, metrics: registry, health, own }) {
      const log = await openLog(config, 'ingestor', logger);
      own({ name: 'event log', disconnect: () => log.close() });
      await log.createTopics(topicSpecs(config.observationPartitions));
      const plans = await followPlans(log, logger);
      own({ name: 'plans', disconnect: () => plans.stop() });
      const pool = await poolOf(config);
      if (pool) own({ name: 'inference', disconnect: () => pool.close() });
      if (pool?.model.yields === 'density') {
        throw new HitonamiError(
          'CONFIG',
          `${pool.model.fileName} counts people and finds nobody (a density map): it gives no place on the floor, so ` +
            'no track, crossing or density of an area could come of it, and every frame would look empty. Give a ' +
            'detector with boxes; hitonami evaluate judges a count.',
        );
      }
      if (!pool) logger.info('HITONAMI_MODEL is none: frames will be refused');
      const forgetting = startForgetting({
        onForgotten: (tookS) => {
          metrics.forgetting.observe(tookS);
        },
      });
      const letGo = (): void => {
        forgetting.letGo();
      };
      own({
        name: 'forgetting',
        disconnect: () => {
          forgetting.stop();
        },
      });
      const metrics = ingestorMetrics(registry, letGo);
      const publisher = new Publisher(log, logger);
      own({ name: 'publisher', flush: () => publisher.drain() });
      const cameras = new Cameras(
        new Permits(config.inferenceWorkers * FRAMES_PER_WORKER),
        config.cameraQueue,
      );
      own({ name: 'cameras', close: () => cameras.close() });
      const heartbeat = health.heartbeat('ingestor', LOOP_SILENCE_MAX_MS);
      if (config.ticks === 'on') {
        const ticker = startTicker(plans, publisher, logger, () => {
          heartbeat.beat();
        });
        own({
          name: 'ticker',
          close: () => {
            ticker.stop();
          },
        });
      } else heartbeat.end();
      const frames = frameDoor({ plans, cameras, pool, publisher, metrics, logger });
      const server = await createGrpcServer({
        address: config.grpcAddress,
        security: config,
        logger,
        metrics: { registry, service: 'ingestor' },
        limits: { messageBytesMax: MESSAGE_BYTES_MAX },
        implementations: {
          FrameIngest: frames,
          PositionIngest: positionDoor({ plans, cameras, publisher, metrics, logger }),
          CountIngest: countDoor({ plans, publisher, metrics, logger }),
          StillCheck: stillDoor({ pool, logger, letGo }),
        },
      });
      own({
        name: 'doors',
        close: () => {
          server.close();
        },
        finish: async () => {
          const { cut } = await server.stop(STREAMS_END_MS);
          if (cut > 0)
            logger.warn({ cut }, 'streams were cut, since their senders did not end them');
        },
      });
      logger.info({ address: server.address }, 'the doors are open');
      onReady?.({ address: server.address, frames });
    },
  };
}

async function poolOf({
  model,
  inferenceWorkers,
}: IngestorConfig): Promise<InferencePool | undefined> {
  if (model === NO_MODEL) return undefined;
  return startInferencePool({ modelPath: model ?? shippedDetector(), workers: inferenceWorkers });
}
