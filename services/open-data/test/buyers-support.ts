import { join } from 'node:path';
import {
  localDay,
  type PlanDataset,
  type ReleasedCell,
  type ReleaseFile,
  type ReleaseManifest,
  type SitePlan,
} from '@hitonami/model';
import { openRecords, type Records } from '@hitonami/records';
import { openPublicFolder, type PublicFolder } from '@hitonami/releases';
import {
  createMetrics,
  Health,
  readConfig,
  startService,
  type Metrics,
  type RunningService,
} from '@hitonami/service';
import { scenario } from '@hitonami/simulator';
import { temporaryFolder } from '../../../test/support/event-log.js';
import { openDataSchema, openDataService } from '../src/index.js';
import { silent, somebody } from './support.js';

const { plan: station } = scenario('rush-hour');
export const SITE = station.site;
const sequences = station.datasets.find(({ audience }) => audience === 'buyers');
if (sequences === undefined) throw new Error('the scenario sells nothing');
export const SOLD: PlanDataset = sequences;
/** More that is sold: for the same purpose, and for another one. */
export const MORE: PlanDataset = {
  ...SOLD,
  ...{ id: 'more-sequences', title: { ja: '別の経路', en: 'More ways' } },
};
export const STUDIED: PlanDataset = {
  ...SOLD,
  ...{ id: 'studied-sequences', title: { ja: '研究用の経路', en: 'Ways to study' } },
  purpose: 'study',
};
const { purposes } = station.governance;
export const plan: SitePlan = {
  ...station,
  datasets: [...station.datasets, MORE, STUDIED],
  governance: {
    ...station.governance,
    purposes: [
      ...purposes,
      ...purposes
        .filter(({ id }) => id === SOLD.purpose)
        .map((purpose) => ({ ...purpose, id: 'study', name: { ja: '研究', en: 'Research' } })),
    ],
  },
};
/** The same, for everybody. */
export const FREE: PlanDataset = {
  ...{ ...SOLD, id: 'free', subject: 'movements' },
  ...{ audience: 'open', licence: 'CC0-1.0' },
};
const STEP_MS = 900_000;

/** The public's service over records and a public folder of its own, with what is sold in it. */
export interface Shop {
  readonly url: string;
  readonly records: Records;
  readonly folder: PublicFolder;
  /** Where that is. */
  readonly publicPath: string;
  readonly metrics: Metrics;
  /** Of all data. */
  readonly path: string;
  /** Stops the service alone and starts it again on the same records and folder. */
  restart(): Promise<void>;
  /** Publishes a day of what is sold. @param cells how much of it */
  release(day: string, cells?: number, dataset?: PlanDataset): Promise<ReleaseManifest>;
  /** Ends the service and closes the records; the data stays until it is removed. */
  close(): Promise<void>;
  remove(): void;
  /** Both. */
  stop(): Promise<void>;
}

export async function startShop(environment: Record<string, string> = {}): Promise<Shop> {
  const data = temporaryFolder('buyers');
  const publicPath = join(data.path, 'public');
  const folder = openPublicFolder(publicPath);
  const metrics = createMetrics('test');
  await folder.writeSite(SITE, {
    plans: [{ plan, fromMs: 0 }],
    figures: undefined,
    auditHeads: [],
  });
  const records = await openRecords({ folder: join(data.path, 'records') });
  await records.migrate();
  let url = '';
  const config = readConfig(openDataSchema, {
    HITONAMI_DATA: data.path,
    HITONAMI_PUBLIC_ADDRESS: '127.0.0.1:0',
    HITONAMI_PUBLIC_PROXIES: '127.0.0.1',
    ...environment,
  });
  const start = (): Promise<RunningService> =>
    startService(openDataService({ records, onServed: (where) => (url = where) }), config, {
      ...{ logger: silent, metrics, health: new Health() },
    });
  let service = await start();
  const close = async (): Promise<void> => {
    await service.stop();
    await records.close();
  };
  return {
    ...{ records, folder, publicPath, metrics, path: data.path },
    get url() {
      return url;
    },
    restart: async () => {
      await service.stop();
      service = await start();
    },
    release: (day, cells = 20, dataset = SOLD) => releaseOf(folder, plan, dataset, day, cells),
    close,
    remove: () => {
      data.remove();
    },
    stop: async () => {
      await close();
      data.remove();
    },
  };
}

/** A day of ways over three places, as the publisher writes them. @param count cells at most */
export async function releaseOf(
  folder: PublicFolder,
  of: SitePlan,
  dataset: PlanDataset,
  day: string,
  count: number,
): Promise<ReleaseManifest> {
  const fromMs = Date.parse(`${day}T00:00:00+09:00`);
  const writer = await folder.begin({
    ...{ site: of.site, siteName: of.name, publisher: of.operator.name, plan: of, dataset },
    ...{ contact: of.operator.contact, timeZone: of.timeZone, period: day },
    ...{ fromMs, toMs: fromMs + 86_400_000, planVersions: [of.version] },
    protection: {
      ...{ k: 10, rule: 'suppression', roundedTo: 1 },
      words: { ja: '10人未満は含みません。', en: 'Nothing of fewer than 10.' },
    },
  });
  const ways = waysOver(of.areas.map(({ id }) => id));
  for (let step = 0, left = count; left > 0 && step < 96; step++, left -= ways.length)
    await writer.write(
      ways.slice(0, left).map((places, i): ReleasedCell => ({
        key: { places, startMs: fromMs + step * STEP_MS, lengthMs: STEP_MS },
        measures: { count: 10 + i },
        quality: { coverage: 1, doubtful: null, saturation: null },
      })),
    );
  return writer.finish({ isCountOfProtectedTold: false });
}

function waysOver(areas: readonly string[]): string[][] {
  const from = areas.slice(0, 8);
  return from.flatMap((a) => from.flatMap((b) => from.map((c) => [a, b, c])));
}

export interface Sent {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Whoever asks, with a browser or a program. */
export class Visitor {
  readonly #url: string;
  readonly #from = somebody();

  constructor(url: string) {
    this.#url = url;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Sent> {
    return this.#ask(path, { headers });
  }

  post(path: string, form: Record<string, string> | string, headers = {}): Promise<Sent> {
    const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.#ask(path, { method: 'POST', body, headers: { ...type, ...headers } });
  }

  /** With a key. */
  fetch(path: string, key: string, headers: Record<string, string> = {}): Promise<Sent> {
    return this.get(path, { authorization: `Bearer ${key}`, ...headers });
  }

  async #ask(path: string, init: RequestInit): Promise<Sent> {
    const answer = await fetch(new URL(path, this.#url), {
      ...init,
      headers: { 'x-forwarded-for': this.#from, ...(init.headers as Record<string, string>) },
      redirect: 'manual',
    });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  }
}

export const APPLICATION = {
  organisation: '株式会社あおい <b>',
  contact: 'aoi@example.org',
  intent: '店舗の計画\n<script>alert(1)</script>',
  wanted: SOLD.id,
};

interface Quota {
  readonly downloadsPerMonth?: number;
  readonly bytesPerMonth?: number;
}

/** What the form for a key holds, filled in: for what is sold, with the quota of `offer`. */
export const KEY_FORM = {
  ...{ dataset: SOLD.id, purpose: SOLD.purpose },
  ...{ downloads: '1000', megabytes: '1000' },
};

const quotaOf = ({ downloadsPerMonth, bytesPerMonth }: Quota): Record<string, string> => ({
  ...(downloadsPerMonth !== undefined && { downloads: String(downloadsPerMonth) }),
  ...(bytesPerMonth !== undefined && { megabytes: String(bytesPerMonth / 1e6) }),
});

/** An organisation with a contract in force and a key. */
export interface Customer {
  readonly id: number;
  /** Of the contract page. */
  readonly link: string;
  readonly key: string;
  readonly keyId: number;
}

export async function startCustomer(
  { records, url }: Shop,
  quota: Quota & { validUntil?: Date } = {},
  keyForm: Record<string, string> = {},
): Promise<Customer> {
  const visitor = new Visitor(url);
  const applied = await visitor.post(`/en/${SITE}/buyers`, APPLICATION);
  const link = linkIn(applied.text);
  const file = await records.buyers.byToken(link.split('/').at(-1) ?? '');
  const id = file?.buyer.id ?? 0;
  await offer({ records }, id, quota);
  const page = await visitor.get(link);
  const accepted = await visitor.post(`${link}/accept`, acceptance(page.text));
  if (accepted.status !== 303) throw new Error(`not accepted: ${accepted.status}`);
  const made = await visitor.post(`${link}/key`, { ...KEY_FORM, ...quotaOf(quota), ...keyForm });
  const key = /hitonami_[\w-]{43}/.exec(made.text)?.[0] ?? '';
  const [kept] = await records.buyerKeys.list(id);
  return { id, link, key, keyId: kept?.id ?? 0 };
}

export function offer({ records }: Pick<Shop, 'records'>, buyer: number, change: object = {}) {
  return records.buyers.offer(SITE, buyer, {
    ...{ datasets: [SOLD.id], purposes: [SOLD.purpose] },
    ...{ downloadsPerMonth: 1_000, bytesPerMonth: 1_000_000_000 },
    validUntil: new Date(Date.now() + 86_400_000),
    ...{
      textJa: '再識別しない。<i>',
      textEn: 'Nobody is re-identified. <i>',
      user: 'the operator',
    },
    ...change,
  });
}

export const linkIn = (text: string): string =>
  /\/en\/[\w-]+\/buyers\/[\w-]{32}/.exec(text)?.[0] ?? '';

/** What the form of the offered contract holds, filled in. */
export function acceptance(html: string): Record<string, string> {
  const field = (name: string): string =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
  return { version: field('version'), sha256: field('sha256'), person: '青井 花子', agree: 'yes' };
}

export const visitorOf = ({ url }: Pick<Shop, 'url'>): Visitor => new Visitor(url);

export function fileOf(
  { site, dataset, period, version, files }: ReleaseManifest,
  format = 'csv',
): ReleaseFile & { path: string } {
  const file = files.find((one) => one.format === format);
  if (file === undefined) throw new Error(`no ${format}`);
  return { ...file, path: `/files/${site}/${dataset.id}/${period}/v${version}/${file.name}` };
}

export async function idOf({ records }: Pick<Shop, 'records'>, link: string): Promise<number> {
  return (await records.buyers.byToken(link.split('/').at(-1) ?? ''))?.buyer.id ?? 0;
}

export async function noted({ records }: Pick<Shop, 'records'>, action: string, subject: string) {
  const entries = await records.audit.list({ limit: 200 });
  return entries.filter((entry) => entry.action === action && entry.subject === subject);
}

export function monthOf({ records }: Pick<Shop, 'records'>, buyer: number) {
  return records.buyerKeys.month(buyer, localDay(Date.now(), plan.timeZone).slice(0, 7));
}
