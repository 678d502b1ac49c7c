import { format } from 'node:util';
import { Server, setLogger, status } from '@grpc/grpc-js';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { HitonamiError } from '@hitonami/model';
import { HealthImplementation } from 'grpc-health-check';
import { cannotListen } from '../cannot-listen.js';
import { formatAddress } from '../config/fields.js';
import type { Address } from '../config/fields.js';
import type { GrpcSecurityConfig } from '../config/shapes.js';
import type { Logger } from '../logging.js';
import type { Metrics } from '../metrics.js';
import { contracts } from './contracts.js';
import { GRPC_LIMITS_DEFAULT, channelOptions } from './limits.js';
import type { GrpcLimits } from './limits.js';
import type { Door, Doors } from './messages.js';
import { overwriteReceived } from './overwrite-received.js';
import { certificateExpiryS, serverCredentials } from './security.js';

export interface DoorStream<D extends Door> extends ServerDuplexStream<
  Doors[D]['request'],
  Doors[D]['response']
> {
  /** Unlike that of a plain duplex stream it leaves the sending half open when the receiving half has ended. */
  [Symbol.asyncIterator](): NodeJS.AsyncIterator<Doors[D]['request']>;
}

/**
 * Serves one stream. Read it with `for await`, which holds the sender back while the loop is busy; answer with
 * `writeWithBackpressure`; return when the sender has ended or `stopping` is aborted: the stream is ended then. What
 * it throws ends the stream with INTERNAL, without telling the sender what it was.
 */
export type DoorHandler<D extends Door> = (
  stream: DoorStream<D>,
  stopping: AbortSignal,
) => Promise<void>;

export interface GrpcServerOptions {
  address: Address;
  implementations: { readonly [D in Door]?: DoorHandler<D> };
  logger: Logger;
  security?: GrpcSecurityConfig;
  limits?: Partial<GrpcLimits>;
  /** Where it is told until when the certificate is valid, and under which service's name. */
  metrics?: { registry: Metrics; service: string };
}

export interface GrpcServer {
  /** Where it listens; the port is the real one also where 0 was asked for. */
  readonly address: Address;
  /** Streams open now. */
  readonly openStreams: number;
  /** What the standard health service answers for every door. */
  setServing(isServing: boolean): void;
  /** Closes the door: not serving, no new stream; `stopping` is aborted and streams may finish. */
  close(): void;
  /** Closes the door and waits for the open streams; those still open after the deadline are cut. */
  stop(deadlineMs: number): Promise<{ cut: number }>;
}

/**
 * Serves the doors that have an implementation, with the standard health and reflection services.
 *
 * @throws HitonamiError `CONFIG` for an address that cannot be used, or one beyond this machine without TLS or consent.
 */
export async function createGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  overwriteReceived();
  quietBinding();
  const credentials = serverCredentials(options.address, options.security ?? {});
  if (options.metrics) showExpiry(options.metrics, certificateExpiryS(options.security ?? {}));
  const server = new Server(channelOptions({ ...GRPC_LIMITS_DEFAULT, ...options.limits }));
  const stopping = new AbortController();
  const open = new Set<DoorStream<Door>>();

  const doors: string[] = [];

  function addDoor<D extends Door>(door: D, handler: DoorHandler<D> | undefined): void {
    if (handler === undefined) return;
    doors.push(`hitonami.v1.${door}`);
    server.addService(contracts().doors[door], {
      Stream: (stream: DoorStream<D>) => {
        stream[Symbol.asyncIterator] = () =>
          stream.iterator({ destroyOnReturn: false }) as NodeJS.AsyncIterator<Doors[D]['request']>;
        const entry = stream as unknown as DoorStream<Door>;
        open.add(entry);
        void serve(door, handler, stream, stopping.signal, options.logger).finally(() =>
          open.delete(entry),
        );
      },
    });
  }
  addDoor('FrameIngest', options.implementations.FrameIngest);
  addDoor('PositionIngest', options.implementations.PositionIngest);
  addDoor('CountIngest', options.implementations.CountIngest);
  addDoor('StillCheck', options.implementations.StillCheck);
  const health = new HealthImplementation();
  const setServing = (isServing: boolean): void => {
    for (const name of ['', ...doors])
      health.setStatus(name, isServing ? 'SERVING' : 'NOT_SERVING');
  };
  setServing(true);
  health.addToServer(server);
  new ReflectionService(contracts().definitions(), { services: doors }).addToServer(server);

  const port = await bind(server, options.address, credentials);
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closed ??= new Promise((resolve) => {
      setServing(false);
      stopping.abort(new HitonamiError('STOPPED', 'The server is stopping.'));
      server.tryShutdown(() => {
        resolve();
      });
    }));
  return {
    address: { host: options.address.host, port },
    get openStreams() {
      return open.size;
    },
    setServing,
    close: () => void close(),
    stop: async (deadlineMs) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => {
          resolve('late');
        }, deadlineMs);
      });
      const end = await Promise.race([close(), late]);
      clearTimeout(timer);
      const cut = end === 'late' ? open.size : 0;
      server.forceShutdown();
      return { cut };
    },
  };
}

function showExpiry(
  { registry, service }: NonNullable<GrpcServerOptions['metrics']>,
  expiryS: number | undefined,
): void {
  const expiry = registry.gauge({
    name: 'hitonami_certificate_expiry_timestamp_seconds',
    help: 'Until when the certificate that the service shows is valid; absent without TLS.',
    labels: ['service'],
  });
  if (expiryS !== undefined) expiry.set({ service }, expiryS);
}

async function serve<D extends Door>(
  door: D,
  handler: DoorHandler<D>,
  stream: DoorStream<D>,
  stopping: AbortSignal,
  logger: Logger,
): Promise<void> {
  try {
    await handler(stream, stopping);
    stream.end();
  } catch (error) {
    if (stream.cancelled) {
      logger.debug({ err: error, door, peer: stream.getPeer() }, 'a stream was cut by its sender');
      return;
    }
    logger.error({ err: error, door, peer: stream.getPeer() }, 'a stream failed');
    const isTooLarge = (error as { code?: unknown }).code === status.RESOURCE_EXHAUSTED;
    stream.emit('error', {
      code: isTooLarge ? status.RESOURCE_EXHAUSTED : status.INTERNAL,
      details: isTooLarge ? (error as Error).message : 'the stream failed; the server log says why',
    });
  }
}

/** What grpc-js writes to standard error beside telling it to whoever asked. */
const TOLD_ANYWAY = 'No address added';

/** Its own way of writing but for that. */
function quietBinding(): void {
  const write = (...words: unknown[]): void => {
    if (!String(words[0]).startsWith(TOLD_ANYWAY)) process.stderr.write(`${format(...words)}\n`);
  };
  setLogger({ error: write, info: write, debug: write });
}

function bind(
  server: Server,
  address: Address,
  credentials: Parameters<Server['bindAsync']>[1],
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(formatAddress(address), credentials, (cause, port) => {
      if (cause === null) resolve(port);
      else {
        server.forceShutdown();
        const words = { what: 'gRPC', key: 'HITONAMI_GRPC_ADDRESS', option: '--listen' };
        reject(cannotListen(words, address, cause));
      }
    });
  });
}
