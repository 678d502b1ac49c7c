import { isInside, type BothLanguages, type SitePlan } from '@hitonami/model';

/**
 * Exact numbers stay with the operator and who works for it: next to what is released, they would give away what releases
 * withhold. Who acts for anybody else, or for a recipient that the plan does not have, is given nothing that was measured.
 *
 * @param plan in force
 * @param recipient that whoever reads acts for; null for the operator
 * @returns why, and what to take instead; undefined inside
 */
export function outsideBecause(
  plan: SitePlan | undefined,
  recipient: string | null,
): BothLanguages | undefined {
  if (recipient === null) return undefined;
  const known = plan?.governance.recipients.find(({ id }) => id === recipient);
  if (known === undefined)
    return {
      en: `the plan in force has no recipient '${recipient}', and what is measured is shown to the operator and who works for it alone; act for one that it has (an administrator says for whom an account acts), or take the open data`,
      ja: `いま有効な計画の提供先に「${recipient}」はなく、計測データは運営者とその委託先だけに表示します。計画にある提供先として利用するか（アカウントの提供先は管理者が設定します）、公開データをご利用ください`,
    };
  if (isInside(known)) return undefined;
  return {
    en: `what is measured is shown to the operator and who works for it alone, and '${known.name.en}' is neither; take the datasets, open or by a contract with the operator, and the pages for travellers`,
    ja: `計測データは運営者とその委託先だけに表示し、「${known.name.ja}」はそのどちらでもありません。公開データ、運営者との契約によるデータセット、利用者向けの混雑ページをご利用ください`,
  };
}
