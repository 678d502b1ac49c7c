import { localDay, type ReleaseFile, type ReleaseManifest } from '@hitonami/model';
import {
  refusalOf,
  type BuyerContract,
  type BuyerDoor,
  type BuyerMonth,
  type Records,
} from '@hitonami/records';
import type { PublishedFolder } from '@hitonami/releases';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { paths } from '../catalogue/addresses.js';
import { bearerOf } from './bearer.js';
import type { BuyerGate } from './gate.js';
import type { BuyerMetrics } from './metrics.js';
import { sendRefusal } from './problem.js';
import { monthEndMs, REFUSALS, tooFast } from './refusals.js';

/** Where a buyer's machine asks what it may fetch. */
export const FILES_PATH = '/api/buyers/files';
/** Releases of one answer; a few more where they were made in the same instant. */
const RELEASES_AT_ONCE = 500;

interface Options {
  records: Pick<Records, 'buyerKeys'>;
  folder: Pick<PublishedFolder, 'look'>;
  gate: Pick<BuyerGate, 'ration'>;
  metrics: Pick<BuyerMetrics, 'refused'>;
  url: string;
}

/**
 * `GET /api/buyers/files?dataset=&since=`: what a key may fetch, the oldest release first, with what is left of the month.
 * `since` is an instant: releases made after it; `next` has those that did not fit.
 */
export function apiRoutes(
  app: FastifyInstance,
  { records, folder, gate, metrics, url }: Options,
  now = Date.now,
): void {
  app.get<{ Querystring: { dataset?: string; since?: string } }>(
    FILES_PATH,
    async (request, reply) => {
      const refuse = (reason: keyof typeof REFUSALS): FastifyReply => {
        metrics.refused(reason);
        return sendRefusal(reply, REFUSALS[reason]);
      };
      const key = bearerOf(request);
      if (key === undefined) return refuse('key-missing');
      const waitS = gate.ration(key);
      if (waitS > 0) {
        metrics.refused('too-fast');
        return sendRefusal(reply, tooFast(waitS));
      }
      const door = await records.buyerKeys.door(key, new Date(now())).catch((error: unknown) => {
        metrics.refused('records-away');
        throw error;
      });
      if (door === undefined) return refuse('no-key');
      if (door.key.revokedAt !== null) return refuse('revoked');
      if (door.contract === undefined) return refuse('ended');
      const { dataset, since } = request.query;
      const sinceMs = typeof since === 'string' ? Date.parse(since) : 0;
      if (Number.isNaN(sinceMs)) return sendInvalid(reply, since ?? '');
      const { releases } = await folder.look();
      const timeZone = releases.find(({ site }) => site === door.buyer.site)?.timeZone ?? 'UTC';
      const all = releases
        .filter((release) => isOpen(release, door))
        .sort((a, b) => a.createdMs - b.createdMs)
        .filter((release) => dataset === undefined || release.dataset.id === dataset)
        .filter(({ createdMs }) => createdMs > sinceMs);
      const lastMs = all[RELEASES_AT_ONCE - 1]?.createdMs ?? Number.POSITIVE_INFINITY;
      const page = all.filter(({ createdMs }) => createdMs <= lastMs);
      const next = new URLSearchParams({
        ...(dataset !== undefined && { dataset }),
        since: new Date(page.at(-1)?.createdMs ?? 0).toISOString(),
      });
      return reply.type('application/json').send(
        JSON.stringify({
          ...(await standing(records, door, timeZone, now())),
          releases: page.map((release) => toldRelease(release, url)),
          next: page.length < all.length ? `${url}${FILES_PATH}?${next.toString()}` : null,
        }),
      );
    },
  );
}

function isOpen({ site, dataset }: ReleaseManifest, door: BuyerDoor): boolean {
  const want = { site, dataset: dataset.id, purpose: dataset.purpose };
  return dataset.audience === 'buyers' && refusalOf(door, want) === undefined;
}

/** A release as a buyer's machine is told of it: no data, but where it is and how to check it. */
export function toldRelease(release: ReleaseManifest, url: string) {
  const { site, dataset, period, version, correction, createdMs } = release;
  return {
    ...{ site, dataset: dataset.id, title: dataset.title, period, version },
    correction: correction ?? null,
    createdAt: new Date(createdMs).toISOString(),
    page: `${url}${paths.release('en', release)}`,
    files: release.files.map((file: ReleaseFile) => ({
      ...{ name: file.name, format: file.format, mediaType: file.mediaType },
      ...{ bytes: file.bytes, sha256: file.sha256 },
      url: `${url}${paths.file(release, file)}`,
    })),
  };
}

/** What the key and its contract give, and what is left of the month: of each, and of both for who has this key. */
async function standing(
  records: Pick<Records, 'buyerKeys'>,
  { buyer, key, contract }: BuyerDoor,
  timeZone: string,
  nowMs: number,
) {
  if (contract === undefined) return {};
  const month = localDay(nowMs, timeZone).slice(0, 7);
  const [all, byKey] = await Promise.all([
    records.buyerKeys.month(buyer.id, month),
    records.buyerKeys.monthByKey(buyer.id, month),
  ]);
  const ofContract = left(contract, all);
  const ofKey = left(
    {
      downloadsPerMonth: key.downloadsPerMonth ?? contract.downloadsPerMonth,
      bytesPerMonth: key.bytesPerMonth ?? contract.bytesPerMonth,
    },
    byKey.get(key.id) ?? { downloads: 0, bytes: 0 },
  );
  return {
    organisation: buyer.organisation,
    contract: {
      ...{ version: contract.version, datasets: contract.datasets, purposes: contract.purposes },
      validUntil: contract.validUntil.toISOString(),
      ...ofContract,
    },
    key: {
      id: key.id,
      datasets: (key.datasets ?? contract.datasets).filter((id) => contract.datasets.includes(id)),
      purpose: key.purpose,
      ...ofKey,
    },
    quota: {
      downloadsLeft: Math.min(ofKey.downloadsLeft, ofContract.downloadsLeft),
      bytesLeft: Math.min(ofKey.bytesLeft, ofContract.bytesLeft),
      renewsAt: new Date(monthEndMs(nowMs, timeZone)).toISOString(),
    },
  };
}

function left(
  quota: Pick<BuyerContract, 'downloadsPerMonth' | 'bytesPerMonth'>,
  used: BuyerMonth,
): { downloadsLeft: number; bytesLeft: number } {
  return {
    downloadsLeft: Math.max(0, quota.downloadsPerMonth - used.downloads),
    bytesLeft: Math.max(0, quota.bytesPerMonth - used.bytes),
  };
}

function sendInvalid(reply: Parameters<typeof sendRefusal>[0], since: string) {
  return reply
    .code(400)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        ...{ type: 'about:blank', title: 'Bad Request', status: 400 },
        detail: `since=${since.slice(0, 50)} is no instant such as 2026-11-22T00:00:00Z`,
      }),
    );
}
