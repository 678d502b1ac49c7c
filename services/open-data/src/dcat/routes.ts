import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { paths } from '../catalogue/addresses.js';
import type { DatasetEntry } from '../catalogue/entries.js';
import type { Rendered } from '../catalogue/rendered.js';
import type { View, ViewReader } from '../catalogue/view.js';
import { Body, sendBody } from '../http/bodies.js';
import { weightsOf } from '../http/encodings.js';
import { Fault, preferred } from '../http/faults.js';
import { catalogNodes, PAGE_LENGTH } from './catalog.js';
import { datasetNodes } from './dataset.js';
import { FORMS, type Form } from './forms.js';

/** Harvesters ask anew and are told if nothing changed. */
const CACHE = 'public, max-age=0, must-revalidate';

/** Of one dataset: each form, and a plan that moved. */
const FRAGMENTS_MAX = 6;

export interface DcatOptions {
  views: Pick<ViewReader, 'look'>;
  rendered: Rendered;
}

/** The catalogue as DCAT-AP 3: JSON-LD, Turtle and RDF/XML, by the ending of the address or by what is accepted. */
export function dcatRoutes(app: FastifyInstance, options: DcatOptions): void {
  const { views, rendered } = options;
  app.get('/catalog', async (request, reply) => {
    const { url } = await views.look();
    const form = formFor(request);
    const to = form === undefined ? `/${languageOf(request)}/` : `/catalog.${form.extension}`;
    return seeOther(reply, url, to + queryOf(request));
  });
  app.get<{ Params: { name: string } }>('/dataset/:name', async (request, reply) => {
    const view = await views.look();
    const { name } = request.params;
    const asked = FORMS.find(({ extension }) => name.endsWith(`.${extension}`));
    const entry = view.catalogue.byId(
      asked === undefined ? name : name.slice(0, -asked.extension.length - 1),
    );
    if (entry === undefined) throw new Fault('not-found');
    if (entry.state === 'deleted') throw new Fault('gone');
    if (asked === undefined) {
      const form = formFor(request);
      const page = paths.dataset(languageOf(request), entry);
      return seeOther(
        reply,
        view.url,
        form === undefined ? page : `/dataset/${entry.name}.${form.extension}`,
      );
    }
    const body = await rendered.page(
      view,
      `dcat ${asked.extension} ${entry.id}`,
      () => new Body(asked.whole([fragmentOf(entry, view, asked)]), asked.type),
    );
    return sendBody(request, open(reply), body, CACHE);
  });
  for (const form of FORMS)
    app.get<{ Querystring: { page?: unknown; modified_since?: unknown } }>(
      `/catalog.${form.extension}`,
      async (request, reply) => {
        const view = await views.look();
        const page = pageNumber(request.query.page);
        const sinceMs = since(request.query.modified_since);
        const key = `dcat ${form.extension} ${page} ${sinceMs ?? ''}`;
        const body = await rendered.page(view, key, () => catalogBody(view, form, page, sinceMs));
        return sendBody(request, open(reply), body, CACHE);
      },
    );
}

async function catalogBody(
  view: View,
  form: Form,
  page: number,
  sinceMs: number | undefined,
): Promise<Body> {
  const all = view.catalogue.active.filter(
    ({ modifiedMs }) => sinceMs === undefined || modifiedMs >= sinceMs,
  );
  const pages = Math.max(1, Math.ceil(all.length / PAGE_LENGTH));
  if (page > pages) throw new Fault('not-found');
  const entries = all.slice((page - 1) * PAGE_LENGTH, page * PAGE_LENGTH);
  const addressOf = (number: number): string => {
    const query = new URLSearchParams({ page: String(number) });
    if (sinceMs !== undefined) query.set('modified_since', new Date(sinceMs).toISOString());
    return `${view.url}/catalog.${form.extension}?${query.toString()}`;
  };
  const pieces = [
    form.fragment(catalogNodes(view, { entries, page, pages, total: all.length, addressOf })),
  ];
  for (const entry of entries) {
    pieces.push(fragmentOf(entry, view, form));
    // Others are answered meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return new Body(form.whole(pieces), form.type);
}

const fragments = new WeakMap<DatasetEntry, Map<string, string>>();

/** Made once for as long as neither the dataset nor what is around it changes. */
function fragmentOf(entry: DatasetEntry, view: View, form: Form): string {
  const ofEntry = fragments.get(entry) ?? new Map<string, string>();
  fragments.set(entry, ofEntry);
  const key = [form.extension, view.url, view.boxOf(entry.site)?.join(' ')].join('\n');
  const made = ofEntry.get(key) ?? form.fragment(datasetNodes(entry, view));
  if (ofEntry.size >= FRAGMENTS_MAX) ofEntry.clear();
  ofEntry.set(key, made);
  return made;
}

/** Undefined where a page for people is wanted rather. */
function formFor(request: FastifyRequest): Form | undefined {
  const weights = weightsOf(request.headers.accept);
  const weightOf = (type: string): number => weights.get(type) ?? 0;
  const best = [...FORMS]
    .map((form) => ({ form, weight: weightOf(form.type.split(';', 1)[0] ?? '') }))
    .sort((a, b) => b.weight - a.weight)[0];
  const forPeople = Math.max(weightOf('text/html'), weightOf('application/xhtml+xml'));
  if (best !== undefined && best.weight > forPeople) return best.form;
  return forPeople > 0 ? undefined : FORMS[0];
}

function languageOf({ headers }: FastifyRequest): 'ja' | 'en' {
  return preferred(headers['accept-language']);
}

function queryOf({ url }: FastifyRequest): string {
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at);
}

function seeOther(reply: FastifyReply, url: string, path: string): FastifyReply {
  return open(reply)
    .header('vary', 'accept, accept-language')
    .redirect(url + path, 303);
}

/** Other websites may read it in a browser. */
function open(reply: FastifyReply): FastifyReply {
  return reply.header('access-control-allow-origin', '*');
}

function pageNumber(asked: unknown): number {
  if (asked === undefined) return 1;
  if (typeof asked !== 'string' || !/^[1-9]\d{0,5}$/.test(asked)) throw new Fault('invalid');
  return Number(asked);
}

function since(asked: unknown): number | undefined {
  if (asked === undefined) return undefined;
  const isDay =
    typeof asked === 'string' && /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/.test(asked);
  const ms = isDay
    ? Date.parse(/T/.test(asked) && !/(Z|[+-]\d\d:\d\d)$/.test(asked) ? `${asked}Z` : asked)
    : NaN;
  if (Number.isNaN(ms)) throw new Fault('invalid');
  return ms;
}
