import {
  addDays,
  localDay,
  localInstantMs,
  type BothLanguages,
  type PlanPurpose,
  type SitePlan,
} from '@hitonami/model';
import { change, changesOfPurpose, type PurposeChange } from './differences.js';
import { both, listed } from './words.js';

export interface PlanChanges {
  readonly changes: readonly PurposeChange[];
  /**
   * From when the later version may be in force, ms since 1970; undefined where nothing of it needs a notice. Where a
   * notice is still missing it is counted from a notice that is put up today.
   */
  readonly earliestMs: number | undefined;
  /** The purposes whose notice was not renewed though they are wider or other than they were. */
  readonly withoutNotice: readonly string[];
}

/**
 * What has changed of the purposes from one version of a plan to a later one, for the public to read and for the notice to
 * be waited for. The longer `noticeDays` of both versions counts: a shorter one is not announced by itself.
 */
export function changesOf(before: SitePlan, after: SitePlan, nowMs: number): PlanChanges {
  const noticeDays = Math.max(before.governance.noticeDays, after.governance.noticeDays);
  const startMs = (publishedOn: string): number =>
    localInstantMs(addDays(publishedOn, noticeDays), 0, after.timeZone);
  const today = localDay(nowMs, after.timeZone);
  const old = new Map(before.governance.purposes.map((purpose) => [purpose.id, purpose]));
  const changes: PurposeChange[] = [];
  const withoutNotice: string[] = [];
  let earliestMs: number | undefined;
  for (const purpose of after.governance.purposes) {
    const was = old.get(purpose.id);
    old.delete(purpose.id);
    const own = was ? changesOfPurpose(before, was, after, purpose) : [added(purpose)];
    changes.push(...own);
    if (own.every(({ effect }) => effect === 'narrowed')) continue;
    const isNew = was === undefined || purpose.noticePublishedOn > was.noticePublishedOn;
    if (!isNew) withoutNotice.push(purpose.id);
    const fromMs = startMs(isNew ? purpose.noticePublishedOn : today);
    earliestMs = Math.max(earliestMs ?? fromMs, fromMs);
  }
  for (const { id, name } of old.values())
    changes.push(
      change(
        id,
        'purpose',
        'narrowed',
        `'${name.en}' is no purpose any more`,
        `目的「${name.ja}」をやめました`,
      ),
    );
  return { changes, earliestMs, withoutNotice };
}

/**
 * Why a later version must not be in force from an instant on, and from which day it may be; undefined where it may.
 *
 * @param inForceFromMs of the later version
 */
export function refusedChange(
  before: SitePlan,
  after: SitePlan,
  inForceFromMs: number,
  nowMs: number,
): { readonly because: BothLanguages; readonly earliestDay: string } | undefined {
  const { changes, earliestMs, withoutNotice } = changesOf(before, after, nowMs);
  if (earliestMs === undefined) return undefined;
  if (withoutNotice.length === 0 && inForceFromMs >= earliestMs) return undefined;
  const day = localDay(earliestMs, after.timeZone);
  const wider = changes.filter(({ effect }) => effect !== 'narrowed');
  // That the notice is a newer one goes without saying where it tells of something.
  const told = wider.filter(({ what }) => what !== 'notice');
  const what = (told.length > 0 ? told : wider).map(({ words }) => words);
  const en = what.map((words) => words.en).join('; ');
  const ja = what.map((words) => words.ja).join('、');
  const because =
    withoutNotice.length > 0
      ? both(
          `${en}: this needs a new notice. Put it up, set noticePublishedOn of ${listed(withoutNotice).en} to that day and inForceFrom to when it has stood: ${day} at the earliest, were it put up today`,
          `${ja}。これには新しい告知が必要です。掲示した日を ${listed(withoutNotice).ja} の noticePublishedOn に、告知期間が過ぎる日を inForceFrom に書いてください。今日掲示した場合、最も早くて ${day} です`,
        )
      : both(
          `${en}: the notice has to stand first. Set inForceFrom to ${day} or later`,
          `${ja}。先に告知の期間が必要です。inForceFrom を ${day} 以降にしてください`,
        );
  return { because, earliestDay: day };
}

function added(purpose: PlanPurpose): PurposeChange {
  const { id, name } = purpose;
  return change(
    id,
    'purpose',
    'widened',
    `'${name.en}' is a new purpose`,
    `目的「${name.ja}」を加えました`,
  );
}
