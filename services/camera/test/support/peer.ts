import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGrpcServer, createLogger, writeWithBackpressure } from '@hitonami/service';
import type { Address, Frame, GrpcServer, Receipt } from '@hitonami/service';

export const silent = createLogger({ service: 'test', level: 'silent' });

export type Outcome = Pick<Receipt, 'processed' | 'shed' | 'rejected'>;

export interface SeenFrame {
  sequence: number;
  capturedUs: number;
  periodUs: number;
  bytes: number;
  startsAs: string;
  ageMs: number;
}

export interface Peer {
  address: Address;
  /** Every frame received, in order, over all streams. */
  seen: SeenFrame[];
  /** Most frames that were received and not yet answered at once. */
  mostWaiting: number;
  stop(): Promise<void>;
}

/** A real gRPC server that keeps the contract: each frame gets one receipt, in order; how it is answered is the test's. */
export async function startPeer(
  answer: (frame: Frame) => Promise<Outcome | undefined> | Outcome | undefined = () => ({
    processed: { people: 1 },
  }),
  port = 0,
): Promise<Peer> {
  let waiting = 0;
  const server: GrpcServer = await createGrpcServer({
    address: { host: '127.0.0.1', port },
    logger: silent,
    implementations: {
      FrameIngest: async (stream) => {
        let last: Promise<void> = Promise.resolve();
        for await (const frame of stream) {
          const { site, camera, sequence, capturedUs, periodUs, image } = frame;
          peer.seen.push({
            ...{ sequence, capturedUs, periodUs, bytes: image.length },
            startsAs: image.subarray(0, 3).toString('hex'),
            ageMs: Date.now() - capturedUs / 1_000,
          });
          peer.mostWaiting = Math.max(peer.mostWaiting, ++waiting);
          last = last.then(async () => {
            const outcome = await answer(frame);
            waiting--;
            if (outcome === undefined) return;
            await writeWithBackpressure(stream, { site, camera, sequence, ...outcome });
          });
          last.catch(() => undefined);
        }
        await last;
      },
    },
  });
  const peer: Peer = {
    address: server.address,
    seen: [],
    mostWaiting: 0,
    stop: async () => {
      await server.stop(0);
    },
  };
  return peer;
}

export interface Proxy {
  address: Address;
  /** Lets nothing through any more on the connections there are, and closes none: as when a machine hangs. */
  hang(): void;
  close(): Promise<void>;
}

/** A small TCP proxy that can hang. */
export async function startProxy(target: Address): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect(target.port, target.host);
    for (const end of [socket, onward]) {
      sockets.add(end);
      end.on('error', () => undefined).on('close', () => sockets.delete(end));
    }
    socket.on('close', () => onward.destroy());
    onward.on('close', () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    hang: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Waits until something is so; throws after 15 s. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 1_500; i++) {
    if (isSo()) return;
    await sleep(10);
  }
  throw new Error('waited in vain');
}
