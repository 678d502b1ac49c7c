import type { BothLanguages, ReleaseManifest } from '@hitonami/model';
import type { Language } from '@hitonami/privacy';
import { escapeXml } from '../dcat/forms.js';
import { Body } from '../http/bodies.js';
import { paths } from './addresses.js';
import type { Entry } from './entries.js';
import { uuidOf } from './uuid.js';
import type { View } from './view.js';

/** The newest of what happened. */
const ENTRIES_MAX = 50;

interface News {
  readonly id: string;
  readonly atMs: number;
  readonly title: string;
  readonly summary: string;
  readonly address: string;
  readonly author: string;
}

/** What was published, corrected and withdrawn, the newest first (RFC 4287). */
export function feedOf(
  view: View,
  entries: readonly Entry[],
  site: string,
  name: BothLanguages,
  language: Language,
): Body {
  const self = `${view.url}${paths.list(language, site)}feed.atom`;
  const news = entries
    .flatMap((entry) => newsOf(entry, view, language))
    .sort((a, b) => b.atMs - a.atMs || (a.id < b.id ? -1 : 1))
    .slice(0, ENTRIES_MAX);
  const updatedMs = news[0]?.atMs ?? 0;
  const title = language === 'ja' ? `${name.ja}のデータ` : `Data of ${name.en}`;
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${language}">
  <id>${escapeXml(self)}</id>
  <title>${escapeXml(title)}</title>
  <updated>${new Date(updatedMs).toISOString()}</updated>
  <link rel="self" type="application/atom+xml" href="${escapeXml(self)}"/>
  <link rel="alternate" type="text/html" href="${escapeXml(view.url + paths.list(language, site))}"/>
${news.map(entryText).join('')}</feed>
`;
  return new Body(text, 'application/atom+xml; charset=utf-8');
}

function entryText({ id, atMs, title, summary, address, author }: News): string {
  return `  <entry>
    <id>urn:uuid:${id}</id>
    <title>${escapeXml(title)}</title>
    <updated>${new Date(atMs).toISOString()}</updated>
    <author><name>${escapeXml(author)}</name></author>
    <link rel="alternate" type="text/html" href="${escapeXml(address)}"/>
    <summary>${escapeXml(summary)}</summary>
  </entry>
`;
}

function newsOf(entry: Entry, view: View, language: Language): News[] {
  const say = (ja: string, en: string): string => (language === 'ja' ? ja : en);
  if (entry.state === 'deleted') {
    const title = view.titleOf(entry)[language];
    return [
      {
        id: uuidOf(`withdrawal/${entry.site}/${entry.dataset}`),
        atMs: entry.withdrawal.withdrawnMs,
        title: say(`${title}：公開を終えました`, `${title}: published no more`),
        summary: entry.withdrawal.because[language],
        address: view.url + paths.dataset(language, entry),
        author: view.planOf(entry.site)?.operator.name[language] ?? entry.site,
      },
    ];
  }
  return newestOf(entry.periods.flatMap(({ versions }) => versions)).map((manifest) => {
    const { dataset, period, version, correction, createdMs, publisher } = manifest;
    return {
      id: uuidOf(`release/${entry.site}/${entry.dataset}/${period}/${version}`),
      atMs: createdMs,
      title: say(
        `${dataset.title.ja} ${period} 第${version}版`,
        `${dataset.title.en}, ${period}, version ${version}`,
      ),
      summary: (correction ?? dataset.description)[language],
      address: view.url + paths.release(language, manifest),
      author: publisher[language],
    };
  });
}

function newestOf(manifests: readonly ReleaseManifest[]): ReleaseManifest[] {
  return [...manifests].sort((a, b) => b.createdMs - a.createdMs).slice(0, ENTRIES_MAX);
}
