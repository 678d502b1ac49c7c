import { describe, expect, it } from 'vitest';
import { createMetrics } from '../src/index.js';
import type { MetricLabel } from '../src/index.js';

describe('the metrics of a process', () => {
  it('are printed in the Prometheus text format, beside those of the process itself', async () => {
    const metrics = createMetrics('ingestor');
    metrics
      .counter({ name: 'hitonami_frames_received_total', help: 'Frames.', labels: ['camera'] })
      .inc({ camera: 'hall-1' }, 3);
    metrics
      .histogram({ name: 'hitonami_inference_seconds', help: 'Time.', buckets: [0.01, 0.1] })
      .observe(0.05);
    const text = await metrics.text();
    expect(text).toContain('hitonami_frames_received_total{camera="hall-1"} 3');
    expect(text).toContain('hitonami_inference_seconds_bucket{le="0.1"} 1');
    expect(text).toContain('hitonami_service_info{service="ingestor"} 1');
    expect(text).toContain('process_resident_memory_bytes');
  });

  it('are kept apart: two registries in one process know nothing of each other', async () => {
    const [a, b] = [createMetrics('a'), createMetrics('b')];
    a.gauge({ name: 'hitonami_people', help: 'People.' }).set(5);
    expect(await b.text()).not.toContain('hitonami_people');
  });

  it('are made once: services in one process that ask for the same one share it', () => {
    const metrics = createMetrics('up');
    const options = { name: 'hitonami_x_total', help: 'X.', labels: ['site'] } as const;
    expect(metrics.counter(options)).toBe(metrics.counter(options));
    expect(() => metrics.counter({ ...options, labels: ['area'] })).toThrow(/already a counter/);
  });

  it('refuse a name without the prefix, in other units, or a counter without _total', () => {
    const metrics = createMetrics('x');
    const gauge = (name: string) => () => metrics.gauge({ name, help: 'h' });
    expect(gauge('frames')).toThrow(/a name is hitonami_/);
    expect(gauge('hitonami_latency_ms')).toThrow(/base unit/);
    expect(gauge('hitonami_frames_total')).toThrow(/only a counter/);
    expect(() => metrics.counter({ name: 'hitonami_frames', help: 'h' })).toThrow(/_total/);
  });

  it('refuse a label through which a pseudonym could become a series', () => {
    const metrics = createMetrics('x');
    for (const label of ['track', 'pseudonym', 'session', 'id'] as string[]) {
      expect(() =>
        metrics.gauge({ name: 'hitonami_p', help: 'h', labels: [label as MetricLabel] }),
      ).toThrow(/is not allowed/);
    }
  });

  it('lose the series of a partition when it is lost, and only those', async () => {
    const metrics = createMetrics('aggregator');
    const lag = metrics.gauge({
      name: 'hitonami_log_lag',
      help: 'h',
      labels: ['topic', 'partition'],
    });
    lag.set({ topic: 'observations', partition: '0' }, 1);
    lag.set({ topic: 'observations', partition: '1' }, 2);
    const delay = metrics.histogram({
      name: 'hitonami_delay_seconds',
      help: 'h',
      labels: ['partition'],
      buckets: [1],
    });
    delay.observe({ partition: '0' }, 0.5);
    delay.observe({ partition: '1' }, 0.5);
    await metrics.forget(lag, { partition: '0' });
    await metrics.forget(delay, { partition: '0' });
    const text = await metrics.text();
    expect(text).not.toContain('partition="0"');
    expect(text).toContain('hitonami_log_lag{topic="observations",partition="1"} 2');
    expect(text).toContain('hitonami_delay_seconds_count{partition="1"} 1');
  });
});
