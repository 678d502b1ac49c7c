import { createHash } from 'node:crypto';

export interface PolicyOptions {
  /** Where the only style that a page may have comes from. */
  readonly style?: string;
  /** Where pictures may come from; left out, there are none. */
  readonly images?: string;
  /** In whose pages it may be shown. */
  readonly ancestors?: string;
}

/** Nothing runs, nothing is loaded from elsewhere, and nobody shows it as theirs, unless it is said otherwise. */
export function contentSecurityPolicy({
  style = "'self'",
  images,
  ancestors = "'none'",
}: PolicyOptions = {}): string {
  return [
    "default-src 'none'",
    `style-src ${style}`,
    ...(images === undefined ? [] : [`img-src ${images}`]),
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${ancestors}`,
  ].join('; ');
}

/** The policy of a document that has one style in itself and nothing else. */
export function policyOfDocument(html: string): string {
  const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
  const digest = createHash('sha256').update(style).digest('base64');
  return contentSecurityPolicy({ style: `'sha256-${digest}'` });
}
