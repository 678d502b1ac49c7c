import type { ModelSignature } from '../onnx/signature.js';
import type { ClassKinds } from '../kinds.js';
import type { Candidates } from './candidates.js';

/** How a picture becomes a network's input. All of it runs inside the graph (see `withPrologue`) but the placing. */
export interface Preprocessing {
  /** Name of the model's own input: float32 [1, 3, height, width]. */
  readonly input: string;
  /** Network pixels. */
  readonly width: number;
  readonly height: number;
  /** Keep the picture's proportions and put it top left or in the centre, or stretch it over the whole input. */
  readonly fit: 'top-left' | 'centre' | 'stretch';
  /** Grey, 0–255, of what the picture does not cover. */
  readonly pad: number;
  readonly order: 'rgb' | 'bgr';
  /** Per channel in the model's order, on the scale 0–255: (value − mean) / deviation. */
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

/** An output as the runtime gives it. */
export interface OutputTensor {
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** A recognised model, ready to read its outputs. A family without boxes will be a second member of this union. */
export interface BoxDetector {
  readonly yields: 'boxes';
  readonly family: string;
  readonly preprocessing: Preprocessing;
  /** The score from which a detection counts where a camera's plan says nothing. */
  readonly thresholdDefault: number;
  /** IoU at which two boxes of one kind are one object; undefined where the model has done that itself. */
  readonly overlapMax: number | undefined;
  /** The most boxes that the model itself can report; undefined where the pool's own limit decides. */
  readonly boxesMax: number | undefined;
  /** Adds every box whose score reaches the threshold to `found`, in network pixels. */
  decode(
    outputs: Readonly<Record<string, OutputTensor>>,
    threshold: number,
    found: Candidates,
  ): void;
}

export type Detector = BoxDetector;

/** What may be said about a model that its own inputs and outputs do not say: `<model>.json`, all optional. */
export interface ModelNotes {
  /** Name of the family, where it must not be guessed. */
  readonly family?: string;
  /** Width and height for a model whose input size is dynamic, network pixels. */
  readonly inputSize?: readonly [width: number, height: number];
  /** What each class means, in the model's order; null for what is not counted. */
  readonly kinds?: ClassKinds;
  readonly threshold?: number;
  /** The most boxes that the model reports. */
  readonly boxesMax?: number;
  readonly fit?: Preprocessing['fit'];
  readonly pad?: number;
  readonly order?: Preprocessing['order'];
  readonly mean?: readonly [number, number, number];
  readonly deviation?: readonly [number, number, number];
}

/** One kind of detector, as an adapter: pure, and the same in the main thread and in the workers. */
export interface DetectorFamily {
  readonly name: string;
  /** What it looks like from outside, for the message to someone whose model is none of these. */
  readonly looksLike: string;
  /** The detector, where inputs and outputs (or the notes) say that the model is of this family. */
  recognise(signature: ModelSignature, notes: ModelNotes): Detector | undefined;
}
