import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { createMetrics, parsePrometheus } from '@hitonami/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPlan } from '../../../test/support/plans.js';
import { system as systemSchema, type LiveSnapshot } from '../src/contract/index.js';
import { MetricsSources, rateOf } from '../src/system/sources.js';
import { systemView } from '../src/system/view.js';
import { silent, STATION } from './support.js';

describe('reading metrics', () => {
  it('understands what this project writes, whatever is in a label', async () => {
    const metrics = createMetrics('test');
    const gauge = metrics.gauge({ name: 'hitonami_x', help: 'x', labels: ['site', 'camera'] });
    // The text format knows no negative zero.
    const number = fc.double({ noNaN: true }).map((value) => (value === 0 ? 0 : value));
    const text = fc.string({
      unit: fc.constantFrom('a', '駅', ',', '"', '=', '{', '}', '\n', '\\', ' ', '#'),
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(text, number, async (label, value) => {
        gauge.reset();
        gauge.set({ site: label, camera: 'c"1\\' }, value);
        const samples = parsePrometheus(
          await metrics.registry.getSingleMetricAsString('hitonami_x'),
          new Set(['hitonami_x']),
        );
        expect(samples.get('hitonami_x')).toEqual([
          { labels: { site: label, camera: 'c"1\\' }, value },
        ]);
      }),
      { numRuns: 30 },
    );
  });

  it('passes over what it cannot read, and what nobody asked for', () => {
    const text = 'a{x="1"} 1\n# HELP a\nbroken{ 3\na{x="2"} NaN\na +Inf 1700000000\nb 7\na{y="\n';
    expect(parsePrometheus(text, new Set(['a']))).toEqual(
      new Map([
        [
          'a',
          [
            { labels: { x: '1' }, value: 1 },
            { labels: {}, value: Infinity },
          ],
        ],
      ]),
    );
  });
});

/** Without what the route adds: whom the headcount goes to. */
const seen = systemSchema.omit({ headcountWithheld: true });

describe('the system view', () => {
  const plan = testPlan(STATION);
  let service: Server;
  let url: string;
  let metricsText = '';
  let isReady = true;
  beforeAll(async () => {
    service = createServer(({ url: path }, response) => {
      if (path === '/metrics') response.end(metricsText);
      else
        response.writeHead(isReady ? 200 : 503).end(
          JSON.stringify({
            ready: isReady,
            components: { warehouse: { ready: isReady, reason: 'it refuses' } },
          }),
        );
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => service.once('listening', resolve));
    url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/metrics`;
  });
  afterAll(() => {
    service.close();
  });

  const at = '2026-11-22T03:00:00.000Z';
  const live: LiveSnapshot = {
    ...{ at, floors: ['f1'], origin: [0, 0], people: '', lines: [] },
    areas: [
      {
        ...{ area: 'hall', people: 3, density: 0.1, los: 'A', peakDensity: 0.1 },
        ...{ coverage: 0.6, doubtful: 0, saturation: 0.95 },
      },
    ],
    cameras: [{ camera: 'c1', at, state: 'seeing', movedSince: at }],
  };

  it('says of every camera and service how it stands, and which numbers must not be trusted and why', async () => {
    metricsText = [
      'hitonami_service_state{service="ingestor",state="ready"} 1',
      'hitonami_service_state{service="aggregator",state="ready"} 0',
      'hitonami_service_state{service="aggregator",state="failed"} 1',
      'hitonami_camera_clock_skew_seconds{site="station",camera="c1"} -2.5',
      'hitonami_detector_saturation_ratio{site="station",camera="c1"} 0.2',
      'hitonami_detector_saturation_ratio{site="elsewhere",camera="c1"} 1',
      'hitonami_log_lag_records{topic="observations",partition="0"} 5000',
      'hitonami_written_until_timestamp_seconds{site="station"} 1700000000',
      'hitonami_warehouse_refusals_total 4',
    ].join('\n');
    isReady = false;
    const sources = new MetricsSources([url, 'http://127.0.0.1:9/metrics'], silent);
    const view = systemView(plan, live, await sources.look(), Date.parse(at));
    expect(seen.parse(view)).toEqual(view);
    expect(view.cameras).toMatchObject([
      { camera: 'c1', state: 'seeing', skewS: -2.5, saturation: 0.2, framesPerS: null },
      { camera: 'c2', state: 'never', lastSeen: null, skewS: null, saturation: null },
    ]);
    expect(view.services).toMatchObject([
      { service: 'ingestor', up: true, ready: false, detail: 'warehouse: it refuses' },
      { service: 'aggregator', up: false },
      { service: '127.0.0.1:9', up: false, ready: false },
    ]);
    expect(view.pipeline).toEqual({
      ...{ logLagRecords: 5_000, watermarkDelayS: null, warehouseRefusals: 4 },
      writtenUntil: '2023-11-14T22:13:20.000Z',
    });
    expect(view.cautions.map(({ subject, kind }) => `${subject} ${kind}`)).toEqual([
      ...[
        'c1 moved',
        'c1 skew',
        'c2 silent',
        'hall coverage',
        'hall saturated',
        'ingestor ingestor',
      ],
      ...['aggregator lag', '127.0.0.1:9 ingestor', 'station lag', 'station warehouse'],
    ]);
    await sources.stop();
  });

  it('tells what became of every frame, or that nobody knows; and why a camera has not started', async () => {
    const outcomes = { received: 10, processed: 6, shed: 3, rejected: 1, destroyed: 9 };
    metricsText = [
      'hitonami_service_state{service="ingestor",state="ready"} 1',
      'process_start_time_seconds 1700000000',
      ...Object.entries(outcomes).map(
        ([outcome, value]) =>
          `hitonami_frames_${outcome}_total{site="station",camera="c1"} ${value}`,
      ),
    ].join('\n');
    isReady = true;
    const cameras = plan.cameras.map((camera) =>
      camera.id === 'c2' ? { ...camera, governance: undefined } : camera,
    );
    const lookAt = async (urls: string[]) => {
      const sources = new MetricsSources(urls, silent);
      const view = systemView({ ...plan, cameras }, live, await sources.look(), Date.parse(at));
      await sources.stop();
      return seen.parse(view);
    };
    const whole = await lookAt([url]);
    expect(whole.frames).toEqual({ since: '2023-11-14T22:13:20.000Z', ...outcomes });
    expect(whole.cameras[1]).toMatchObject({ camera: 'c2', state: 'not-started' });
    expect(whole.cameras[1]?.notStarted).toMatch(/does not say why camera 'c2' is needed/);
    expect(whole.cautions.map(({ subject }) => subject)).not.toContain('c2');
    expect((await lookAt([url, 'http://127.0.0.1:9/metrics'])).frames).toBeNull();
  });

  it('tells how fast frames come and are given up, and nothing where a counter began anew', () => {
    const reading = (atMs: number, frames: number) => ({
      atMs,
      samples: new Map([['n', [{ labels: { camera: 'c1' }, value: frames }]]]),
    });
    const source = { ...{ url, isUp: true, isReady: true, detail: '' } };
    const rate = (before: number, now: number) =>
      rateOf([{ ...source, before: reading(0, before), now: reading(5_000, now) }], 'n', {
        camera: 'c1',
      });
    expect([rate(100, 125), rate(100, 100), rate(100, 5)]).toEqual([5, 0, null]);
    expect(rateOf([{ ...source, before: undefined, now: reading(0, 1) }], 'n', {})).toBeNull();
  });
});
