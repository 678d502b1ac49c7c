import { createHash } from 'node:crypto';
import { localDay, type ReleaseFile, type ReleaseManifest } from '@hitonami/model';
import { refusalOf, type BuyerReservation, type Records } from '@hitonami/records';
import type { Logger } from '@hitonami/service';
import type { FastifyRequest } from 'fastify';
import type { Delivery, DownloadGate, DownloadRefusal } from '../downloads/gate.js';
import { Rationing } from '../http/rationing.js';
import { bearerOf } from './bearer.js';
import type { BuyerMetrics, DeliveryOutcome } from './metrics.js';
import { REFUSALS, spent, tooFast, type RefusalReason } from './refusals.js';

/** What one key may ask for. */
const REQUESTS = { most: 240, windowMs: 60_000 };
/** Whether the keys of downloads that are under way still open is looked up this often, ms. */
const LOOK_MS = 5_000;
/** Where the records cannot be asked for so long, nobody knows: downloads under way end, ms. */
const UNKNOWN_MS_MAX = 30_000;

/** A request that is gone for so long without that anybody told of its end was answered otherwise, ms. */
const FORGOTTEN_MS = 60_000;

interface Open {
  readonly key: number;
  readonly reservation: BuyerReservation;
  readonly sinceMs: number;
}

/**
 * Who may have the files of datasets for buyers. The records are asked each time, so that a contract that ends, or a key that
 * is revoked, opens nothing from that instant on; a download that is under way then is cut off within seconds.
 */
export class BuyerGate implements DownloadGate {
  readonly #records: Pick<Records, 'buyerKeys' | 'audit'>;
  readonly #logger: Logger;
  readonly #metrics: Pick<BuyerMetrics, 'delivered' | 'refused'>;
  readonly #nowMs: () => number;
  readonly #ration: Rationing;
  readonly #open = new Map<FastifyRequest, Open>();
  /** What is being counted just now. */
  readonly #settling = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #unknownSinceMs: number | undefined;

  constructor(
    records: Pick<Records, 'buyerKeys' | 'audit'>,
    logger: Logger,
    metrics: Pick<BuyerMetrics, 'delivered' | 'refused'>,
    nowMs: () => number = Date.now,
  ) {
    this.#records = records;
    this.#logger = logger;
    this.#metrics = metrics;
    this.#nowMs = nowMs;
    this.#ration = new Rationing(REQUESTS);
  }

  /** Of requests with this key one. @returns how long to wait, s; 0: it may */
  ration(key: string): number {
    return this.#ration.take(createHash('sha256').update(key).digest('base64'));
  }

  async allow(
    request: FastifyRequest,
    manifest: ReleaseManifest,
    file: ReleaseFile,
  ): Promise<'granted' | DownloadRefusal> {
    try {
      const judged = await this.#judge(request, manifest, file);
      if (judged === 'granted') return 'granted';
      this.#metrics.refused(judged.reason);
      return judged.refusal;
    } catch (error) {
      this.#metrics.refused('records-away');
      throw error;
    }
  }

  async #judge(
    request: FastifyRequest,
    manifest: ReleaseManifest,
    file: ReleaseFile,
  ): Promise<'granted' | { reason: RefusalReason; refusal: DownloadRefusal }> {
    const refuse = (reason: keyof typeof REFUSALS) => ({ reason, refusal: REFUSALS[reason] });
    const key = bearerOf(request);
    if (key === undefined) return refuse('key-missing');
    const waitS = this.ration(key);
    if (waitS > 0) return { reason: 'too-fast', refusal: tooFast(waitS) };
    const { site, dataset, period, version, timeZone } = manifest;
    const nowMs = this.#nowMs();
    const purpose = dataset.purpose;
    if (request.method === 'HEAD') {
      // Nothing travels, so nothing is counted.
      const door = await this.#records.buyerKeys.door(key, new Date(nowMs));
      const refusal =
        door === undefined ? 'no-key' : refusalOf(door, { site, dataset: dataset.id, purpose });
      return refusal === undefined ? 'granted' : refuse(refusal);
    }
    const taken = await this.#records.buyerKeys.take(
      key,
      {
        ...{ site, dataset: dataset.id, purpose, period, version },
        ...{ file: file.name, bytes: wantedBytes(request, file.bytes) },
        day: localDay(nowMs, timeZone),
      },
      new Date(nowMs),
    );
    switch (taken.outcome) {
      case 'granted':
        break;
      case 'downloads-spent':
      case 'bytes-spent':
        return {
          reason: `${taken.of}-${taken.outcome}`,
          refusal: spent(taken.outcome, taken.of, taken.month, timeZone, nowMs),
        };
      default:
        return refuse(taken.outcome);
    }
    const { door, reservation } = taken;
    if (!taken.isNoted) {
      try {
        await this.#records.audit.append({
          user: null,
          action: 'buyer.deliver',
          subject: `${site}/${dataset.id}/${period}/v${version}/${file.name}`,
          detail: `to buyer ${door.buyer.id} (${door.buyer.organisation}) with key ${door.key.id}, for ${purpose}, under version ${door.contract?.version ?? ''} of the contract`,
          address: '',
        });
        await this.#records.buyerKeys.noted(reservation);
      } catch (error) {
        await this.#settle(reservation, 0);
        throw error;
      }
    }
    this.#open.set(request, { key: door.key.id, reservation, sinceMs: nowMs });
    return 'granted';
  }

  delivered(request: FastifyRequest, _manifest: ReleaseManifest, delivery: Delivery): void {
    const open = this.#open.get(request);
    if (open === undefined) return;
    const { bytesSent } = delivery;
    this.#open.delete(request);
    this.#metrics.delivered(outcomeOf(delivery));
    void this.#settle(open.reservation, bytesSent);
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.look(), LOOK_MS);
    this.#timer.unref();
  }

  /** Resolves when everything that was fetched is counted. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#settling);
  }

  /** Cuts off downloads whose key no longer opens. */
  async look(): Promise<void> {
    this.#forget();
    if (this.#open.size === 0) {
      this.#unknownSinceMs = undefined;
      return;
    }
    const keys = [...new Set([...this.#open.values()].map(({ key }) => key))];
    try {
      const closed = await this.#records.buyerKeys.closed(keys, new Date(this.#nowMs()));
      this.#unknownSinceMs = undefined;
      this.#cut((key) => closed.has(key));
    } catch (error) {
      this.#unknownSinceMs ??= this.#nowMs();
      if (this.#nowMs() - this.#unknownSinceMs < UNKNOWN_MS_MAX) return;
      this.#logger.warn({ err: error }, 'nobody knows whether buyers’ keys still open: cut off');
      this.#cut(() => true);
    }
  }

  #cut(isClosed: (key: number) => boolean): void {
    for (const [request, { key }] of this.#open) {
      const { socket } = request.raw;
      if (isClosed(key)) {
        this.#logger.info({ key }, 'a buyer’s download is cut off: the key opens nothing any more');
        socket.destroy();
      }
    }
  }

  #forget(): void {
    for (const [request, { sinceMs, reservation }] of this.#open)
      if (request.raw.socket.destroyed && this.#nowMs() - sinceMs > FORGOTTEN_MS) {
        this.#open.delete(request);
        void this.#settle(reservation, 0);
      }
  }

  #settle(reservation: BuyerReservation, bytes: number): Promise<void> {
    const settling = this.#records.buyerKeys
      .settle(reservation, bytes)
      .catch((error: unknown) => {
        this.#logger.warn({ err: error }, 'what a buyer fetched could not be counted');
      })
      .finally(() => this.#settling.delete(settling));
    this.#settling.add(settling);
    return settling;
  }
}

/** How far it came, by what was answered. */
function outcomeOf({ status, isWhole }: Delivery): DeliveryOutcome {
  if (status >= 400) return 'failed';
  if (status === 304) return 'unchanged';
  if (!isWhole) return 'broken-off';
  return status === 206 ? 'part' : 'whole';
}

/** What will travel of a file at most: of a part that is asked for, the part. */
export function wantedBytes(
  { headers }: Pick<FastifyRequest, 'headers'>,
  fileBytes: number,
): number {
  const { range, 'if-range': ifRange } = headers;
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (ifRange !== undefined || (first === '' && last === '')) return fileBytes;
  if (first === '') return Math.min(Number(last), fileBytes);
  const end = last === '' ? fileBytes - 1 : Math.min(Number(last), fileBytes - 1);
  // What cannot be had as asked may be given whole.
  return Number(first) <= end ? end - Number(first) + 1 : fileBytes;
}
