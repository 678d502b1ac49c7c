import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HitonamiError } from '@hitonami/model';
import { openRecords, takeAuditEntries } from '@hitonami/records';
import { optionalSecret, readConfig, type Environment } from '@hitonami/service';
import { z } from 'zod';

const RECORDS_FOLDER = 'records';
const HASH = /^[0-9a-f]{64}$/i;

const WHY = {
  changed: 'it is not what was written: the entry was changed, or is not of hitonami',
  unlinked:
    'the entry before it is not the one that it was written after: one was removed or put in',
  head: 'it was published with another hash, or the newest entries are gone: the log was rewritten',
} as const;

export interface VerifyAuditOptions {
  /** Data folder of the embedded records. */
  data: string;
  /** A hash that was published once. */
  head?: string;
}

/**
 * `hitonami verify-audit`: walks the chain of the audit log. @returns the exit code: 1 where it is broken, or lacks the
 * head that was asked for
 */
export async function verifyAudit(
  { data, head }: VerifyAuditOptions,
  environment: Environment,
  print: (line: string) => void,
): Promise<number> {
  if (head !== undefined && !HASH.test(head))
    throw new HitonamiError('INPUT', `--head is a hash of 64 hexadecimal digits, not '${head}'`);
  const { recordsUrl } = readConfig(z.object({ recordsUrl: optionalSecret() }), {
    ...(environment['HITONAMI_RECORDS_URL'] !== undefined && {
      HITONAMI_RECORDS_URL: environment['HITONAMI_RECORDS_URL'],
    }),
  });
  const folder = join(data, RECORDS_FOLDER);
  if (recordsUrl === undefined && !existsSync(folder))
    throw new HitonamiError(
      'INPUT',
      `${folder} is not there: name the data folder with --data, or the PostgreSQL of the records with HITONAMI_RECORDS_URL`,
    );
  const records = await openRecords(recordsUrl ? { url: recordsUrl.reveal() } : { folder });
  try {
    await records.migrate();
    if (recordsUrl === undefined) await takeAuditEntries(records.audit, folder);
    const verdict = await records.audit.verify(head?.toLowerCase());
    const { count, erased, first, head: newest, broken, hasHash } = verdict;
    print(`${count} entries hold together; ${erased} older ones were erased at their age`);
    if (first) print(`first: ${first.id}, of ${first.at.toISOString()}`);
    if (newest) print(`head:  ${newest.id}, ${newest.hash}`);
    if (broken) print(`BROKEN at entry ${broken.id}: ${WHY[broken.why]}`);
    if (hasHash === true) print('the hash of --head is in the chain');
    if (hasHash === false)
      print(
        erased > 0
          ? 'NOT THERE: no entry has the hash of --head; it was rewritten, or is older than what is kept'
          : 'NOT THERE: no entry has the hash of --head; the log was rewritten',
      );
    return broken !== undefined || hasHash === false ? 1 : 0;
  } finally {
    await records.close();
  }
}
