import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { HitonamiError } from '@hitonami/model';
import { leaveAuditEntry, openRecords, type LeftEntry } from '@hitonami/records';

export interface AccessOptions {
  data: string;
  /** A ClickHouse server is read, so the records need not lie in the data folder. */
  isServer: boolean;
  /** PostgreSQL of the records; left out: embedded in the data folder. */
  records?: string | undefined;
}

/** The folder of the embedded records within a data folder. */
const RECORDS_FOLDER = 'records';

/**
 * Notes in the audit log that somebody is about to read positions and movements: before they are read, so that there is no
 * read without an entry. Beside a console that has the embedded records open, the entry is left for it to take.
 * @throws HitonamiError where it cannot be noted: nothing may be read then
 */
export async function noteAccess(
  { data, isServer, records: recordsUrl }: AccessOptions,
  about: Pick<LeftEntry, 'subject' | 'detail'>,
): Promise<void> {
  const entry: LeftEntry = { ...about, user: `os:${userInfo().username}`, action: 'data.audit' };
  const folder = join(data, RECORDS_FOLDER);
  try {
    if (recordsUrl !== undefined) await append(recordsUrl, entry);
    else if (isServer && !existsSync(folder))
      throw new HitonamiError('CONFIG', `${folder} is not there`);
    else await leaveAuditEntry(folder, entry);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HitonamiError(
      'CONFIG',
      `nothing was read, for the read cannot be noted in the audit log: ${why}. ` +
        'Name the PostgreSQL of the records with --records, or the data folder that they lie in with --data',
      { cause },
    );
  }
}

async function append(url: string, entry: LeftEntry): Promise<void> {
  const records = await openRecords({ url });
  try {
    await records.audit.append({ ...entry, address: 'this machine' });
  } finally {
    await records.close();
  }
}
