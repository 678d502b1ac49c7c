import { LANGUAGES, wordsOf, type Language, type Words } from '@hitonami/privacy';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { faultPage } from '../pages/others.js';

export type FaultKind =
  'not-found' | 'too-many' | 'too-many-all' | 'cross-site' | 'too-large' | 'invalid' | 'failed';

/** A request that is not answered as asked; a page says why. */
export class Fault extends Error {
  readonly kind: FaultKind;
  /** How long to wait, s. */
  readonly waitS: number | undefined;

  constructor(kind: FaultKind, waitS?: number) {
    super(kind);
    this.kind = kind;
    this.waitS = waitS;
  }
}

const TOLD: Readonly<Record<FaultKind, { status: number; ja: string; en: string }>> = {
  'not-found': {
    status: 404,
    ja: 'ページが見つかりません。リンクが正しいかご確認ください。回答から日がたったものは消えています。',
    en: 'There is no such page. Please check the link. What was answered some time ago is erased.',
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
  const { status, ja, en } = TOLD[kind];
  if (kind === 'failed') request.log.warn({ err: error }, 'a request of the public failed');
  if (error instanceof Fault && error.waitS !== undefined)
    void reply.header('retry-after', error.waitS);
  const words = wordsFor(request);
  const title = words.say('申し訳ありません', 'Sorry');
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .send(faultPage(words, title, words.say(ja, en)));
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
