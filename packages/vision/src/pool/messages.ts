import type { Detections, Region } from '../detections.js';
import type { ModelNotes } from '../detectors/family.js';
import type { ErrorCode } from '@hitonami/model';
import type { ModelSignature } from '../onnx/signature.js';

/** What a worker is started with. */
export interface WorkerStart {
  /** The model with its prologue. */
  readonly model: Uint8Array;
  readonly fileName: string;
  readonly signature: ModelSignature;
  readonly notes: ModelNotes;
  /** Where encoded pictures are handed over, one for each call that a worker holds. */
  readonly slots: readonly SharedArrayBuffer[];
  readonly picturePixelsMax: number;
  readonly detectionsMax: number;
}

export type ToWorker =
  | {
      readonly type: 'detect';
      readonly call: number;
      readonly slot: number;
      readonly length: number;
      readonly threshold: number;
      readonly region: Region | undefined;
    }
  | { readonly type: 'residue' }
  | { readonly type: 'stop' };

/** An error on its way between threads: class instances do not survive it. */
export interface ErrorMessage {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail: string | undefined;
}

/** How many bytes of one buffer are not zero. */
export interface BufferResidue {
  readonly buffer: string;
  readonly bytes: number;
  readonly notZero: number;
}

export type WorkerDetections = Omit<Detections, 'timing'> & {
  readonly timing: { readonly decodedMs: number; readonly inferredMs: number };
};

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly error: ErrorMessage }
  | { readonly type: 'found'; readonly call: number; readonly detections: WorkerDetections }
  | { readonly type: 'refused'; readonly call: number; readonly error: ErrorMessage }
  /** An error that nobody caught: the thread takes no more calls and ends. */
  | { readonly type: 'crashed'; readonly reason: string }
  | { readonly type: 'residue'; readonly buffers: readonly BufferResidue[] };
