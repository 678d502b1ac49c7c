import type { PersonKind } from '../figures/appearance.js';
import type { Split } from '../scene/place.js';
import type { Viewing } from './viewpoint.js';

/** What is true of one person in a picture; pixels. Boxes are of the whole body, also where it is hidden or cut. */
export interface PersonLabel {
  readonly box: readonly number[];
  readonly foot: readonly number[];
  readonly head: readonly number[];
  /** Share of the person's pixels that are to be seen, above 0 to 1. */
  readonly visible: number;
  readonly kind: PersonKind;
}

/** One line of `labels.jsonl`. */
export interface Label {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly scene: string;
  readonly split: Split;
  readonly people: readonly PersonLabel[];
  /** Persons a square metre of the floor in view. */
  readonly density: number;
  readonly cameraHeightM: number;
  readonly tiltDeg: number;
  readonly viewing: Viewing;
}
