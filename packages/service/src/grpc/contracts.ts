import { loadSync } from '@grpc/proto-loader';
import type {
  MessageTypeDefinition,
  MethodDefinition,
  PackageDefinition,
} from '@grpc/proto-loader';
import { HitonamiError } from '@hitonami/model';
import type { Alert, Door, Doors, LiveSnapshot, PlanVersion, PositionBatch } from './messages.js';
import { protoFolder } from './proto-folder.js';

const FILES = ['frame', 'position', 'observation', 'still', 'live', 'alert'].map(
  (name) => `hitonami/v1/${name}.proto`,
);
const PACKAGE = 'hitonami.v1';

/**
 * `bytes` stay views of the received message (no copy, and overwriting one overwrites the picture); fields have their
 * defaults, so that absent and default look the same, as proto3 means them; a oneof names the member that is set.
 */
const OPTIONS = { defaults: true, oneofs: true, longs: Number, enums: String } as const;

/** For position batches: device tracks need all 64 bits, and kinds go on as numbers, which is the default of enums. */
const EXACT_OPTIONS = { defaults: true, oneofs: true, longs: String } as const;

export type StreamMethod<D extends Door> = MethodDefinition<
  Doors[D]['request'],
  Doors[D]['response']
>;

export interface Contracts {
  /** Everything with the names of the `.proto` files, for reflection. */
  readonly definitions: () => PackageDefinition;
  readonly doors: { readonly [D in Door]: { readonly Stream: StreamMethod<D> } };
  readonly liveSnapshot: RecordCodec<LiveSnapshot>;
  readonly alert: RecordCodec<Alert>;
  readonly planVersion: RecordCodec<PlanVersion>;
}

/** Standard protobuf to and from the value of a log record. */
export interface RecordCodec<T> {
  encode(message: T): Buffer;
  /** @throws HitonamiError `INPUT` for bytes that are not such a message. */
  decode(bytes: Uint8Array): T;
}

let loaded: Contracts | undefined;

/** The wire contracts, loaded from `proto/hitonami/v1` at the first call. */
export function contracts(): Contracts {
  loaded ??= load();
  return loaded;
}

function load(): Contracts {
  const includeDirs = [protoFolder()];
  const definitions = loadSync(FILES, { ...OPTIONS, includeDirs });
  const exact = loadSync(FILES, { ...EXACT_OPTIONS, includeDirs });
  const service = <D extends Door>(name: D): { Stream: StreamMethod<D> } => {
    const found = definitions[`${PACKAGE}.${name}`];
    if (found === undefined || 'format' in found) throw missing(name);
    return found as unknown as { Stream: StreamMethod<D> };
  };
  const { Stream } = service('PositionIngest');
  return {
    definitions: () => loadSync(FILES, { ...OPTIONS, includeDirs, keepCase: true }),
    doors: {
      FrameIngest: service('FrameIngest'),
      PositionIngest: { Stream: { ...Stream, requestDeserialize: positionBatchReader(exact) } },
      CountIngest: service('CountIngest'),
      StillCheck: service('StillCheck'),
    },
    liveSnapshot: recordCodec(definitions, 'LiveSnapshot'),
    alert: recordCodec(definitions, 'Alert'),
    planVersion: recordCodec(definitions, 'PlanVersion'),
  };
}

function message<T extends object>(
  definitions: PackageDefinition,
  name: string,
): MessageTypeDefinition<T, T> {
  const found = definitions[`${PACKAGE}.${name}`];
  if (found === undefined || !('serialize' in found)) throw missing(name);
  return found as unknown as MessageTypeDefinition<T, T>;
}

function missing(name: string): HitonamiError {
  return new HitonamiError(
    'CONFIG',
    `The wire contracts have no ${PACKAGE}.${name}; is the folder proto of this version?`,
  );
}

function positionBatchReader(exact: PackageDefinition): (bytes: Buffer) => PositionBatch {
  type Raw = Omit<PositionBatch, 'sequence' | 'capturedUs'> & {
    sequence: string;
    capturedUs: string;
  };
  const { deserialize } = message<Raw>(exact, 'PositionBatch');
  return (bytes) => {
    const raw = deserialize(bytes);
    return { ...raw, sequence: Number(raw.sequence), capturedUs: Number(raw.capturedUs) };
  };
}

function recordCodec<T extends object>(
  definitions: PackageDefinition,
  name: string,
): RecordCodec<T> {
  const { serialize, deserialize } = message<T>(definitions, name);
  return {
    encode: serialize,
    decode: (bytes) => {
      try {
        return deserialize(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      } catch (cause) {
        throw new HitonamiError('INPUT', `${bytes.byteLength} bytes are not a ${name}.`, { cause });
      }
    },
  };
}
