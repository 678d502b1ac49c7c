import {
  buyerState,
  type BuyerContract as KeptContract,
  type BuyerDelivery,
  type BuyerEnd as KeptEnd,
  type BuyerFile,
  type BuyerKey as KeptKey,
} from '@hitonami/records';
import type { Buyer, BuyerContract, BuyerEnd, BuyerKey, BuyerUse } from '../contract/index.js';

/** A buyer as the API tells of them; the secret link and the secret of the webhook never are. */
export function toldBuyer({ buyer, contracts, ends }: BuyerFile, now = new Date()): Buyer {
  const { site: _, appliedAt, endedAt, wanted, ...kept } = buyer;
  return {
    ...kept,
    wanted: [...wanted],
    appliedAt: appliedAt.toISOString(),
    endedAt: iso(endedAt),
    state: buyerState(buyer, contracts, now),
    contracts: contracts.map(toldContract),
    ends: ends.map(toldEnd),
  };
}

function toldEnd({
  buyer: _,
  datasets,
  endedAt,
  confirmBy,
  confirmedAt,
  ...kept
}: KeptEnd): BuyerEnd {
  return {
    ...kept,
    datasets: [...datasets],
    endedAt: endedAt.toISOString(),
    confirmBy: confirmBy.toISOString(),
    confirmedAt: iso(confirmedAt),
  };
}

export function toldContract(contract: KeptContract): BuyerContract {
  const { datasets, purposes, validUntil, issuedAt, acceptedAt, ...kept } = contract;
  return {
    ...kept,
    datasets: [...datasets],
    purposes: [...purposes],
    validUntil: validUntil.toISOString(),
    issuedAt: issuedAt.toISOString(),
    acceptedAt: iso(acceptedAt),
  };
}

export function toldKey({ madeAt, revokedAt, datasets, ...kept }: KeptKey): BuyerKey {
  return {
    ...kept,
    datasets: datasets === null ? null : [...datasets],
    madeAt: madeAt.toISOString(),
    revokedAt: iso(revokedAt),
  };
}

export function toldDelivery(delivery: BuyerDelivery): BuyerUse['deliveries'][number] {
  const { id, state, tries, at, fault } = delivery;
  const told = { id, state, tries, at: at.toISOString(), fault };
  if (delivery.kind === 'end') return { ...told, news: { kind: 'end', end: delivery.end } };
  const { dataset, period, version } = delivery;
  return { ...told, news: { kind: 'release', dataset, period, version } };
}

function iso(instant: Date | null): string | null {
  return instant?.toISOString() ?? null;
}
