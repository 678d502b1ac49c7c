import { LANGUAGES, wordsOf, type Language, type Words } from '@hitonami/privacy';
import type { BothLanguages } from '@hitonami/model';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { faultPage } from '../pages/others.js';

export type FaultKind =
  | 'not-found'
  | 'gone'
  | 'refused'
  | 'too-many'
  | 'too-many-all'
  | 'cross-site'
  | 'too-large'
  | 'invalid'
  | 'failed';

/** What is told instead of the words for a kind of fault. */
export interface OwnAnswer {
  readonly status: number;
  readonly words: BothLanguages;
}

/** A request that is not answered as asked; a page says why. */
export class Fault extends Error {
  readonly kind: FaultKind;
  /** How long to wait, s. */
  readonly waitS: number | undefined;
  readonly own: OwnAnswer | undefined;

  constructor(kind: FaultKind, waitS?: number, own?: OwnAnswer) {
    super(kind);
    this.kind = kind;
    this.waitS = waitS;
    this.own = own;
  }
}

const TOLD: Readonly<Record<FaultKind, { status: number; ja: string; en: string }>> = {
  'not-found': {
    status: 404,
    ja: 'ページが見つかりません。リンクが正しいかご確認ください。回答から日がたったものは消えています。',
    en: 'There is no such page. Please check the link. What was answered some time ago is erased.',
  },
  gone: {
    status: 410,
    ja: 'このデータの公開は終わりました。',
    en: 'This is published no more.',
  },
  refused: {
    status: 403,
    ja: 'このデータは契約した利用者だけが利用できます。',
    en: 'This is for those who have a contract.',
  },
  'too-many': {
    status: 429,
    ja: '短い間に多く送られました。しばらくしてからもう一度お試しください。',
    en: 'Too much was sent in a short time. Please try again later.',
  },
  'too-many-all': {
    status: 429,
    ja: '本日の受付数を超えました。明日もう一度お送りいただくか、掲示の連絡先へお問い合わせください。',
    en: 'More has come today than can be read. Please send it tomorrow, or use the contact on the notice.',
  },
  'cross-site': {
    status: 403,
    ja: 'ほかのサイトから送られたため、受け付けていません。このサイトのページからお送りください。',
    en: 'This was sent from another site, and was not taken. Please send it from the page here.',
  },
  'too-large': {
    status: 413,
    ja: '送られた内容が大きすぎます。短くしてお送りください。',
    en: 'What was sent is too large. Please send less.',
  },
  invalid: {
    status: 400,
    ja: '送られた内容を読み取れませんでした。',
    en: 'What was sent cannot be read.',
  },
  failed: {
    status: 503,
    ja: 'いまはお答えできません。しばらくしてからもう一度お試しください。',
    en: 'This cannot be answered right now. Please try again later.',
  },
};

/** Every error as a page. What went wrong inside is logged, not told. */
export function answerFault(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const kind = kindOf(error);
  const own = error instanceof Fault ? error.own : undefined;
  const { status, ja, en } = own === undefined ? TOLD[kind] : { status: own.status, ...own.words };
  if (kind === 'failed') request.log.warn({ err: error }, 'a request of the public failed');
  if (error instanceof Fault && error.waitS !== undefined)
    void reply.header('retry-after', error.waitS);
  // What was set for another answer is not said of this one.
  for (const name of ['etag', 'content-encoding', 'content-length', 'content-disposition'])
    void reply.removeHeader(name);
  void reply.code(status).header('cache-control', 'no-store');
  if (isForMachine(request))
    return reply.type('application/json; charset=utf-8').send({ error: kind, message: { ja, en } });
  const words = wordsFor(request);
  const title = words.say('申し訳ありません', 'Sorry');
  return reply.type('text/html; charset=utf-8').send(faultPage(words, title, words.say(ja, en)));
}

/** A page is for people: a program is told the same as JSON. */
function isForMachine({ url, headers }: FastifyRequest): boolean {
  if (url.startsWith('/api/')) return true;
  const { accept = '' } = headers;
  return accept.includes('json') && !accept.includes('text/html');
}

function kindOf(error: FastifyError | Error): FaultKind {
  if (error instanceof Fault) return error.kind;
  const { statusCode } = error as Partial<FastifyError>;
  if (statusCode === 413) return 'too-large';
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? 'invalid' : 'failed';
}

/** The language of the address, else the one that the browser would rather have. */
export function wordsFor({ url, headers }: Pick<FastifyRequest, 'url' | 'headers'>): Words {
  const first = url.split('/')[1]?.split('?')[0];
  return wordsOf(LANGUAGES.find((one) => one === first) ?? preferred(headers['accept-language']));
}

/** Japanese, unless a browser names English before it, or does not name it at all. */
export function preferred(accepted: string | undefined): Language {
  if (accepted === undefined) return 'ja';
  const at = (language: Language): number => {
    const found = accepted.toLowerCase().search(new RegExp(`(^|[, ])${language}\\b`));
    return found === -1 ? Infinity : found;
  };
  return at('ja') === Infinity || at('en') < at('ja') ? 'en' : 'ja';
}
