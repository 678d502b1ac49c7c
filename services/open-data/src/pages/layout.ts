import { html, NOTICE_MARK, type Language, type Markup, type Words } from '@hitonami/privacy';

export interface PageOptions {
  words: Words;
  title: string;
  /** Above the title: where one is. */
  site?: string | undefined;
  /** The same page in another language, from the root; left out where there is none. */
  path?: ((language: Language) => string) | undefined;
  /** More for the head: what machines read, feeds. */
  head?: Markup | undefined;
  /** With room for tables. */
  isWide?: boolean | undefined;
}

/** A whole page. No script: everything works without. */
export function layout(
  { words, title, site, path, head, isWide = false }: PageOptions,
  body: Markup,
): string {
  const other = words.language === 'ja' ? 'en' : 'ja';
  const skip = words.say('本文へ', 'Skip to content');
  return html`<!doctype html>
    <html lang="${words.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}${site !== undefined && ` – ${site}`}</title>
        <link rel="stylesheet" href="/style.css" />
        ${head}
      </head>
      <body>
        <a class="skip" href="#content">${skip}</a>
        <main id="content" ${isWide && html` class="broad"`}>
          <header>
            ${NOTICE_MARK}
            <div class="text">
              ${site !== undefined && html`<p class="site">${site}</p>`}
              <h1>${title}</h1>
            </div>
            ${path && html`<p class="languages"><a href="${path(other)}" lang="${other}" hreflang="${other}">${other === 'ja' ? '日本語' : 'English'}</a></p>`}
          </header>
          ${body}
        </main>
      </body>
    </html> `.html;
}
