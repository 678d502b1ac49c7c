import { Client } from '@grpc/grpc-js';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { HitonamiError } from '@hitonami/model';
import { formatAddress } from '../config/fields.js';
import type { Address } from '../config/fields.js';
import type { GrpcSecurityConfig } from '../config/shapes.js';
import { contracts } from './contracts.js';
import type { StreamMethod } from './contracts.js';
import { GRPC_LIMITS_DEFAULT, channelOptions } from './limits.js';
import type { GrpcLimits } from './limits.js';
import type { Door, Doors } from './messages.js';
import { clientCredentials } from './security.js';

/** Between two tries to connect: the first, and the longest. */
const RECONNECT_FIRST_MS = 100;
const RECONNECT_MAX_MS = 5_000;

export interface GrpcClientOptions<D extends Door> {
  door: D;
  address: Address;
  security?: GrpcSecurityConfig;
  limits?: Partial<GrpcLimits>;
}

export interface GrpcClient<D extends Door> {
  /**
   * Overwrites what the library still holds of a message that was written to one of the streams: its bytes, once alone and
   * once framed. Only for one that the other side has answered, since they are read until they are sent.
   */
  overwriteSent(message: Doors[D]['request']): void;
  /** Opens a stream; one that is open when the connection breaks ends with an error. */
  stream(): ClientDuplexStream<Doors[D]['request'], Doors[D]['response']>;
  /** @throws HitonamiError `UNAVAILABLE`, to be tried again, where nobody answers in time. */
  waitUntilConnected(timeoutMs: number): Promise<void>;
  close(): void;
}

/** A connection to one door; it reconnects by itself, with backoff. */
export function createGrpcClient<D extends Door>(options: GrpcClientOptions<D>): GrpcClient<D> {
  const { address } = options;
  const client = new Client(
    formatAddress(address),
    clientCredentials(address, options.security ?? {}),
    {
      ...channelOptions({ ...GRPC_LIMITS_DEFAULT, ...options.limits }),
      'grpc.initial_reconnect_backoff_ms': RECONNECT_FIRST_MS,
      'grpc.max_reconnect_backoff_ms': RECONNECT_MAX_MS,
      // Clients in one process would otherwise share a connection, and so its flow control.
      'grpc.use_local_subchannel_pool': 1,
    },
  );
  const method: StreamMethod<D> = contracts().doors[options.door].Stream;
  const sent = new WeakMap<object, Buffer[]>();
  const serialize = (message: Doors[D]['request']): Buffer => {
    const bytes = method.requestSerialize(message);
    const copies = [bytes];
    sent.set(message, copies);
    // Framing copies it, and keeps the copy of the last message for as long as the stream is quiet.
    const copy = bytes.copy.bind(bytes);
    bytes.copy = (target, ...places: number[]) => {
      copies.push(Buffer.from(target.buffer, target.byteOffset, target.byteLength));
      return copy(target, ...places);
    };
    return bytes;
  };
  return {
    overwriteSent: (message) => {
      for (const bytes of sent.get(message) ?? []) bytes.fill(0);
      sent.delete(message);
    },
    stream: () => client.makeBidiStreamRequest(method.path, serialize, method.responseDeserialize),
    waitUntilConnected: (timeoutMs) =>
      new Promise((resolve, reject) => {
        client.waitForReady(Date.now() + timeoutMs, (cause) => {
          if (cause === undefined) resolve();
          else {
            const message = `Nobody answers at ${formatAddress(address)} within ${timeoutMs} ms; is the ingestor running there?`;
            reject(new HitonamiError('UNAVAILABLE', message, { cause, canRetry: true }));
          }
        });
      }),
    close: () => {
      client.close();
    },
  };
}
