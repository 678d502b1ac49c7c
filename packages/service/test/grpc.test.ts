import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTcp, createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoPath } from 'grpc-health-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { requireOrSkip } from '../../../test/support/require.js';
import {
  createGrpcClient,
  createGrpcServer,
  createLogger,
  createMetrics,
  formatAddress,
  writeWithBackpressure,
} from '../src/index.js';
import type {
  DoorHandler,
  Frame,
  GrpcClient,
  GrpcServer,
  GrpcServerOptions,
  Receipt,
} from '../src/index.js';

const logger = createLogger({ service: 'test', level: 'silent' });
const LOOPBACK = { host: '127.0.0.1', port: 0 };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const frame = (sequence: number, bytes = 100): Frame => ({
  site: 'test',
  camera: 'c',
  sequence,
  capturedUs: 1,
  periodUs: 200_000,
  image: Buffer.alloc(bytes, 7),
  recorded: false,
});

/** Answers every frame with its size. */
const measure: DoorHandler<'FrameIngest'> = async (stream, stopping) => {
  for await (const message of stream) {
    const { site, camera, sequence, image } = message;
    await writeWithBackpressure(stream, {
      site,
      camera,
      sequence,
      processed: { people: image.length },
    });
    if (stopping.aborted) return;
  }
};

async function serve(
  implementations: GrpcServerOptions['implementations'] = { FrameIngest: measure },
  more: Partial<GrpcServerOptions> = {},
): Promise<GrpcServer> {
  const server = await createGrpcServer({ address: LOOPBACK, implementations, logger, ...more });
  cleanups.push(() => server.stop(0));
  return server;
}

function connect(server: GrpcServer): GrpcClient<'FrameIngest'> {
  const client = createGrpcClient({ door: 'FrameIngest', address: server.address });
  cleanups.push(() => {
    client.close();
  });
  return client;
}

/** Everything received until the stream ends, and how it ended. */
function collect(stream: ReturnType<GrpcClient<'FrameIngest'>['stream']>) {
  const receipts: Receipt[] = [];
  stream.on('data', (receipt: Receipt) => receipts.push(receipt));
  const ended = new Promise<{ code: number; details: string }>((resolve) => {
    stream.on('error', () => undefined);
    stream.on('status', resolve);
  });
  return { receipts, ended };
}

describe('a door', () => {
  it('takes a stream of frames and answers each, in order', async () => {
    const stream = connect(await serve()).stream();
    const { receipts, ended } = collect(stream);
    for (let i = 1; i <= 50; i += 1) await writeWithBackpressure(stream, frame(i, i));
    stream.end();
    expect((await ended).code).toBe(0);
    expect(receipts.map(({ sequence, processed }) => [sequence, processed?.people])).toEqual(
      Array.from({ length: 50 }, (_, i) => [i + 1, i + 1]),
    );
  });

  it('takes a message of more than 4 MB, and refuses one over its limit without harm to the next stream', async () => {
    const server = await serve(undefined, { limits: { messageBytesMax: 6e6 } });
    const client = createGrpcClient({ door: 'FrameIngest', address: server.address });
    cleanups.push(() => {
      client.close();
    });
    const good = client.stream();
    const first = collect(good);
    good.write(frame(1, 5e6));
    good.end();
    expect((await first.ended).code).toBe(0);
    expect(first.receipts[0]?.processed?.people).toBe(5e6);

    const tooLarge = client.stream();
    const second = collect(tooLarge);
    tooLarge.write(frame(2, 7e6));
    const { code, details } = await second.ended;
    expect(code).toBe(8);
    expect(details).toContain('larger than max');

    const again = client.stream();
    const third = collect(again);
    again.write(frame(3));
    again.end();
    expect((await third.ended).code).toBe(0);
    expect(server.openStreams).toBe(0);
  });

  it('ends only the stream whose handler threw, and keeps what it threw to itself', async () => {
    const server = await serve({
      FrameIngest: async (stream) => {
        for await (const message of stream) {
          throw new Error(`SECRET ${message.camera}`);
        }
      },
      PositionIngest: async (stream) => {
        for await (const { site, camera, sequence } of stream) {
          stream.write({ site, camera, sequence, processed: { people: 0 } });
        }
      },
    });
    const stream = connect(server).stream();
    const { ended } = collect(stream);
    stream.write(frame(1));
    expect(await ended).toMatchObject({
      code: 13,
      details: 'the stream failed; the server log says why',
    });
    const other = createGrpcClient({ door: 'PositionIngest', address: server.address });
    cleanups.push(() => {
      other.close();
    });
    const positions = other.stream();
    positions.write({ site: 's', camera: 'd', sequence: 9 } as never);
    positions.end();
    const [receipt] = (await once(positions, 'data')) as [Receipt];
    expect(receipt).toMatchObject({ camera: 'd', sequence: 9, outcome: 'processed' });
  });

  it('survives bytes that are no message, and a sender that vanishes', async () => {
    const server = await serve();
    const raw = new Client(formatAddress(server.address), credentials.createInsecure());
    cleanups.push(() => {
      raw.close();
    });
    const path = '/hitonami.v1.FrameIngest/Stream';
    const garbage = raw.makeBidiStreamRequest(
      path,
      (b: Buffer) => b,
      (b) => b,
    );
    const { ended } = collect(garbage as never);
    garbage.write(Buffer.from([0x32, 0xff, 0xff, 0xff, 0xff, 0x0f]));
    expect((await ended).code).not.toBe(0);

    const vanishing = connect(server).stream();
    vanishing.on('error', () => undefined);
    vanishing.write(frame(1));
    await once(vanishing, 'data');
    vanishing.cancel();
    await expect.poll(() => server.openStreams).toBe(0);

    const stream = connect(server).stream();
    const { receipts } = collect(stream);
    stream.write(frame(2));
    await expect.poll(() => receipts[0]?.sequence).toBe(2);
  });
});

describe('backpressure', () => {
  it('holds the sender back while the reader is busy, and lets go when it reads again', async () => {
    let release!: () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    const server = await serve({
      FrameIngest: async (stream) => {
        let isFirst = true;
        for await (const message of stream) {
          if (isFirst) await released;
          isFirst = false;
          stream.write({
            site: 's',
            camera: 'c',
            sequence: message.sequence,
            processed: { people: 0 },
          });
        }
      },
    });
    const stream = connect(server).stream();
    const { receipts, ended } = collect(stream);
    const total = 300;
    let sent = 0;
    const sending = (async () => {
      for (let i = 0; i < total; i += 1) {
        await writeWithBackpressure(stream, frame(i, 60_000));
        sent += 1;
      }
      stream.end();
    })();
    await new Promise((resolve) => setTimeout(resolve, 400));
    const held = sent;
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(total / 2);
    release();
    await sending;
    expect((await ended).code).toBe(0);
    expect(receipts).toHaveLength(total);
  });

  it('gives up with a typed error when aborted, or when the stream breaks meanwhile', async () => {
    const server = await serve({ FrameIngest: () => new Promise(() => undefined) });
    const fill = async (
      stream: ReturnType<GrpcClient<'FrameIngest'>['stream']>,
      signal?: AbortSignal,
    ): Promise<never> => {
      for (let i = 0; ; i += 1) await writeWithBackpressure(stream, frame(i, 60_000), signal);
    };
    const aborted = connect(server).stream();
    aborted.on('error', () => undefined);
    const abort = new AbortController();
    setTimeout(() => {
      abort.abort();
    }, 200);
    await expect(fill(aborted, abort.signal)).rejects.toMatchObject({ code: 'STOPPED' });
    aborted.cancel();
    await expect(writeWithBackpressure(aborted, frame(1), abort.signal)).rejects.toMatchObject({
      code: 'STOPPED',
    });

    const cut = connect(server).stream();
    cut.on('error', () => undefined);
    cut.resume();
    setTimeout(() => void server.stop(0), 200);
    await expect(fill(cut)).rejects.toMatchObject({ code: 'UNAVAILABLE', canRetry: true });
  });
});

describe('a stop', () => {
  it('lets a stream finish: what was sent is answered, and nothing new is let in', async () => {
    const server = await serve({
      FrameIngest: async (stream, stopping) => {
        stopping.addEventListener('abort', () => {
          stream.write({
            site: 's',
            camera: 'c',
            sequence: 1,
            shed: { reason: 'SHED_REASON_STOPPING' },
          });
          stream.end();
        });
        stream.resume();
        await once(stream, 'end');
      },
    });
    const client = connect(server);
    const stream = client.stream();
    const { receipts, ended } = collect(stream);
    stream.write(frame(1));
    await expect.poll(() => server.openStreams).toBe(1);
    const stopped = server.stop(5_000);
    expect((await ended).code).toBe(0);
    expect(receipts).toMatchObject([{ outcome: 'shed', shed: { reason: 'SHED_REASON_STOPPING' } }]);
    expect(await stopped).toEqual({ cut: 0 });
    const late = createGrpcClient({ door: 'FrameIngest', address: server.address });
    cleanups.push(() => {
      late.close();
    });
    await expect(late.waitUntilConnected(300)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      canRetry: true,
    });
  });

  it('cuts a stream that will not end when the deadline has passed', async () => {
    const server = await serve({ FrameIngest: () => new Promise(() => undefined) });
    const stream = connect(server).stream();
    const { ended } = collect(stream);
    stream.write(frame(1));
    await expect.poll(() => server.openStreams).toBe(1);
    const began = performance.now();
    expect(await server.stop(200)).toEqual({ cut: 1 });
    expect(performance.now() - began).toBeLessThan(2_000);
    expect((await ended).code).not.toBe(0);
  });
});

describe('the standard services', () => {
  it('health says of every door whether it serves', async () => {
    const server = await serve();
    const definition = loadPackageDefinition(loadSync(protoPath, { enums: String })) as never as {
      grpc: { health: { v1: { Health: typeof Client } } };
    };
    const client = new definition.grpc.health.v1.Health(
      formatAddress(server.address),
      credentials.createInsecure(),
    ) as Client & {
      check(
        request: { service: string },
        done: (error: { code: number } | null, answer?: { status: string }) => void,
      ): void;
    };
    cleanups.push(() => {
      client.close();
    });
    const check = (service: string) =>
      new Promise((resolve) => {
        client.check({ service }, (error, answer) => {
          resolve(answer?.status ?? error?.code);
        });
      });
    expect(await check('hitonami.v1.FrameIngest')).toBe('SERVING');
    expect(await check('')).toBe('SERVING');
    expect(await check('hitonami.v1.CountIngest')).toBe(5);
    server.setServing(false);
    expect(await check('hitonami.v1.FrameIngest')).toBe('NOT_SERVING');
  });

  it('reflection lists the doors and gives their contracts', async () => {
    const server = await serve();
    const method = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
    const raw = new Client(formatAddress(server.address), credentials.createInsecure());
    cleanups.push(() => {
      raw.close();
    });
    const call = raw.makeBidiStreamRequest(
      method,
      (b: Buffer) => b,
      (b) => b,
    );
    call.on('error', () => undefined);
    // ServerReflectionRequest: list_services (7) and file_containing_symbol (4).
    call.write(Buffer.concat([Buffer.from([0x3a, 1]), Buffer.from('*')]));
    const [services] = (await once(call, 'data')) as [Buffer];
    expect(services.toString('latin1')).toContain('hitonami.v1.FrameIngest');
    const symbol = 'hitonami.v1.FrameIngest';
    call.write(Buffer.concat([Buffer.from([0x22, symbol.length]), Buffer.from(symbol)]));
    const [files] = (await once(call, 'data')) as [Buffer];
    expect(files.toString('latin1')).toContain('captured_us');
    call.end();
  });
});

/** A way through to a server that can fall silent without closing anything, as a stopped process does. */
async function passage(to: GrpcServer) {
  const sockets: Socket[] = [];
  const proxy = createTcpServer((inside) => {
    const outside = connectTcp(to.address.port, '127.0.0.1');
    sockets.push(inside, outside);
    for (const socket of [inside, outside]) socket.on('error', () => undefined);
    inside.pipe(outside).pipe(inside);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  return {
    address: { host: '127.0.0.1', port: (proxy.address() as AddressInfo).port },
    fallSilent: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
  };
}

describe('a connection that falls silent', () => {
  it('is given up by both ends within keepalive and its timeout, although nobody closed it', async () => {
    const limits = { keepaliveMs: 300, keepaliveTimeoutMs: 1_000 };
    const server = await serve(undefined, { limits });
    const way = await passage(server);
    const client = createGrpcClient({ door: 'FrameIngest', address: way.address, limits });
    cleanups.push(() => {
      client.close();
    });
    const stream = client.stream();
    const { receipts, ended } = collect(stream);
    stream.write(frame(1));
    await expect.poll(() => receipts.length).toBe(1);
    // Pings without data for a while are nothing bad.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    stream.write(frame(2));
    await expect.poll(() => receipts.length).toBe(2);
    way.fallSilent();
    const began = performance.now();
    expect((await ended).code).toBe(14);
    expect(performance.now() - began).toBeLessThan(5_000);
    await expect.poll(() => server.openStreams, { timeout: 5_000 }).toBe(0);
  });
});

describe('transport security', () => {
  const beyond = { host: '0.0.0.0', port: 0 };

  it('is demanded beyond this machine, by the server and by the client, unless waived in words', async () => {
    const options = { address: beyond, implementations: { FrameIngest: measure }, logger };
    await expect(createGrpcServer(options)).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining(
        'HITONAMI_GRPC_INSECURE=yes-inside-a-private-network',
      ) as string,
    });
    const remote = { host: 'ingestor.example', port: 50051 };
    expect(() => createGrpcClient({ door: 'FrameIngest', address: remote })).toThrow(
      /without TLS would let pictures travel in the clear/,
    );
    const security = { grpcInsecure: 'yes-inside-a-private-network' } as const;
    const server = await createGrpcServer({ ...options, security });
    await server.stop(0);
    createGrpcClient({ door: 'FrameIngest', address: remote, security }).close();
  });

  it('names the key of a file that is missing or half of a pair', async () => {
    const options = { address: LOOPBACK, implementations: {}, logger };
    await expect(
      createGrpcServer({ ...options, security: { grpcTlsCert: 'only.pem' } }),
    ).rejects.toThrow(/both HITONAMI_GRPC_TLS_CERT and HITONAMI_GRPC_TLS_KEY/);
    await expect(
      createGrpcServer({
        ...options,
        security: { grpcTlsCert: 'none.pem', grpcTlsKey: 'none.pem' },
      }),
    ).rejects.toThrow(/HITONAMI_GRPC_TLS_CERT: the file none.pem cannot be read \(ENOENT\)/);
  });

  it('says so where the address is taken', async () => {
    const server = await serve();
    await expect(serve(undefined, { address: server.address })).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining(
        `cannot be served at ${formatAddress(server.address)}`,
      ) as string,
    });
  });
});

const hasOpenssl = (): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

describe.skipIf(!requireOrSkip('TLS between two ends', hasOpenssl(), 'install openssl'))(
  'TLS',
  () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'hitonami-tls-'));
      const arguments_ =
        'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout key.pem -out cert.pem';
      execFileSync('openssl', arguments_.split(' '), { cwd: folder, stdio: 'ignore' });
    });
    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    it('carries frames to a client that trusts the authority and shows its certificate, and to no other', async () => {
      const security = {
        grpcTlsCert: join(folder, 'cert.pem'),
        grpcTlsKey: join(folder, 'key.pem'),
        grpcTlsCa: join(folder, 'cert.pem'),
      };
      const registry = createMetrics('test');
      const server = await serve(undefined, {
        address: { host: '0.0.0.0', port: 0 },
        security,
        metrics: { registry, service: 'ingestor' },
      });
      const expiry = await registry.registry
        .getSingleMetric('hitonami_certificate_expiry_timestamp_seconds')
        ?.get();
      expect(expiry?.values).toEqual([
        {
          labels: { service: 'ingestor' },
          value: expect.closeTo(Date.now() / 1000 + 2 * 86_400, -3),
        },
      ]);
      const address = { host: 'localhost', port: server.address.port };
      const trusted = createGrpcClient({ door: 'FrameIngest', address, security });
      cleanups.push(() => {
        trusted.close();
      });
      const stream = trusted.stream();
      const { receipts } = collect(stream);
      stream.write(frame(4));
      await expect.poll(() => receipts[0]?.sequence).toBe(4);
      for (const weaker of [{}, { grpcTlsCa: security.grpcTlsCa }]) {
        const other = createGrpcClient({ door: 'FrameIngest', address, security: weaker });
        cleanups.push(() => {
          other.close();
        });
        const refused = other.stream();
        const { ended } = collect(refused);
        refused.write(frame(5));
        expect((await ended).code).toBe(14);
      }
    });
  },
);
