import { isInside, type BothLanguages } from '@hitonami/model';
import { mayRead, planInForce, type PlanVersionInForce } from '@hitonami/privacy';
import { placesIn } from '../purposes/versions.js';

/**
 * Headcounts are exact, for evacuation: they go to the operator and who works for it, and to a recipient to whom a purpose gives
 * counts of the whole site now, as the notice says. Where that is not so of a receiver, it is told nothing of the site.
 *
 * @param recipient of the plan, that the receivers belong to
 * @returns why nothing is sent, and what to do; undefined where it is
 */
export function withheldBecause(
  versions: readonly PlanVersionInForce[],
  recipient: string,
  nowMs: number,
): BothLanguages | undefined {
  const plan = planInForce(versions, nowMs);
  const known = plan?.governance.recipients.find(({ id }) => id === recipient);
  if (plan === undefined || known === undefined)
    return {
      en: `the plan in force has no recipient '${recipient}' (HITONAMI_HEADCOUNT_RECIPIENT): add it to the plan as a processor, or name the operator`,
      ja: `いま有効な計画の提供先に「${recipient}」（HITONAMI_HEADCOUNT_RECIPIENT）がありません。委託先として計画に加えるか、運営者を指定してください`,
    };
  if (!isInside(known))
    return {
      en: `'${known.name.en}' (HITONAMI_HEADCOUNT_RECIPIENT) is neither the operator nor works for it, and exact numbers go to nobody else: name who does, and give others releases`,
      ja: `「${known.name.ja}」（HITONAMI_HEADCOUNT_RECIPIENT）は運営者でもその委託先でもなく、正確な人数はそれ以外に送りません。運営者か委託先を指定し、ほかには公表用のデータを渡してください`,
    };
  const [fromMs, toMs] = [nowMs, nowMs + 1];
  const ask = { item: 'measures', places: placesIn(versions, fromMs, toMs), recipient } as const;
  const isGiven = plan.governance.purposes.some(
    ({ id }) => mayRead(versions, { ...ask, purpose: id, fromMs, toMs, nowMs }).isGranted,
  );
  if (isGiven) return undefined;
  return {
    en: `no purpose of the plan gives '${known.name.en}' (HITONAMI_HEADCOUNT_RECIPIENT) the counts of the whole site, or it has not begun: name the recipient in one, after its notice`,
    ja: `計画の目的のうち、施設全体の人数を「${known.name.ja}」（HITONAMI_HEADCOUNT_RECIPIENT）に提供するものがないか、まだ始まっていません。告知のうえ、目的の提供先に加えてください`,
  };
}
