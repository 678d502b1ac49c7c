import { samplesOf, type Source } from './sources.js';

/** What the figures of frames are made from. */
export const FRAME_FIGURE_METRICS: readonly string[] = [
  'hitonami_service_state',
  'process_start_time_seconds',
  'hitonami_frames_received_total',
  'hitonami_frames_processed_total',
  'hitonami_frames_shed_total',
  'hitonami_frames_rejected_total',
  'hitonami_frames_destroyed_total',
];

export type FrameFigure = 'received' | 'processed' | 'shed' | 'rejected' | 'destroyed';

/** Frames of a site since the ingestors that run now were started. */
export interface FrameFigures extends Readonly<Record<FrameFigure, number>> {
  /** The first of them started then, ms since 1970. */
  readonly sinceMs: number;
}

/**
 * What became of the frames of a site; undefined where any source does not answer, or no ingestor is known: a part is not
 * the whole, and nobody knows the rest.
 */
export function frameFigures(sources: readonly Source[], site: string): FrameFigures | undefined {
  if (sources.length === 0 || sources.some(({ isUp }) => !isUp)) return undefined;
  const ingestors = sources.filter(
    (source) => samplesOf([source], 'hitonami_service_state', { service: 'ingestor' }).length > 0,
  );
  const starts = samplesOf(ingestors, 'process_start_time_seconds').map(({ value }) => value);
  if (ingestors.length === 0 || starts.length < ingestors.length) return undefined;
  // An ingestor that answers and has no series of a site has had none of its frames.
  const total = (figure: FrameFigure): number =>
    samplesOf(ingestors, `hitonami_frames_${figure}_total`, { site }).reduce(
      (sum, { value }) => sum + value,
      0,
    );
  return {
    received: total('received'),
    processed: total('processed'),
    shed: total('shed'),
    rejected: total('rejected'),
    destroyed: total('destroyed'),
    sinceMs: Math.min(...starts) * 1000,
  };
}
