import { userInfo } from 'node:os';
import { join } from 'node:path';
import { HitonamiError } from '@hitonami/model';
import { openRecords } from '@hitonami/records';

export interface AccessOptions {
  data: string;
  /** PostgreSQL of the records; left out: embedded in the data folder. */
  recordsUrl?: string | undefined;
}

/** The folder of the embedded records within a data folder. */
const RECORDS_FOLDER = 'records';

/**
 * Writes into the audit log that somebody is about to read positions and movements: before they are read, so that there is no
 * read without an entry.
 * @throws HitonamiError of the records, with what to do, where they cannot be opened: nothing may be read then
 */
export async function recordAccess(
  { data, recordsUrl }: AccessOptions,
  entry: { subject: string; detail: string },
): Promise<void> {
  const records = await openRecords(
    recordsUrl === undefined ? { folder: join(data, RECORDS_FOLDER) } : { url: recordsUrl },
  ).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HitonamiError(
      'CONFIG',
      `nothing was read, for the read cannot be written into the audit log: ${why}. ` +
        'Stop the console while the audit runs, or keep the records in PostgreSQL and name it with --records',
      { cause },
    );
  });
  try {
    await records.migrate();
    const user = accountName();
    await records.audit.append({ ...entry, user, action: 'data.audit', address: 'this machine' });
  } finally {
    await records.close();
  }
}

/** Whoever runs the command, as the machine knows them. */
function accountName(): string | null {
  try {
    return `os:${userInfo().username}`;
  } catch {
    return null;
  }
}
