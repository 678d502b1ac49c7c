import type { Light, Mesh } from '../mesh.js';
import type { Blocked } from './stage.js';

/** A rectangle on the floor. */
export interface Span {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** A drawn place for training: what it is made of, and where people can be. */
export interface Place {
  readonly name: string;
  readonly meshes: readonly Mesh[];
  readonly light: Light;
  /** Where people stand and walk. */
  readonly walk: readonly Span[];
  readonly blocked: readonly Blocked[];
  /** Where a camera may hang. */
  readonly cameras: Span;
  /** Height of a ceiling, metres; no camera above it. */
  readonly ceilingM: number;
  readonly indoors: boolean;
  /** The direction most people walk along, radians. */
  readonly alongRad: number;
}

/** Which half of the variety: what `held-out` draws, `train` never does. */
export type Split = 'train' | 'held-out';
