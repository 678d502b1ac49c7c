import { HitonamiError } from '@hitonami/model';
import { InferenceSession } from './runtime.js';
import { fieldsOf, textOf, WireError } from './wire.js';

/** Longest entry of a model's metadata that is read, bytes. */
const METADATA_BYTES_MAX = 64 * 1024;

/** One input or output of a model. */
export interface TensorSignature {
  readonly name: string;
  /** As the runtime names it: `float32`, `uint8`, `int64` … */
  readonly elementType: string;
  /** A number where it is fixed, a name where it is dynamic. */
  readonly dims: readonly (number | string)[];
}

/** What a model shows from outside: enough to recognise its family. */
export interface ModelSignature {
  readonly inputs: readonly TensorSignature[];
  readonly outputs: readonly TensorSignature[];
  /** Version of the default operator set. */
  readonly opset: number;
  /** What the exporter wrote beside the graph (`metadata_props`), as Ultralytics' `names` of classes. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Reads a model's inputs and outputs. The file alone does not do: many exporters leave the shapes of the outputs to
 * be inferred, which the runtime does when it loads the graph. Throws `MODEL` where the file is no usable model.
 */
export async function readSignature(file: Uint8Array, fileName: string): Promise<ModelSignature> {
  const opset = readOpset(file, fileName);
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(file, {
      graphOptimizationLevel: 'disabled',
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new HitonamiError('MODEL', `${fileName} cannot be loaded: ${words}`, { cause: error });
  }
  try {
    return {
      inputs: session.inputMetadata.map(tensorSignature),
      outputs: session.outputMetadata.map(tensorSignature),
      opset,
      metadata: readMetadata(file),
    };
  } finally {
    await session.release();
  }
}

function tensorSignature(metadata: InferenceSession.ValueMetadata): TensorSignature {
  if (!metadata.isTensor) return { name: metadata.name, elementType: 'no tensor', dims: [] };
  const { name, type, shape } = metadata;
  return { name, elementType: type, dims: shape.map((dim) => (dim === '' ? '?' : dim)) };
}

/** The default operator set's version, from the file itself; the runtime does not tell it. */
function readOpset(file: Uint8Array, fileName: string): number {
  try {
    let opset = 0;
    for (const { number, bytes } of fieldsOf(file)) {
      if (number === 8 && bytes !== undefined) opset = Math.max(opset, defaultOpset(bytes));
      if (number === 7 && bytes !== undefined) refuseSecondFile(bytes, fileName);
    }
    return opset;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new HitonamiError(
      'MODEL',
      `${fileName} is not an ONNX model (${error.message}); give the path of an .onnx file.`,
      { cause: error },
    );
  }
}

/** ModelProto.metadata_props, as far as its texts are short enough to be of use. */
function readMetadata(file: Uint8Array): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const { number, bytes } of fieldsOf(file)) {
    if (number !== 14 || bytes === undefined || bytes.length > METADATA_BYTES_MAX) continue;
    let key = '';
    let value = '';
    for (const field of fieldsOf(bytes)) {
      if (field.number === 1) key = textOf(field.bytes);
      if (field.number === 2) value = textOf(field.bytes);
    }
    metadata[key] = value;
  }
  return metadata;
}

/** OperatorSetIdProto: the version where it is the default domain's, else 0. */
function defaultOpset(message: Uint8Array): number {
  let domain = '';
  let version = 0;
  for (const field of fieldsOf(message)) {
    if (field.number === 1) domain = textOf(field.bytes);
    if (field.number === 2) version = field.value ?? 0;
  }
  return domain === '' || domain === 'ai.onnx' ? version : 0;
}

/** Weights in a second file (TensorProto.data_location = EXTERNAL) cannot be found from the model's bytes. */
function refuseSecondFile(graph: Uint8Array, fileName: string): void {
  for (const { number, bytes } of fieldsOf(graph)) {
    if (number !== 5 || bytes === undefined) continue;
    for (const field of fieldsOf(bytes)) {
      if (field.number === 14 && field.value === 1) {
        throw new HitonamiError(
          'MODEL',
          `${fileName} keeps its weights in a second file; export it as one file.`,
        );
      }
    }
  }
}

/** `images float32[1,3,320,416]`, for messages. */
export function describeTensor({ name, elementType, dims }: TensorSignature): string {
  return `${name} ${elementType}[${dims.join(',')}]`;
}
