import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Health, createMetrics, startOperations } from '../src/index.js';
import type { Operations } from '../src/index.js';

const LOOPBACK = { host: '127.0.0.1', port: 0 };

describe('health', () => {
  it('is live while every loop ticks, whatever the process does', () => {
    let now = 0;
    const health = new Health(() => now);
    const loop = health.heartbeat('consumer', 1_000);
    const other = health.heartbeat('flusher', 5_000);
    now = 900;
    loop.beat();
    now = 1_800;
    expect(health.liveness().live).toBe(true);
    now = 2_000;
    expect(health.liveness()).toEqual({
      live: false,
      loops: {
        consumer: { live: false, silentMs: 1_100, maxSilenceMs: 1_000 },
        flusher: { live: true, silentMs: 2_000, maxSilenceMs: 5_000 },
      },
    });
    loop.end();
    other.end();
    expect(health.liveness()).toEqual({ live: true, loops: {} });
  });

  it('is ready when every component is, and not while nobody has said so', () => {
    const health = new Health();
    expect(health.readiness().ready).toBe(false);
    const log = health.component('log');
    const model = health.component('model', 'loading the detector');
    log.ready();
    expect(health.readiness()).toEqual({
      ready: false,
      components: { log: { ready: true }, model: { ready: false, reason: 'loading the detector' } },
    });
    model.ready();
    expect(health.readiness().ready).toBe(true);
    log.notReady('no broker answers');
    expect(health.readiness().ready).toBe(false);
    log.end();
    expect(health.readiness().ready).toBe(true);
  });
});

describe('the operations server', () => {
  let operations: Operations;
  let health: Health;
  beforeEach(async () => {
    health = new Health();
    operations = await startOperations({
      address: LOOPBACK,
      metrics: createMetrics('test'),
      health,
    });
  });
  afterEach(() => operations.stop());

  it('serves metrics', async () => {
    const response = await fetch(`${operations.url}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await response.text()).toContain('hitonami_service_info{service="test"} 1');
  });

  it('serves liveness and readiness with reasons, 503 where not', async () => {
    const component = health.component('log', 'connecting');
    const waiting = await fetch(`${operations.url}/readyz`);
    expect(waiting.status).toBe(503);
    expect(await waiting.json()).toEqual({
      ready: false,
      components: { log: { ready: false, reason: 'connecting' } },
    });
    component.ready();
    expect((await fetch(`${operations.url}/readyz?verbose`)).status).toBe(200);
    expect((await fetch(`${operations.url}/healthz`)).status).toBe(200);
    health.heartbeat('loop', -1);
    expect((await fetch(`${operations.url}/healthz`)).status).toBe(503);
  });

  it('answers nothing else: 404 elsewhere, 405 for other methods, HEAD without a body', async () => {
    expect((await fetch(`${operations.url}/`)).status).toBe(404);
    expect((await fetch(`${operations.url}/metrics`, { method: 'POST', body: 'x' })).status).toBe(
      405,
    );
    const head = await fetch(`${operations.url}/metrics`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('refuses oversized headers', async () => {
    const response = await fetch(`${operations.url}/metrics`, {
      headers: { 'x-large': 'x'.repeat(9_000) },
    });
    expect(response.status).toBe(431);
  });

  it('stops although a client holds its connection open, and can be stopped twice', async () => {
    const socket = connect(operations.address.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    await Promise.all([operations.stop(), operations.stop(), closed]);
    await expect(fetch(`${operations.url}/healthz`)).rejects.toThrow();
  });

  it('says which key to change where its address is taken', async () => {
    await expect(
      startOperations({ address: operations.address, metrics: createMetrics('b'), health }),
    ).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining('HITONAMI_METRICS_ADDRESS') as string,
    });
  });
});
