import type { ErrorCode } from '@hitonami/model';
import type { PersonTruth } from '../mesh.js';
import type { FilmMoment } from './studio.js';

export interface FrameOrder {
  readonly order: number;
  readonly camera: string;
  readonly moment: FilmMoment;
}

export type FrameAnswer =
  | {
      readonly order: number;
      readonly jpeg: Uint8Array<ArrayBuffer>;
      readonly truth: readonly PersonTruth[];
      readonly drawnMs: number;
    }
  | {
      readonly order: number;
      readonly error: { readonly code: ErrorCode; readonly message: string };
    };
