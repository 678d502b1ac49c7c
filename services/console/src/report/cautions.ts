import { SATURATED_MIN } from '@hitonami/crowd';
import type { SitePlan } from '@hitonami/model';
import type { Report } from '../contract/index.js';
import type { ReportPeriod } from './report-period.js';

/** Under this share seen, the numbers are a part of the truth. */
const COVERAGE_WANTED = 0.8;

/** What must be known before the numbers are used. */
export function cautionsOf(
  plan: SitePlan,
  areas: Report['areas'],
  when: ReportPeriod,
  isCut: boolean,
): Report['cautions'] {
  const found: Report['cautions'] = [];
  const named = (wanted: (area: Report['areas'][number]) => boolean) => {
    const ids = new Set(areas.filter(wanted).map(({ area }) => area));
    const names = plan.areas.filter(({ id }) => ids.has(id)).map(({ name }) => name);
    return { ja: names.map(({ ja }) => ja).join('、'), en: names.map(({ en }) => en).join(', ') };
  };
  const add = (
    wanted: (area: Report['areas'][number]) => boolean,
    ja: (names: string) => string,
    en: (names: string) => string,
  ): void => {
    const names = named(wanted);
    if (names.en !== '') found.push({ ja: ja(names.ja), en: en(names.en) });
  };
  if (when.untilUs < when.toUs)
    found.push({
      ja: '期間の途中までの値です。',
      en: 'The period is not over: the numbers reach to now.',
    });
  add(
    ({ coverage }) => coverage === null,
    (names) => `計測値がありません：${names}。`,
    (names) => `Nothing was measured in: ${names}.`,
  );
  add(
    ({ coverage }) => coverage !== null && coverage < COVERAGE_WANTED,
    (names) =>
      `見えていた割合が ${COVERAGE_WANTED * 100} % 未満です：${names}。見えなかった時間の人数は含みません。`,
    (names) =>
      `Less than ${COVERAGE_WANTED * 100} % was seen of: ${names}. Whoever was there unseen is not in the numbers.`,
  );
  add(
    ({ series }) => series.points.some(({ saturation }) => (saturation ?? 0) >= SATURATED_MIN),
    (names) => `検出が飽和した時間があり、人数は「少なくとも」です：${names}。`,
    (names) =>
      `The detector was saturated at times, and the numbers read "at least", in: ${names}.`,
  );
  add(
    ({ series }) => series.points.some(({ doubtful }) => (doubtful ?? 0) > 0),
    (names) => `カメラが動いた可能性のある時間を含みます：${names}。`,
    (names) => `A camera was probably moved for some of the time in: ${names}.`,
  );
  if (isCut)
    found.push({
      ja: '警報が多いため、一部だけを数えています。',
      en: 'There were more alerts than are counted here.',
    });
  return found;
}
