import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HitonamiError } from '@hitonami/model';
import { instant, LIMITS, name, text } from './limits.js';
import type { Audit } from './stores/audit.js';

/**
 * One process owns the embedded records, and yet a command beside it has something to note: it leaves the entry in a
 * folder, from where the owner takes it into the audit log.
 */
const INBOX = 'inbox';
/** Entries that wait; more are refused, and with them what they would note. */
const WAITING_MAX = 10_000;
/** Bytes of one. */
const ENTRY_BYTES_MAX = 64 * 1024;

/** What a command beside the console may note; nothing can be made to look like a deed in the console. */
export interface LeftEntry {
  /** Whom the machine says that the command was run by. */
  readonly user: string;
  readonly action: 'data.read' | 'data.refuse' | 'data.audit';
  readonly subject: string;
  readonly detail: string;
}
const ACTIONS: readonly string[] = ['data.read', 'data.refuse', 'data.audit'];
const USER_PREFIX = 'os:';

/**
 * Leaves an entry on the disk. Resolves when it is there for good: what it notes may be done then.
 *
 * @param folder of the embedded records
 * @throws HitonamiError `UNAVAILABLE` where it cannot be written, or nobody has taken any for long
 */
export async function leaveAuditEntry(
  folder: string,
  entry: LeftEntry,
  now = new Date(),
): Promise<void> {
  const inbox = join(folder, INBOX);
  const body = JSON.stringify({ ...checked(entry), at: now.toISOString() });
  try {
    await mkdir(inbox, { recursive: true });
    const waiting = await readdir(inbox);
    if (waiting.length < WAITING_MAX) {
      const path = join(inbox, `${now.toISOString().replaceAll(':', '')}-${randomUUID()}`);
      const file = await open(`${path}.unfinished`, 'wx', 0o600);
      try {
        await file.writeFile(body);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.unfinished`, `${path}.json`);
      await syncFolder(inbox);
      return;
    }
  } catch (cause) {
    throw away(folder, cause instanceof Error ? cause.message : String(cause), cause);
  }
  throw away(
    folder,
    `${WAITING_MAX} entries wait there already: start the console, which takes them`,
  );
}

/** Takes what was left into the audit log, the oldest first. @returns how many; what cannot be read is noted as that */
export async function takeAuditEntries(audit: Audit, folder: string): Promise<number> {
  const inbox = join(folder, INBOX);
  const names = (await readdir(inbox).catch(() => [])).filter((file) => file.endsWith('.json'));
  for (const file of names.sort()) {
    const path = join(inbox, file);
    await audit.append(await readLeft(path));
    // After it is in the log: an entry may stand there twice where the process ends in between, and is never lost.
    await rm(path, { force: true });
  }
  return names.length;
}

async function readLeft(path: string): Promise<Parameters<Audit['append']>[0]> {
  const from = { address: 'this machine' };
  try {
    const bytes = await readFile(path);
    if (bytes.length > ENTRY_BYTES_MAX) throw new Error('it is too large');
    const raw = JSON.parse(bytes.toString('utf8')) as Partial<LeftEntry> & { at?: unknown };
    const { user, action, subject, detail } = checked(raw as LeftEntry);
    const at = instant('at', new Date(String(raw.at))).toISOString();
    return { user, action, subject, ...from, detail: `${detail} (left at ${at})` };
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    return {
      user: null,
      action: 'inbox.unreadable',
      subject: '',
      ...from,
      detail: why.slice(0, 200),
    };
  }
}

const SUFFIX_MAX = 64;

function checked({ user, action, subject, detail }: LeftEntry): LeftEntry {
  if (!ACTIONS.includes(action))
    throw new HitonamiError('INPUT', `'${action}' is nothing that a command may note`);
  const own = name('user', user);
  return {
    user: own.startsWith(USER_PREFIX) ? own : `${USER_PREFIX}${own}`,
    action,
    subject: text('subject', subject, LIMITS.id),
    detail: text('detail', detail, LIMITS.text - SUFFIX_MAX),
  };
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function away(folder: string, why: string, cause?: unknown): HitonamiError {
  return new HitonamiError('UNAVAILABLE', `nothing can be noted in ${folder}: ${why}`, { cause });
}
