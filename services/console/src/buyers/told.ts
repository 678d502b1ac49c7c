import {
  buyerState,
  type BuyerContract as KeptContract,
  type BuyerFile,
  type BuyerKey as KeptKey,
} from '@hitonami/records';
import type { Buyer, BuyerContract, BuyerKey } from '../contract/index.js';

/** A buyer as the API tells of them; the secret link and the secret of the webhook never are. */
export function toldBuyer({ buyer, contracts }: BuyerFile, now = new Date()): Buyer {
  const { site: _, appliedAt, endedAt, wanted, ...kept } = buyer;
  return {
    ...kept,
    wanted: [...wanted],
    appliedAt: appliedAt.toISOString(),
    endedAt: iso(endedAt),
    state: buyerState(buyer, contracts, now),
    contracts: contracts.map(toldContract),
  };
}

export function toldContract(contract: KeptContract): BuyerContract {
  const { datasets, purposes, validUntil, issuedAt, acceptedAt, deletionConfirmedAt, ...kept } =
    contract;
  return {
    ...kept,
    datasets: [...datasets],
    purposes: [...purposes],
    validUntil: validUntil.toISOString(),
    issuedAt: issuedAt.toISOString(),
    acceptedAt: iso(acceptedAt),
    deletionConfirmedAt: iso(deletionConfirmedAt),
  };
}

export function toldKey({ madeAt, revokedAt, ...kept }: KeptKey): BuyerKey {
  return { ...kept, madeAt: madeAt.toISOString(), revokedAt: iso(revokedAt) };
}

function iso(instant: Date | null): string | null {
  return instant?.toISOString() ?? null;
}
