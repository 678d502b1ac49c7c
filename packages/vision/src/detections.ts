import type { Sight } from './picture/sight.js';

/** A polygon in picture pixels, corner by corner; it closes itself. */
export type Region = readonly (readonly [u: number, v: number])[];

/** What was found in one picture. Columns of the same length, strongest first. */
export interface Detections {
  /** The upright picture, pixels. */
  readonly width: number;
  readonly height: number;
  readonly count: number;
  /** x1 y1 x2 y2 for each, in the picture's pixels, cut at its border. Without `feet` the foot point is ((x1 + x2) / 2, y2). */
  readonly boxes: Float32Array;
  /** u v of the floor under each, in the picture's pixels, where the model gives it: also hidden, or below the picture. */
  readonly feet?: Float32Array;
  /** 0 to 1. */
  readonly scores: Float32Array;
  /** `Kind` of `hitonami/v1/position.proto`. */
  readonly kinds: Uint8Array;
  /**
   * How near the detector is to not counting any more, 0 to 1: the greater of
   * - fill: boxes over the threshold, in the region or not, ÷ the most that can be reported;
   * - crowding: for each box in the region, its largest overlap (IoU) with another of its kind ÷ the overlap at which
   *   one of two is taken for a duplicate; summed, ÷ the number of boxes (at least 10: two people who walk close
   *   together are no crowd). Towards 1, people stand so close in the picture that the next one is suppressed.
   */
  readonly saturation: number;
  /** Whether the camera sees at all; where it does not, that nobody was found means nothing. */
  readonly sight: Sight;
  /**
   * Only from a model that counts without finding (a density map): how many people the map adds up to, in the region
   * where there is one; not a whole number. `count` is 0 then and there are no boxes.
   */
  readonly people?: number;
  /** With `people`: where they are densest, u v for each of as many as it rounds to. Heads mostly, and not foot points. */
  readonly points?: Float32Array;
  /** Milliseconds from the call on, by part. */
  readonly timing: DetectionTiming;
}

export interface DetectionTiming {
  /** Waiting for a free worker. */
  readonly queuedMs: number;
  /** Decoding and resizing, and waiting for the worker's thread. */
  readonly decodedMs: number;
  /** Inference alone. */
  readonly inferredMs: number;
  /** From the call to its answer. */
  readonly totalMs: number;
}
