import { documentOf, type NoticeDocument } from './documents.js';
import { NOTICE_NAMES, type NoticeName } from './document.js';
import { factsOf, type NoticeInput } from './facts.js';
import { LANGUAGES, wordsOf, type Language } from './language.js';
import { readingPage } from './page.js';
import { posterPage, stickerPage } from './poster.js';

export { auditFiguresOf, type AuditFigure, type AuditFigures } from './audit-figures.js';
export { changesBetween, type NoticeChange } from './changes.js';
export { NOTICE_NAMES, type Block, type NoticeName, type Section } from './document.js';
export type { NoticeDocument } from './documents.js';
export { LOG_HOURS_DEFAULT, type NoticeInput } from './facts.js';
export { escapeHtml, html, Markup } from './html.js';
export { LANGUAGES, wordsOf, type Language, type Words } from './language.js';
export { MARK as NOTICE_MARK } from './mark.js';
export { sectionHtml } from './page.js';
export { heldReply } from './reply.js';
export { READING_STYLE } from './style.js';

/** What a document says, section by section. @throws HitonamiError `INPUT`, `PLAN`: see `NoticeInput` */
export function noticeDocument(
  name: NoticeName,
  input: NoticeInput,
  language: Language,
): NoticeDocument {
  return documentOf(name, factsOf(input), wordsOf(language));
}

/** The same as a page of HTML that loads nothing and runs nothing. */
export function noticeHtml(name: NoticeName, input: NoticeInput, language: Language): string {
  const notice = factsOf(input);
  const words = wordsOf(language);
  const document = documentOf(name, notice, words);
  if (name === 'poster') return posterPage(document, notice, words);
  if (name === 'sticker') return stickerPage(document, notice, words);
  return readingPage(document, notice, words);
}

/** Every document in every language. */
export function allNotices(
  input: NoticeInput,
): { name: NoticeName; language: Language; html: string }[] {
  return LANGUAGES.flatMap((language) =>
    NOTICE_NAMES.map((name) => ({ name, language, html: noticeHtml(name, input, language) })),
  );
}
