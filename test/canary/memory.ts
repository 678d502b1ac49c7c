import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Trace, TraceFinder } from './finder.js';

const PAGE_BYTES = 4096;
/** Bytes read at once; what lies on a seam is read twice. */
const CHUNK_BYTES = 4 * 1024 * 1024;
const SEAM_BYTES = PAGE_BYTES;
/** One entry each page in /proc/PID/pagemap. */
const ENTRY_BYTES = 8;
/** Bits 63 and 62 of an entry: the page is in memory, or swapped out. Another page was never written to. */
const IN_USE = 0xc0;

export interface MemoryTrace extends Trace {
  /** The mapping in which it lies, as the kernel names it: `[heap]`, a file, or nothing. */
  readonly mapping: string;
}

/** The memory of a process as it was at one instant. */
export interface MemoryCopy {
  readonly pieces: readonly MemoryPiece[];
  readonly bytes: number;
  /** How long the process stood still for it, ms. */
  readonly stoodStillMs: number;
}

interface MemoryPiece {
  readonly mapping: string;
  readonly at: number;
  readonly bytes: Buffer;
}

interface Mapping {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/**
 * Copies everything that a process may read in its memory and that is not exactly what a file on disk holds (Linux,
 * /proc), while it stands still. Pages that were never written to are passed over.
 * @throws where the process is gone or is not ours to look at
 */
export function copyMemory(pid: number): MemoryCopy {
  const started = performance.now();
  process.kill(pid, 'SIGSTOP');
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const pages = openSync(`/proc/${pid}/pagemap`, 'r');
  const pieces: MemoryPiece[] = [];
  let bytes = 0;
  try {
    for (const mapping of mappingsOf(pid)) {
      for (const [from, to] of usedRanges(pages, mapping)) {
        const copy = Buffer.allocUnsafe(to - from);
        const length = readOrNothing(memory, copy, from);
        pieces.push({ mapping: mapping.name, at: from, bytes: copy.subarray(0, length) });
        bytes += length;
      }
    }
  } finally {
    process.kill(pid, 'SIGCONT');
    closeSync(memory);
    closeSync(pages);
  }
  return { pieces, bytes, stoodStillMs: performance.now() - started };
}

/** What is left of the secret in it. In between others have their turn, so that connections live on. */
export async function tracesIn(
  { pieces }: MemoryCopy,
  finder: TraceFinder,
): Promise<MemoryTrace[]> {
  const traces: MemoryTrace[] = [];
  for (const { mapping, at, bytes } of pieces) {
    for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
      await setImmediate();
      const chunk = bytes.subarray(from, from + CHUNK_BYTES + SEAM_BYTES);
      for (const trace of finder.find(chunk))
        traces.push({ ...trace, mapping, foundAt: at + from + trace.foundAt });
    }
  }
  return traces;
}

/** Mappings that can be read, but for a file's that holds nothing besides the file. */
function mappingsOf(pid: number): Mapping[] {
  const mappings: Mapping[] = [];
  let last: { mapping: Mapping; isFile: boolean } | undefined;
  for (const line of readFileSync(`/proc/${pid}/smaps`, 'utf8').split('\n')) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ (\d+) *(.*)$/.exec(line);
    if (head) {
      const [, from = '', to = '', rights = '', inode = '0', name = ''] = head;
      const mapping = { from: parseInt(from, 16), to: parseInt(to, 16), name };
      const isFile = inode !== '0' && rights[3] === 'p';
      last = undefined;
      if (!rights.startsWith('r') || name.startsWith('[v')) continue;
      if (isFile) last = { mapping, isFile };
      else mappings.push(mapping);
    } else if (last && /^Anonymous: +([1-9]\d*) kB$/.test(line)) {
      // Written to since: such pages are the process's own.
      mappings.push(last.mapping);
    }
  }
  return mappings;
}

function* usedRanges(
  pages: number,
  { from, to }: Mapping,
): Generator<readonly [from: number, to: number]> {
  const entries = Buffer.alloc(ENTRY_BYTES * 65_536);
  let start: number | undefined;
  for (let page = from / PAGE_BYTES; page < to / PAGE_BYTES; page += 65_536) {
    const count = Math.min(65_536, to / PAGE_BYTES - page);
    const read = readSync(pages, entries, 0, count * ENTRY_BYTES, page * ENTRY_BYTES);
    for (let i = 0; i < read / ENTRY_BYTES; i++) {
      const isUsed = ((entries[i * ENTRY_BYTES + 7] ?? 0) & IN_USE) !== 0;
      const at = (page + i) * PAGE_BYTES;
      if (isUsed) start ??= at;
      else if (start !== undefined) {
        yield [start, at];
        start = undefined;
      }
    }
  }
  if (start !== undefined) yield [start, to];
}

function readOrNothing(memory: number, into: Buffer, at: number): number {
  let length = 0;
  try {
    while (length < into.length) {
      const read = readSync(memory, into, length, into.length - length, at + length);
      if (read === 0) break;
      length += read;
    }
  } catch {
    // A device's, or behind the end of a mapped file: there is nothing to read.
  }
  return length;
}

/** This process and all that came of it. */
export function familyOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      parents.set(Number(name), Number(fields[1]));
    } catch {
      // It has ended since.
    }
  }
  const family = [pid];
  for (const member of family)
    for (const [child, parent] of parents) if (parent === member) family.push(child);
  return family;
}
