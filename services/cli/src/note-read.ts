import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { HitonamiError } from '@hitonami/model';
import { leaveAuditEntry, openRecords, type LeftEntry } from '@hitonami/records';
import type { StoresConfig } from './stores-config.js';

export interface RecordsPlace extends Pick<StoresConfig, 'recordsUrl'> {
  data: string;
  /** A ClickHouse server is read, so the records need not lie in the data folder. */
  isServer: boolean;
}

/** The folder of the embedded records within a data folder. */
const RECORDS_FOLDER = 'records';

/**
 * Notes in the audit log that whoever runs this command is about to read what was measured of people, or was refused it:
 * before anything is read, so that there is no read without an entry. Beside a console that has the embedded records
 * open, the entry is left for it to take.
 * @throws HitonamiError `CONFIG` where it cannot be noted: nothing may be read then
 */
export async function noteRead(
  { data, isServer, recordsUrl }: RecordsPlace,
  about: Omit<LeftEntry, 'user'>,
): Promise<void> {
  const entry: LeftEntry = { ...about, user: `os:${userInfo().username}` };
  const folder = join(data, RECORDS_FOLDER);
  try {
    if (recordsUrl !== undefined) await append(recordsUrl.reveal(), entry);
    else if (isServer && !existsSync(folder))
      throw new HitonamiError('CONFIG', `${folder} is not there`);
    else await leaveAuditEntry(folder, entry);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HitonamiError(
      'CONFIG',
      `nothing was read, for the read cannot be noted in the audit log: ${why}. ` +
        'Name the PostgreSQL of the records with HITONAMI_RECORDS_URL, or the data folder that they lie in with --data',
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
