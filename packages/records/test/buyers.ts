import {
  type BuyerContract,
  type BuyerGrant,
  type BuyerKeyGrant,
  type BuyerTaken,
  type BuyerWant,
  type NewBuyer,
  type Records,
} from '../src/index.js';

export const DAY_MS = 86_400_000;
export const NOW = new Date('2026-11-22T08:00:00Z');
export const later = (days: number): Date => new Date(NOW.getTime() + days * DAY_MS);

let made = 0;

/** Buyers of tests: what they write, and how they come to a contract and a key. */
export function buyersOf(records: () => Records) {
  const application = (change: Partial<NewBuyer> = {}): NewBuyer => ({
    ...{ site: 'shibuya', language: 'ja', organisation: '株式会社あおい' },
    ...{ contact: 'a@example.org', intent: '店舗の計画', wanted: ['sequences'] },
    ...{ token: `a-token-that-is-secret-${made++}`, at: NOW, ...change },
  });
  const grant = (change: Partial<BuyerGrant> = {}) => ({
    ...{ datasets: ['sequences'], purposes: ['sale'], downloadsPerMonth: 3, bytesPerMonth: 1_000 },
    ...{ validUntil: later(365), textJa: '契約', textEn: 'A contract', user: 'aoi', at: NOW },
    ...change,
  });
  const offer = async (buyer: number, change: Partial<BuyerGrant> = {}, site = 'shibuya') =>
    (await records().buyers.offer(site, buyer, grant(change))) as BuyerContract;
  const accept = (buyer: number, { version, sha256 }: BuyerContract, at = NOW) =>
    records().buyers.accept(buyer, { version, sha256, person: '青井 花子', at });
  /** For all that the contract gives. */
  const keyGrant = (
    { datasets, purposes, downloadsPerMonth, bytesPerMonth }: BuyerContract,
    change: Partial<BuyerKeyGrant> = {},
  ): BuyerKeyGrant => ({
    ...{ datasets, purpose: purposes[0] ?? '', downloadsPerMonth, bytesPerMonth },
    ...change,
  });
  const makeKey = (
    buyer: number,
    contract: BuyerContract,
    change: Partial<BuyerKeyGrant> = {},
    at = NOW,
  ) => records().buyerKeys.make(buyer, keyGrant(contract, change), at);
  /** A buyer whose contract is in force, with a key for all of it. */
  const accepted = async (change: Partial<BuyerGrant> = {}, site = 'shibuya') => {
    const { id } = await records().buyers.apply(application({ site }));
    const contract = await offer(id, change, site);
    await accept(id, contract);
    const { key, id: keyId } = await makeKey(id, contract);
    return { id, contract, key, keyId };
  };
  const want = (change: Partial<BuyerWant> = {}): BuyerWant => ({
    ...{ site: 'shibuya', dataset: 'sequences', purpose: 'sale', period: '2026-11-21', version: 1 },
    ...{ file: 'data.csv', bytes: 100, day: '2026-11-22', ...change },
  });
  const take = (key: string, change: Partial<BuyerWant> = {}, at = NOW): Promise<BuyerTaken> =>
    records().buyerKeys.take(key, want(change), at);
  const outcome = async (...given: Parameters<typeof take>) => (await take(...given)).outcome;
  return { application, grant, offer, accept, makeKey, accepted, take, outcome };
}
