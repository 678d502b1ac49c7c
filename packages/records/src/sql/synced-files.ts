import fs from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** What is used here of the engine's own file system, which Emscripten's loader makes. */
interface Stream {
  readonly node: object;
  /** The file's descriptor; a folder has none. */
  readonly nfd?: number;
}
interface EngineModule {
  readonly NODEFS: {
    readonly stream_ops: { fsync?: (stream: Stream) => number };
    realPath(node: object): string;
  };
}

/**
 * The engine comes with `fsync` off (`-F`), and with files that cannot be synced even where it is on. Here both are given
 * back to it: PostgreSQL then syncs what it always does, the log of a commit, and at a checkpoint the tables.
 */
export const SYNCED_START = [
  ...PGlite.defaultStartParams.filter((one) => one !== '-F'),
  // The engine's `fdatasync` does nothing.
  ...['-c', 'wal_sync_method=fsync'],
];

/** The folder of a database, whose files are on the disk when the engine has asked for it. */
export class SyncedFiles extends NodeFS {
  override async init(
    ...given: Parameters<NodeFS['init']>
  ): Promise<Awaited<ReturnType<NodeFS['init']>>> {
    const made = await super.init(...given);
    const preRun = made.emscriptenOpts.preRun ?? [];
    const all = Array.isArray(preRun) ? preRun : [preRun];
    const giveSync = (engine: unknown): void => {
      const { NODEFS } = engine as EngineModule;
      NODEFS.stream_ops.fsync = (stream) => {
        sync(stream.nfd, () => NODEFS.realPath(stream.node));
        return 0;
      };
    };
    return { emscriptenOpts: { ...made.emscriptenOpts, preRun: [...all, giveSync] as never } };
  }
}

function sync(descriptor: number | undefined, path: () => string): void {
  if (descriptor !== undefined) {
    fs.fsyncSync(descriptor);
    return;
  }
  const folder = fs.openSync(path(), 'r');
  try {
    fs.fsyncSync(folder);
  } finally {
    fs.closeSync(folder);
  }
}

/** Files that are synced at once; the disk writes them together. */
const AT_ONCE = 16;

/** Brings a folder to the disk that was made without the engine: its names, and all that is in it. */
export async function syncAll(folder: string, isDeep = true): Promise<void> {
  const within = isDeep ? await readdir(folder, { recursive: true, withFileTypes: true }) : [];
  const paths = [folder, ...within.map((one) => join(one.parentPath, one.name))];
  const next = paths.values();
  const work = async (): Promise<void> => {
    for (const path of next) {
      const file = await open(path, 'r');
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
