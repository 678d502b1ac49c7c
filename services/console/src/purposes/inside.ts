import { isInside, type BothLanguages, type SitePlan } from '@hitonami/model';

/**
 * Exact numbers stay with the operator and who works for it: next to what is released, they would give away what releases
 * withhold. Who acts for anybody else, or for a recipient that the plan does not have, is given nothing that was measured.
 *
 * @param plan in force
 * @param recipient that the account acts for; null for the operator's own
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
      en: `the plan in force has no recipient '${recipient}', and what is measured is shown to the operator and who works for it alone; have an administrator set for whom the account acts, or take the open data`,
      ja: `いま有効な計画の提供先に「${recipient}」はなく、計測データは運営者とその委託先だけに表示します。管理者に提供先の設定を依頼するか、公開データをご利用ください`,
    };
  if (isInside(known)) return undefined;
  return {
    en: `what is measured is shown to the operator and who works for it alone, and '${known.name.en}' is neither; take the datasets, open or by a contract with the operator, and the pages for travellers`,
    ja: `計測データは運営者とその委託先だけに表示し、「${known.name.ja}」はそのどちらでもありません。公開データ、運営者との契約によるデータセット、利用者向けの混雑ページをご利用ください`,
  };
}
