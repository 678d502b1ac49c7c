import type { ModelSignature } from '../onnx/signature.js';
import type { ClassKinds } from '../kinds.js';
import type { Candidates } from './candidates.js';

/** How a picture becomes a network's input. All of it runs inside the graph (see `withPrologue`) but the placing. */
export interface Preprocessing {
  /** Name of the model's own input for the picture. */
  readonly input: string;
  /** `planes`: [1, channels, height, width]; `pixels`: [1, height, width, channels]. Default `planes`. */
  readonly layout?: 'planes' | 'pixels';
  /** A model that takes bytes gets them as they are, without mean and deviation. Default `float32`. */
  readonly element?: 'float32' | 'uint8';
  /** Network pixels. */
  readonly width: number;
  readonly height: number;
  /** Keep the picture's proportions and put it top left or in the centre, or stretch it over the whole input. */
  readonly fit: 'top-left' | 'centre' | 'stretch';
  /** Grey, 0–255, of what the picture does not cover. */
  readonly pad: number;
  /** `grey` is one channel, with the first mean and the first deviation. */
  readonly order: ColourOrder;
  /** Per channel in the model's order, on the scale 0–255: (value − mean) / deviation. */
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
  /** Further inputs that always get the same numbers, as the size that a DETR scales its boxes to. */
  readonly constants?: readonly ConstantInput[];
}

export type ColourOrder = 'rgb' | 'bgr' | 'grey';

/** An int64 input that is no picture. */
export interface ConstantInput {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

/** An output as the runtime gives it. */
export interface OutputTensor {
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** A recognised model that finds objects one by one, ready to read its outputs. */
export interface BoxDetector {
  readonly yields: 'boxes';
  readonly family: string;
  readonly preprocessing: Preprocessing;
  /** The score from which a detection counts where a camera's plan says nothing. */
  readonly thresholdDefault: number;
  /** IoU at which two boxes of one kind are one object; undefined where the model has done that itself. */
  readonly overlapMax: number | undefined;
  /** Whether every box comes with a foot point. Default false. */
  readonly givesFeet?: boolean;
  /** The most boxes that the model itself can report; undefined where the pool's own limit decides. */
  readonly boxesMax: number | undefined;
  /** Adds every box whose score reaches the threshold to `found`, in network pixels. */
  decode(
    outputs: Readonly<Record<string, OutputTensor>>,
    threshold: number,
    found: Candidates,
  ): void;
}

/** How many people a model sees where, without telling one from the other: `columns` × `rows` cells over its input. */
export interface DensityMap {
  readonly columns: number;
  readonly rows: number;
  /** People in each cell, row by row; a little below 0 is possible. */
  readonly people: Float32Array;
}

/** A recognised model that counts without finding: no boxes, and so no tracks, crossings or places on the floor. */
export interface DensityDetector {
  readonly yields: 'density';
  readonly family: string;
  readonly preprocessing: Preprocessing;
  /** Means nothing here: everyone in the map counts. */
  readonly thresholdDefault: number;
  read(outputs: Readonly<Record<string, OutputTensor>>): DensityMap;
}

export type Detector = BoxDetector | DensityDetector;

export type FootSd = readonly [across: number, up: number];

/** Of a good detector's boxes, whose lower side lies between the feet. */
export const FOOT_SD_DEFAULT: FootSd = [0.03, 0.03];

/** What may be said about a model that its own inputs and outputs do not say: `<model>.json`, all optional. */
export interface ModelNotes {
  /** Name of the family, where it must not be guessed. */
  readonly family?: string;
  /** Width and height for a model whose input size is dynamic, network pixels. */
  readonly inputSize?: readonly [width: number, height: number];
  /** What each class means, in the model's order; null for what is not counted. */
  readonly kinds?: ClassKinds;
  readonly threshold?: number;
  /** IoU at which two boxes of one kind are one object, for a model that leaves this to us. */
  readonly overlapMax?: number;
  /** How a DETR's logits become scores: `softmax` has a last class that means nothing is there. */
  readonly scores?: 'sigmoid' | 'softmax';
  /** The most boxes that the model reports. */
  readonly boxesMax?: number;
  /** Standard deviation of the foot points, across and up, as shares of a box's height; see `FOOT_SD_DEFAULT`. */
  readonly footSd?: FootSd;
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
