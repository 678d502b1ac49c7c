import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Which process this is, so that another one on the same machine can tell whether it still lives. */
export interface ProcessIdentity {
  /** Host and, on Linux, boot and process namespace: process ids compare only within one. */
  readonly place: string;
  readonly pid: number;
  /** When the process started, since a number is given out again; `''` where the system does not tell. */
  readonly started: string;
}

export function thisProcess(): ProcessIdentity {
  return { place: place(), pid: process.pid, started: startedAt(process.pid) };
}

/** True only where the process is surely gone; a process elsewhere may be alive. */
export function isGone(other: ProcessIdentity, me: ProcessIdentity): boolean {
  if (other.place !== me.place) return false;
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    // EPERM: it lives and is someone else's.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
  return startedAt(other.pid) !== other.started;
}

function place(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${hostname()} ${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    // Not Linux: the host name has to do.
    return hostname();
  }
}

/** The start time in /proc is the 22nd field; the second may hold spaces, and ends with the last parenthesis. A zombie counts as gone. */
function startedAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'gone' : (fields[19] ?? '');
  } catch {
    return '';
  }
}
