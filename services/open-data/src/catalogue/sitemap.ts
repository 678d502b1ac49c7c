import { LANGUAGES } from '@hitonami/privacy';
import { escapeXml } from '../dcat/forms.js';
import { Body } from '../http/bodies.js';
import { paths } from './addresses.js';
import type { View } from './view.js';

/** The limit of the protocol, addresses. */
const ADDRESSES_MAX = 50_000;

/** Every page that is worth finding, with its other language. */
export function sitemapOf(view: View, sites: readonly string[]): Body {
  const pages = [
    ...sites.flatMap((site) => [
      { path: (language: 'ja' | 'en') => `/${language}/${site}/`, changedMs: undefined },
      {
        path: (language: 'ja' | 'en') => paths.list(language, site),
        changedMs: view.catalogue.changedMs || undefined,
      },
    ]),
    ...view.catalogue.active.map((entry) => ({
      path: (language: 'ja' | 'en') => paths.dataset(language, entry),
      changedMs: entry.modifiedMs,
    })),
  ];
  const lines = pages.flatMap(({ path, changedMs }) =>
    LANGUAGES.map((language) => {
      const others = LANGUAGES.map(
        (other) =>
          `<xhtml:link rel="alternate" hreflang="${other}" href="${escapeXml(view.url + path(other))}"/>`,
      ).join('');
      const changed =
        changedMs === undefined ? '' : `<lastmod>${new Date(changedMs).toISOString()}</lastmod>`;
      return `<url><loc>${escapeXml(view.url + path(language))}</loc>${changed}${others}</url>\n`;
    }),
  );
  return new Body(
    `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n${lines
      .slice(0, ADDRESSES_MAX)
      .join('')}</urlset>\n`,
    'application/xml; charset=utf-8',
  );
}

/** What a search engine need not read: answers to people, forms, and files themselves. */
export function robotsOf(url: string): string {
  return `User-agent: *
Disallow: /*/answers/
Disallow: /*/ask
Disallow: /*/opinion
Disallow: /*/now
Disallow: /embed/
Disallow: /pictures/
Disallow: /files/
Disallow: /*?q=

Sitemap: ${url}/sitemap.xml
`;
}
