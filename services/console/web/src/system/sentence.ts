import type { SitePlan } from '@hitonami/model';
import type { System } from '../../../src/contract/index.js';
import { clock, duration, figure, percent } from '../shared/format.js';
import { inLanguage } from '../shared/i18n.js';
import type { Language } from '../shared/i18n.js';
import { words } from './words.js';

type Caution = System['cautions'][number];

/** From what hides people to what blurs them: in this order an operator reads. */
const ORDER: readonly Caution['kind'][] = [
  'ingestor',
  'silent',
  'blind',
  'coverage',
  'saturated',
  'moved',
  'lag',
  'shed',
  'skew',
  'warehouse',
];

export function byWeight(a: Caution, b: Caution): number {
  return ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.subject < b.subject ? -1 : 1);
}

/** What must not be trusted and why, as one sentence. */
export function cautionSentence(caution: Caution, plan: SitePlan, language: Language): string {
  const t = inLanguage(words, language);
  const { kind, subject, value, since } = caution;
  const what =
    [...plan.areas, ...plan.lines].find(({ id }) => id === subject)?.name[language] ?? subject;
  const from = since === null ? '' : t.since(clock(since, language, plan.timeZone));
  switch (kind) {
    case 'skew':
      return t.skew(what, figure(value, 1)) + from;
    case 'shed':
      return t.shed(what, figure(value, 1)) + from;
    case 'coverage':
      return t.coverage(what, percent(value)) + from;
    case 'lag':
      return t.lag(what, value === null ? '–' : duration(value, language)) + from;
    case 'silent':
    case 'blind':
    case 'moved':
    case 'saturated':
    case 'ingestor':
    case 'warehouse':
      return t[kind](what) + from;
  }
}
