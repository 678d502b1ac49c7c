import { SATURATED_MIN } from '@hitonami/crowd';
import { cameraStart, type PlanCamera, type SitePlan } from '@hitonami/model';
import { frameFigures } from '@hitonami/service';
import type { z } from 'zod';
import type { caution, LiveSnapshot, System } from '../contract/index.js';
import { rateOf, samplesOf, type Source } from './sources.js';

type Caution = z.output<typeof caution>;

/** A camera's clock may be off by this much before its numbers are doubted, s. */
const SKEW_S_MAX = 0.5;
const SKEW_BEHIND_S_MAX = 5;
/** Frames a second that are given up before it is said. */
const SHED_PER_S_MAX = 0.1;
/** Under this share of an area seen, its numbers are a part of the truth. */
const COVERAGE_WANTED = 0.8;
const LAG_RECORDS_MAX = 1_000;
/** The newest window that is written ended longer ago than this: the warehouse does not keep up, s. */
const WRITTEN_S_MAX = 90;

/** How the whole stands: every camera and service, how far behind the numbers are, and which must not be trusted now. */
export function systemView(
  plan: SitePlan,
  live: LiveSnapshot | undefined,
  sources: readonly Source[],
  nowMs: number,
): Omit<System, 'headcountWithheld'> {
  const cameras = plan.cameras.map((camera) => cameraOf(plan, camera, live, sources, nowMs));
  const services = sources.flatMap(servicesOf);
  const pipeline = pipelineOf(plan.site, sources);
  return {
    at: new Date(nowMs).toISOString(),
    cameras,
    services,
    frames: framesOf(plan.site, sources),
    pipeline,
    cautions: [
      ...cameras.flatMap(cameraCautions),
      ...areaCautions(live),
      ...services.flatMap(serviceCautions),
      ...pipelineCautions(plan.site, pipeline, nowMs),
    ],
  };
}

function cameraOf(
  plan: SitePlan,
  planned: PlanCamera,
  live: LiveSnapshot | undefined,
  sources: readonly Source[],
  nowMs: number,
): System['cameras'][number] {
  const { site } = plan;
  const camera = planned.id;
  const start = cameraStart(plan, planned);
  const hasStarted = start.fromMs !== undefined && start.fromMs <= nowMs;
  const seen = live?.cameras.find((one) => one.camera === camera);
  const labels = { site, camera };
  const value = (name: string): number | null => samplesOf(sources, name, labels)[0]?.value ?? null;
  return {
    camera,
    state: hasStarted ? (seen?.state ?? 'never') : 'not-started',
    notStarted: hasStarted ? null : start.because,
    lastSeen: seen?.at ?? null,
    movedSince: seen?.movedSince ?? null,
    skewS: value('hitonami_camera_clock_skew_seconds'),
    framesPerS: rateOf(sources, 'hitonami_frames_received_total', labels),
    shedPerS: rateOf(sources, 'hitonami_frames_shed_total', labels),
    rejectedPerS: rateOf(sources, 'hitonami_frames_rejected_total', labels),
    saturation: value('hitonami_detector_saturation_ratio'),
  };
}

function framesOf(site: string, sources: readonly Source[]): System['frames'] {
  const figures = frameFigures(sources, site);
  if (figures === undefined) return null;
  const { sinceMs, ...counts } = figures;
  return { since: new Date(sinceMs).toISOString(), ...counts };
}

function cameraCautions(camera: System['cameras'][number]): Caution[] {
  const { camera: subject, state, lastSeen, movedSince, skewS, shedPerS, saturation } = camera;
  const found: Caution[] = [];
  const add = (kind: Caution['kind'], since: string | null, value: number | null): void => {
    found.push({ subject, kind, since, value });
  };
  if (state === 'silent' || state === 'never') add('silent', lastSeen, null);
  if (state === 'blind') add('blind', null, null);
  if (movedSince !== null) add('moved', movedSince, null);
  if (skewS !== null && (skewS < -SKEW_S_MAX || skewS > SKEW_BEHIND_S_MAX))
    add('skew', null, skewS);
  if (shedPerS !== null && shedPerS > SHED_PER_S_MAX) add('shed', null, shedPerS);
  if (saturation !== null && saturation >= SATURATED_MIN) add('saturated', null, saturation);
  return found;
}

function areaCautions(live: LiveSnapshot | undefined): Caution[] {
  return (live?.areas ?? []).flatMap(({ area: subject, coverage, saturation }) => {
    const found: Caution[] = [];
    if (coverage < COVERAGE_WANTED)
      found.push({ subject, kind: 'coverage', since: null, value: coverage });
    if (saturation >= SATURATED_MIN)
      found.push({ subject, kind: 'saturated', since: null, value: saturation });
    return found;
  });
}

/** The services that run behind an address; where it does not answer, the address stands for them. */
function servicesOf(source: Source): System['services'] {
  const common = { url: source.url, up: source.isUp, ready: source.isReady, detail: source.detail };
  const names = new Set(
    samplesOf([source], 'hitonami_service_state').map(({ labels }) => labels['service'] ?? '?'),
  );
  if (names.size === 0) return [{ service: new URL(source.url).host, ...common }];
  return [...names].map((service) => {
    const states = samplesOf([source], 'hitonami_service_state', { service });
    const state = states.find(({ value }) => value === 1)?.labels['state'];
    const isRunning = state === 'ready' || state === 'starting';
    return { service, ...common, up: common.up && isRunning };
  });
}

/** What is wrong with the numbers while a service is away: frames do not come in, are not counted, or are not kept. */
const WITHOUT: Readonly<Record<string, Caution['kind'] | undefined>> = {
  aggregator: 'lag',
  warehouse: 'warehouse',
};

function serviceCautions({ service, up, ready }: System['services'][number]): Caution[] {
  if ((up && ready) || service === 'console') return [];
  return [{ subject: service, kind: WITHOUT[service] ?? 'ingestor', since: null, value: null }];
}

function pipelineOf(site: string, sources: readonly Source[]): System['pipeline'] {
  const lags = samplesOf(sources, 'hitonami_log_lag_records');
  const delay = samplesOf(sources, 'hitonami_watermark_delay_seconds', { site })[0]?.value;
  const until = samplesOf(sources, 'hitonami_written_until_timestamp_seconds', { site })[0]?.value;
  const refusals = samplesOf(sources, 'hitonami_warehouse_refusals_total');
  const sum = (samples: readonly { value: number }[]): number | null =>
    samples.length === 0 ? null : samples.reduce((total, { value }) => total + value, 0);
  return {
    logLagRecords: sum(lags),
    watermarkDelayS: delay ?? null,
    writtenUntil: until === undefined || until <= 0 ? null : new Date(until * 1000).toISOString(),
    warehouseRefusals: sum(refusals),
  };
}

function pipelineCautions(site: string, pipeline: System['pipeline'], nowMs: number): Caution[] {
  const found: Caution[] = [];
  const { logLagRecords, writtenUntil } = pipeline;
  if (logLagRecords !== null && logLagRecords > LAG_RECORDS_MAX)
    found.push({ subject: site, kind: 'lag', since: null, value: logLagRecords });
  if (writtenUntil !== null && nowMs - Date.parse(writtenUntil) > WRITTEN_S_MAX * 1000)
    found.push({ subject: site, kind: 'warehouse', since: writtenUntil, value: null });
  return found;
}
