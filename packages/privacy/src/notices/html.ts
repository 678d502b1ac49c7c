/** Text that is HTML already. Everything else that enters a page is escaped. */
export class Markup {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
}

type Part = Markup | string | number | false | undefined | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that turn the direction of text, and could disguise a name; and controls that no page may have. */
const DISGUISE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/gu;

/** Safe as text and as a quoted attribute of HTML and SVG. */
export function escapeHtml(text: string): string {
  return text.replaceAll(DISGUISE, '').replaceAll(/[&<>"']/g, (found) => ENTITIES[found] ?? '');
}

/** A template whose values are escaped unless they are markup. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(
    strings.reduce((all, string, i) => all + (i === 0 ? '' : htmlOf(parts[i - 1])) + string, ''),
  );
}

function htmlOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Markup) return part.html;
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  return part.map(htmlOf).join('');
}
