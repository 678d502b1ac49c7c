import { HitonamiError } from '@hitonami/model';
import { InferenceSession, Tensor } from '../onnx/runtime.js';
import { Candidates } from '../detectors/candidates.js';
import { reportDensity } from '../detectors/density-report.js';
import type { Detector, ModelNotes, OutputTensor, Preprocessing } from '../detectors/family.js';
import { requireNumbers } from '../detectors/finite.js';
import { type LoadedModel, loadModel } from '../detectors/load.js';
import { report } from '../detectors/report.js';
import { PICTURE_INPUT, withPrologue } from '../onnx/prologue.js';
import { decodePicture, setUpDecoder } from '../picture/decode.js';
import type { Placement } from '../picture/placement.js';
import { CANDIDATES_MAX, POOL_LIMITS } from '../pool/limits.js';
import { AGREED_MAX, differenceOf } from './agreement.js';
import { bareInputs } from './bare-input.js';

/** What a model is, and what it did with one picture. */
export interface ModelInspection {
  readonly family: string;
  /** `density`: it counts, and finds nobody. */
  readonly yields: 'boxes' | 'density';
  /** Network pixels. */
  readonly inputWidth: number;
  readonly inputHeight: number;
  readonly fit: Preprocessing['fit'];
  readonly order: Preprocessing['order'];
  readonly thresholdDefault: number;
  /** Everything that has to be known to use it again, whatever stands beside its file. */
  readonly notes: ModelNotes;
  /** Between the model with its prologue and without, as a share (see `differenceOf`). */
  readonly difference: number;
  /** Found in the picture at that threshold; people, not rounded, where it counts without finding. */
  readonly found: number;
}

/**
 * Recognises a model, puts the prologue in front of it, and lets it see one picture both ways: the file as it is, fed
 * with floats computed here, and the graph that takes the decoder's bytes. Throws `MODEL` where it is of no family,
 * cannot run, gives what is no number, or does not say the same both ways; `INPUT` for the picture.
 * @param options.notes stronger than those beside the file
 * @param options.picture JPEG, PNG or WebP
 */
export async function inspectModel(options: {
  modelPath: string;
  picture: Uint8Array;
  notes?: ModelNotes;
}): Promise<ModelInspection> {
  const loaded = await loadModel(options.modelPath, undefined, options.notes ?? {});
  const { detector, file, fileName, signature, notes } = loaded;
  const { preprocessing, family, yields, thresholdDefault } = detector;
  const { width, height, fit, order } = preprocessing;

  setUpDecoder();
  const canvas = new Uint8Array(width * height * 3);
  const { placement } = await decodePicture(
    Buffer.from(options.picture),
    canvas,
    preprocessing,
    POOL_LIMITS.picturePixelsMax,
  );
  const bare = await runOnce(file, loaded, bareInputs(canvas, preprocessing));
  requireNumbers(bare, Infinity);
  const bytes = new Tensor('uint8', canvas, [1, height, width, 3]);
  const edited = withPrologue(file, signature, preprocessing);
  const outputs = await runOnce(edited, loaded, { [PICTURE_INPUT]: bytes });
  requireNumbers(outputs, Infinity);
  const difference = differenceOf(detector, bare, outputs);
  if (!(difference <= AGREED_MAX)) {
    throw new HitonamiError(
      'MODEL',
      `${fileName} does not say the same with the preprocessing inside its graph as without: its outputs differ ` +
        `by ${difference.toPrecision(2)}, and ${String(AGREED_MAX)} is allowed. It may hold something random, or ` +
        'compute with less than 32 bits; export it again in float32.',
    );
  }
  return {
    family,
    yields,
    inputWidth: width,
    inputHeight: height,
    fit,
    order,
    thresholdDefault,
    notes: { ...notes, family, threshold: thresholdDefault, inputSize: [width, height] },
    difference,
    found: foundBy(detector, outputs, placement),
  };
}

async function runOnce(
  model: Uint8Array,
  { fileName }: LoadedModel,
  inputs: Record<string, Tensor>,
): Promise<Readonly<Record<string, OutputTensor>>> {
  try {
    const session = await InferenceSession.create(model, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    try {
      return await session.run(inputs);
    } finally {
      await session.release();
    }
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new HitonamiError('MODEL', `${fileName} cannot run: ${words}`, { cause });
  }
}

function foundBy(
  detector: Detector,
  outputs: Readonly<Record<string, OutputTensor>>,
  placement: Placement,
): number {
  if (detector.yields === 'density') {
    const { people = 0 } = reportDensity(
      detector.read(outputs),
      detector.preprocessing,
      placement,
      undefined,
      0,
    );
    return people;
  }
  const found = new Candidates(CANDIDATES_MAX);
  detector.decode(outputs, detector.thresholdDefault, found);
  return report(found, detector, placement, undefined, POOL_LIMITS.detectionsMax).count;
}
