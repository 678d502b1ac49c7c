import { mkdirSync, realpathSync } from 'node:fs';
import { open } from 'lmdb';
import type { Database, RootDatabase } from 'lmdb';
import { HitonamiError } from '@hitonami/model';
import { messageOf } from '../faults.js';
import { hasRoom } from './disk-room.js';
import { checkStoreFile } from './file-check.js';
import { Wakeups } from './wakeups.js';

/** Written into every folder, so that a later layout is told apart. */
const FORMAT = 1;
/** Codes that say that there is no room: ENOSPC, EDQUOT, EFBIG, MDB_MAP_FULL. */
const FULL_CODES = new Set([28, 122, 27, -30792]);
/** LMDB reports a short write, which is what a full disk gives first, as a plain I/O error. */
const EIO = 5;

export interface TopicEntry {
  readonly id: number;
  readonly partitions: number;
  /** null = for ever (JSON has no Infinity). */
  readonly retentionMs: number | null;
}

/**
 * The LMDB environment of one folder, shared by every log that this process opens there (LMDB forbids opening a folder
 * twice in a process). Many processes may have it open: LMDB lets one write at a time and readers never wait.
 */
export class Store {
  readonly folder: string;
  readonly segments: Database<Buffer, Buffer>;
  readonly ends: Database<number, string>;
  readonly topics: Database<TopicEntry, string>;
  readonly groups: Database<unknown, string>;
  readonly wakeups = new Wakeups();
  readonly #root: RootDatabase<unknown, string>;

  constructor(folder: string) {
    this.folder = folder;
    this.#root = open<unknown, string>({
      path: folder,
      noSubdir: false,
      maxDbs: 8,
      encoding: 'json',
      // A commit returns when it is on the disk, and nobody sees a record before that.
      overlappingSync: false,
      // With it, a failed commit leaves a rejected promise that nobody can catch (lmdb 3.5.6).
      eventTurnBatching: false,
    });
    this.segments = this.#root.openDB<Buffer, Buffer>('segments', {
      encoding: 'binary',
      keyEncoding: 'binary',
    });
    this.ends = this.#root.openDB<number, string>('ends', { encoding: 'json' });
    this.topics = this.#root.openDB<TopicEntry, string>('topics', { encoding: 'json' });
    this.groups = this.#root.openDB<unknown, string>('groups', { encoding: 'json' });
  }

  /** Checks the layout's version, or writes it into a new folder. */
  async checkFormat(): Promise<void> {
    const found = this.#root.get('format') ?? (await this.#writeFormat());
    if (found !== FORMAT)
      throw new HitonamiError(
        'LOG',
        `the event log in "${this.folder}" has layout ${JSON.stringify(found)}; this version reads layout ${FORMAT}. ` +
          'Use the version that wrote it, or an empty folder',
        { detail: 'FORMAT' },
      );
  }

  #writeFormat(): Promise<unknown> {
    return this.write(() => {
      const found = this.#root.get('format');
      if (found !== undefined) return found;
      void this.#root.put('format', FORMAT);
      return FORMAT;
    });
  }

  /**
   * Runs the action alone among all processes, and resolves when what it wrote is on the disk. The action must not
   * await, and must do its checks before its first put: a throw does not undo the puts before it.
   * @throws HitonamiError `LOG_FULL` or `LOG`
   */
  async write<T>(action: () => T): Promise<T> {
    try {
      return await this.#root.transaction(action);
    } catch (error) {
      throw await this.#mapped(error);
    }
  }

  /** Lets the next reads see what other processes committed. */
  refresh(): void {
    this.#root.resetReadTxn();
  }

  /** Frees the reader slots of processes that were killed: a stale one keeps old pages from being used again. */
  freeStaleReaders(): void {
    this.#root.readerCheck();
  }

  async close(): Promise<void> {
    await this.#root.close();
  }

  async #mapped(error: unknown): Promise<unknown> {
    if (error instanceof HitonamiError) return error;
    const cause = await commitCause(error);
    const code = codeOf(cause);
    if (FULL_CODES.has(code) || (code === EIO && !(await hasRoom(this.folder))))
      return new HitonamiError(
        'LOG_FULL',
        `the event log in "${this.folder}" has no room left on its disk: nothing was appended. ` +
          'Free some space or shorten the retention; what is in the log stays readable',
        { cause, canRetry: true, detail: String(code) },
      );
    return new HitonamiError(
      'LOG',
      `the event log in "${this.folder}" could not be written: ${messageOf(cause)}`,
      { cause, canRetry: code === EIO, detail: String(code) },
    );
  }
}

/** lmdb hides why a commit failed in a promise beside the error. */
async function commitCause(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error;
  return Promise.resolve(error.commitError).then(
    () => error,
    (cause: unknown) => cause,
  );
}

function codeOf(error: unknown): number {
  return error instanceof Error && 'code' in error && typeof error.code === 'number'
    ? error.code
    : 0;
}

interface SharedStore {
  readonly store: Promise<Store>;
  users: number;
}
const shared = new Map<string, SharedStore>();

/** Opens the folder's store, or joins the one this process has open. Give it back with {@link releaseStore}. */
export async function acquireStore(folder: string): Promise<Store> {
  let path: string;
  try {
    mkdirSync(folder, { recursive: true });
    path = realpathSync(folder);
  } catch (cause) {
    throw new HitonamiError(
      'LOG',
      `cannot make the event log's folder "${folder}": ${messageOf(cause)}. Name a folder that this process may write to`,
      { cause, detail: 'UNREADABLE' },
    );
  }
  const entry = shared.get(path) ?? { store: openStore(path), users: 0 };
  shared.set(path, entry);
  entry.users += 1;
  try {
    return await entry.store;
  } catch (error) {
    shared.delete(path);
    throw error;
  }
}

export async function releaseStore(store: Store): Promise<void> {
  const entry = shared.get(store.folder);
  if (entry === undefined) return;
  entry.users -= 1;
  if (entry.users > 0) return;
  shared.delete(store.folder);
  await store.close();
}

async function openStore(folder: string): Promise<Store> {
  checkStoreFile(folder);
  let store: Store;
  try {
    store = new Store(folder);
  } catch (cause) {
    throw new HitonamiError(
      'LOG',
      `cannot open the event log in "${folder}": ${messageOf(cause)}. ` +
        'It must be on a local disk that this process may write to, and hold nothing else',
      { cause, detail: 'UNREADABLE' },
    );
  }
  await store.checkFormat();
  return store;
}
