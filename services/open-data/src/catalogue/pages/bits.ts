import type { ReleaseManifest } from '@hitonami/model';
import { html, type Markup, type Words } from '@hitonami/privacy';
import { instantText } from '../../pages/instants.js';
import { paths } from '../addresses.js';

/** A length as people read it; a kB is 1,000 bytes. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : Math.round(value * 10) / 10} ${units[power] ?? ''}`;
}

/** `2026-10` or `2026-10-05` in words. */
export function periodText(period: string, { day, say }: Words): string {
  if (period.length > 7) return day(period);
  const [year = '', month = ''] = period.split('-');
  const name = new Intl.DateTimeFormat('en-GB', { month: 'long', timeZone: 'UTC' }).format(
    Date.UTC(Number(year), Number(month) - 1),
  );
  return say(`${year}年${Number(month)}月`, `${name} ${year}`);
}

/** Free, or what it costs. */
export function audienceBadge({ dataset }: ReleaseManifest, { say }: Words): Markup {
  return dataset.audience === 'open'
    ? html`<span class="badge open">${say('オープンデータ', 'Open data')}</span>`
    : html`<span class="badge paid">${say('契約データ', 'By contract')}</span>`;
}

/** A term and what is said of it. */
export interface Fact {
  readonly term: string;
  readonly said: string | Markup | undefined;
}

export function factList(facts: readonly Fact[]): Markup {
  return html`<dl class="facts">
    ${facts.map(
      ({ term, said }) =>
        said !== undefined &&
        html`<div>
          <dt>${term}</dt>
          <dd>${said}</dd>
        </div>`,
    )}
  </dl>`;
}

export function madeAt({ createdMs, timeZone }: ReleaseManifest, { language }: Words): Markup {
  return html`<time datetime="${new Date(createdMs).toISOString()}"
    >${instantText(createdMs, timeZone, language)}</time
  >`;
}

/** What every page of the catalogue has at its end. */
export function machineLinks(site: string, { say, language }: Words): Markup {
  return html`<section id="machines">
    <h2>${say('プログラムから使う', 'For programs')}</h2>
    <ul>
      <li>CKAN API: <a href="/api/3/action/package_search">/api/3/action/package_search</a></li>
      <li>
        DCAT-AP: <a href="/catalog.jsonld">JSON-LD</a>, <a href="/catalog.ttl">Turtle</a>,
        <a href="/catalog.rdf">RDF/XML</a>
      </li>
      <li>
        <a href="${paths.list(language, site)}feed.atom"
          >${say('更新のフィード（Atom）', 'Feed of what is new (Atom)')}</a
        >
      </li>
    </ul>
  </section>`;
}
