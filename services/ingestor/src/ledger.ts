import type { Metrics } from '@hitonami/service';

export type Outcome = 'processed' | 'shed' | 'rejected';

/**
 * Accounts for every frame: received = processed + shed + rejected + in flight, and destroyed = received − in flight.
 * A frame is entered once and settled once; settling overwrites its pixels.
 */
export class FrameLedger {
  private readonly received;
  private readonly outcomes;
  private readonly destroyed;
  private readonly inFlight;
  private readonly onDestroyed: () => void;

  /** `onDestroyed` is told of every frame whose pixels have just been overwritten. */
  constructor(metrics: Metrics, onDestroyed: () => void) {
    this.onDestroyed = onDestroyed;
    const labels = ['site', 'camera'] as const;
    this.received = metrics.counter({
      name: 'hitonami_frames_received_total',
      help: 'Frames that came in by the frame door.',
      labels,
    });
    this.outcomes = {
      processed: metrics.counter({
        name: 'hitonami_frames_processed_total',
        help: 'Frames whose positions are durable in the event log.',
        labels,
      }),
      shed: metrics.counter({
        name: 'hitonami_frames_shed_total',
        help: 'Good frames given up for a newer one, or because the ingestor stops.',
        labels,
      }),
      rejected: metrics.counter({
        name: 'hitonami_frames_rejected_total',
        help: 'Frames that could not be used.',
        labels,
      }),
    };
    this.destroyed = metrics.counter({
      name: 'hitonami_frames_destroyed_total',
      help: 'Frames whose pixels have been overwritten.',
      labels,
    });
    this.inFlight = metrics.gauge({
      name: 'hitonami_frames_in_flight',
      help: 'Frames received and not yet processed, shed or rejected.',
      labels,
    });
  }

  /** Enters a frame; `known` names it in the metrics, and is left out for a camera that no plan has. */
  enter(image: Buffer, known?: { site: string; camera: string }): FrameEntry {
    const labels = known ?? { site: '', camera: '' };
    this.received.inc(labels);
    this.inFlight.inc(labels);
    let settled = false;
    return {
      image,
      settle: (outcome) => {
        if (settled) return;
        settled = true;
        image.fill(0);
        this.destroyed.inc(labels);
        this.outcomes[outcome].inc(labels);
        this.inFlight.dec(labels);
        this.onDestroyed();
      },
    };
  }
}

/** One frame's account. */
export interface FrameEntry {
  readonly image: Buffer;
  /** Overwrites the pixels and books the outcome; a second call does nothing. */
  settle(outcome: Outcome): void;
}
