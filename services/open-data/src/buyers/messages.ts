import type { ReleaseManifest } from '@hitonami/model';
import type { BuyerContract, BuyerEnd } from '@hitonami/records';
import { toldRelease } from './api.js';

/** What is told to a webhook; the key is the same for every try. */
export interface Message {
  readonly body: unknown;
  readonly idempotencyKey: string;
}

type ReleaseName = Pick<ReleaseManifest, 'site' | 'period' | 'version'> & { dataset: string };

export function releaseKey({ site, dataset, period, version }: ReleaseName): string {
  return `release/${site}/${dataset}/${period}/v${version}`;
}

export function releaseMessage(release: ReleaseManifest, url: string): Message {
  return {
    idempotencyKey: releaseKey({ ...release, dataset: release.dataset.id }),
    body: { type: 'release', ...toldRelease(release, url) },
  };
}

const DUTY = {
  ja: '契約にもとづき、受け取ったデータとその写しをすべて消去し、契約のページで消去の完了を報告してください。',
  en: 'As the contract says, delete all data that you received and every copy of it, and confirm the deletion at your contract page.',
} as const;

/** That a contract has ended, as a whole or for some datasets; what to delete, and by when that is to be confirmed. */
export function endMessage(
  site: string,
  { id, buyer, version, reason, datasets, endedAt, confirmBy }: BuyerEnd,
  contract: Pick<BuyerContract, 'sha256'> | undefined,
): Message {
  return {
    idempotencyKey: `contract.ended/${site}/${buyer}/${id}`,
    body: {
      type: 'contract.ended',
      ...{ site, buyer, reason, datasets, endedAt: endedAt.toISOString() },
      contract: { version, sha256: contract?.sha256 ?? null },
      deletion: { confirmBy: confirmBy.toISOString(), message: DUTY },
    },
  };
}
