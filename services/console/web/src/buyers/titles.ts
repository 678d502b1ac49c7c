import { listed } from '../shared/format.js';
import { useLanguage, useSay } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';

/** Tells datasets by their titles; one that the plan does not name any more, by its id. */
export function useTitles(): (datasets: readonly string[]) => string {
  const say = useSay();
  const { language } = useLanguage();
  const { datasets } = usePlan();
  const titleOf = (id: string): string => {
    const dataset = datasets.find((each) => each.id === id);
    return dataset === undefined ? id : say(dataset.title);
  };
  return (ids) => listed(ids.map(titleOf), language);
}
