import { takeAuditEntries, type Records } from '@hitonami/records';
import type { Logger } from '@hitonami/service';

/** Sessions that ended are deleted, and the day looked at, this often, ms. */
const TIDY_MS = 10 * 60_000;
/** What commands beside the console left is taken into the audit log this often, ms. */
const TAKE_MS = 5_000;

/**
 * Deletes sessions that have ended. Once a day it tells the head of the audit log, which stands in the process's log too
 * (whoever owns the records does not own where that goes), erases audit entries that have reached their age, and disables
 * or erases accounts that nobody uses. Of several consoles one does it.
 *
 * @returns how to stop
 */
export function startTidying({
  records,
  logger,
  inbox,
}: {
  records: Records;
  logger: Logger;
  inbox: string | undefined;
}): () => void {
  const daily = async (): Promise<void> => {
    const head = await records.audit.publishHead();
    if (head === undefined) return;
    logger.info({ day: head.day, id: head.id, hash: head.hash }, 'head of the audit log');
    const { disabled, erased } = await records.users.tidy();
    const own = { user: null, address: '', detail: 'nobody signed in for long' };
    for (const subject of disabled)
      await records.audit.append({ ...own, action: 'user.disable', subject });
    for (const subject of erased)
      await records.audit.append({ ...own, action: 'user.erase', subject });
    const gone = await records.audit.tidy();
    if (gone > 0) logger.info({ gone }, 'audit entries that had reached their age are erased');
  };
  const tidy = (): void => {
    Promise.all([records.sessions.tidy(), daily()]).catch((error: unknown) => {
      logger.warn({ err: error }, 'the records could not be tidied; it is tried again');
    });
  };
  let isTaking = false;
  const take = (): void => {
    if (inbox === undefined || isTaking) return;
    isTaking = true;
    takeAuditEntries(records.audit, inbox)
      .catch((error: unknown) => {
        logger.warn({ err: error }, 'what commands noted could not be taken in; it is tried again');
      })
      .finally(() => (isTaking = false));
  };
  tidy();
  take();
  const timers = [setInterval(tidy, TIDY_MS), setInterval(take, TAKE_MS)];
  for (const timer of timers) timer.unref();
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}
