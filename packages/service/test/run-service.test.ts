import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Health, createLogger, createMetrics, startService } from '../src/index.js';
import type { ServiceContext, Shared } from '../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'hitonami-service-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const kills: (() => void)[] = [];
afterEach(() => {
  for (const kill of kills.splice(0)) kill();
});

let runs = 0;

/** Starts the specimen service as a real process. */
function run(mode: string, environment: Record<string, string> = {}) {
  runs += 1;
  const notes = join(folder, `notes-${runs}`);
  const child = spawn(process.execPath, [join(import.meta.dirname, 'service-process.mjs')], {
    env: {
      PATH: process.env['PATH'],
      TEST_MODE: mode,
      TEST_NOTES: notes,
      HITONAMI_METRICS_ADDRESS: '127.0.0.1:0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  kills.push(() => child.kill('SIGKILL'));
  // When its output has been read to the end as well.
  const exit = once(child, 'close').then(([code]) => code as number | null);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const lines = () =>
    output
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const reached = (state: string) =>
    expect.poll(() => lines().map((line) => line['state']), { timeout: 10_000 }).toContain(state);
  return {
    child,
    exit,
    lines,
    reached,
    url: () => String(lines().find((line) => 'url' in line)?.['url']),
    states: () => lines().flatMap((line) => (line['state'] === undefined ? [] : [line['state']])),
    notes: () => (existsSync(notes) ? readFileSync(notes, 'utf8').split('\n').slice(0, -1) : []),
  };
}

describe('a service process', () => {
  it('goes through its states on SIGTERM, stops in order and exits with 0', async () => {
    const service = run('good');
    await service.reached('ready');
    expect(await (await fetch(`${service.url()}/readyz`)).json()).toEqual({
      ready: true,
      components: { specimen: { ready: true } },
    });
    const metrics = await (await fetch(`${service.url()}/metrics`)).text();
    expect(metrics).toContain('hitonami_service_state{service="specimen",state="ready"} 1');
    expect(metrics).toContain('hitonami_service_state{service="specimen",state="starting"} 0');
    service.child.kill('SIGTERM');
    expect(await service.exit).toBe(0);
    expect(service.states()).toEqual(['starting', 'ready', 'stopping', 'stopped']);
    expect(service.notes()).toEqual([
      'door.close',
      'door.finish',
      'log.flush',
      'door.disconnect',
      'log.disconnect',
    ]);
  });

  it('stopped while it starts, exits with 0 and leaves nothing running', async () => {
    const service = run('slow-start');
    await service.reached('starting');
    service.child.kill('SIGINT');
    expect(await service.exit).toBe(0);
    expect(service.states()).toEqual(['starting', 'stopping', 'stopped']);
  });

  it('that cannot finish by the stop deadline says which step, and exits with 3', async () => {
    const service = run('stuck', { HITONAMI_STOP_DEADLINE: '300ms' });
    await service.reached('ready');
    service.child.kill('SIGTERM');
    expect(await service.exit).toBe(3);
    expect(service.lines().at(-1)).toMatchObject({ steps: ['door.finish', 'log.flush'] });
    expect(service.notes()).toContain('log.disconnect');
  });

  it('asked twice, stops at once and exits with 1', async () => {
    const service = run('stuck');
    await service.reached('ready');
    service.child.kill('SIGTERM');
    await service.reached('stopping');
    service.child.kill('SIGTERM');
    expect(await service.exit).toBe(1);
  });

  it.each([
    ['rejects', 'forgotten'],
    ['fails', 'the consumer stands still'],
  ])(
    'that %s stops in order all the same, ends as failed and exits with 1',
    async (mode, words) => {
      const service = run(mode);
      expect(await service.exit).toBe(1);
      expect(service.states()).toEqual(['starting', 'ready', 'stopping', 'failed']);
      expect(service.lines().some(({ err }) => (err as Error | undefined)?.message === words)).toBe(
        true,
      );
      expect(service.notes()).toContain('log.flush');
    },
  );

  it('that cannot start says why and exits with 1', async () => {
    const service = run('bad-start');
    expect(await service.exit).toBe(1);
    expect(service.states()).toEqual(['starting', 'stopping', 'failed']);
    expect(service.lines().at(-1)).toMatchObject({
      level: 'fatal',
      err: { message: 'no detector' },
    });
  });

  it('whose configuration is wrong names the key and exits with 78, before anything starts', async () => {
    const service = run('good', { HITONAMI_STOP_DEADLINE: '5', HITONAMI_METRIC_ADDRESS: 'x' });
    expect(await service.exit).toBe(78);
    const message = String(service.lines()[0]?.['msg']);
    expect(message).toContain('HITONAMI_STOP_DEADLINE="5" must be a time with its unit');
    expect(message).toContain('did you mean HITONAMI_METRICS_ADDRESS?');
    expect(service.notes()).toEqual([]);
  });
});

describe('services in one process', () => {
  it('share metrics and health, and each has its own life', async () => {
    const shared: Shared = {
      logger: createLogger({ service: 'up', level: 'silent' }),
      metrics: createMetrics('up'),
      health: new Health(),
    };
    const stops: string[] = [];
    const service = (name: string) => ({
      name,
      start: (context: ServiceContext<{ n: number }>) => {
        context.own({
          name: `${name}-${context.config.n}`,
          disconnect: () => void stops.push(name),
        });
        return Promise.resolve();
      },
    });
    const ingestor = await startService(service('ingestor'), { n: 1 }, shared);
    const aggregator = await startService(service('aggregator'), { n: 2 }, shared);
    expect(shared.health.readiness().ready).toBe(true);
    await ingestor.stop();
    expect(stops).toEqual(['ingestor']);
    expect(aggregator.lifecycle.state).toBe('ready');
    expect(shared.health.readiness().components).toEqual({
      ingestor: { ready: false, reason: 'stopped' },
      aggregator: { ready: true },
    });
    expect(await shared.metrics.text()).toContain(
      'hitonami_service_state{service="aggregator",state="ready"} 1',
    );
    await aggregator.stop();
  });
});
