import { followPlans, publishPlan } from '@hitonami/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestLog, temporaryFolder } from '../../../test/support/event-log.js';
import { testPlan } from '../../../test/support/plans.js';
import { PlanBook } from '../src/plans/book.js';
import { temporaryRecords } from './access/desk.js';
import { silent, STATION } from './support.js';

const folder = temporaryFolder('book');
let kept: Awaited<ReturnType<typeof temporaryRecords>>;
beforeAll(async () => {
  kept = await temporaryRecords();
}, 60_000);
afterAll(async () => {
  await kept.remove();
  folder.remove();
});

describe('a plan that is saved while the event log is away', () => {
  it('is refused with words, stands in no history, and can be saved when the log is back', async () => {
    const plan = testPlan(STATION);
    const [log, away] = [await openTestLog(folder.path), await openTestLog(folder.path)];
    await publishPlan(log, JSON.stringify(plan), Date.now() * 1000);
    const plans = await followPlans(log, silent);
    const { plans: saved } = kept.records;
    const saving = { site: 'station', plan: { ...plan }, note: 'wider', basedOn: 1, user: 'me' };
    await away.close();
    await expect(new PlanBook(away, plans, saved).save(saving)).rejects.toMatchObject({
      code: 'STOPPED',
    });
    expect(await saved.list('station')).toEqual([]);
    const book = new PlanBook(log, plans, saved);
    expect(await book.save(saving)).toBe(2);
    expect(await book.history('station')).toMatchObject([
      { version: 2, savedBy: 'me', note: 'wider' },
      { version: 1, savedBy: null },
    ]);
    await plans.stop();
    await log.close();
  });
});
