import { doorException } from './exception.js';

/**
 * What the door must know of a statement before the engine sees it: whether it reads, whether data follow it, and
 * where its `FORMAT` stands. Works on bytes read as latin1, so that a place in the text is a place in the body even
 * where binary data follow; strings, quoted names, comments and heredocs are stepped over.
 */
export type Statement =
  | { kind: 'read'; head: string; format: string | undefined; tail: string }
  | { kind: 'insert'; head: string; settings: string; format: string; dataAt: number }
  | { kind: 'other'; text: string };

interface Word {
  text: string;
  from: number;
  to: number;
}

const READS = new Set([
  'SELECT',
  'WITH',
  'FROM',
  'SHOW',
  'DESCRIBE',
  'DESC',
  'EXPLAIN',
  'EXISTS',
  'CHECK',
  '(',
]);
const OPENS = ['(', '[', '{'];
const CLOSES = [')', ']', '}'];
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const HEREDOC = /\$[A-Za-z0-9_]*\$/y;

/** Words, brackets and semicolons outside every bracket; `stop` ends the walk, for what follows may be data. */
function* topWords(
  sql: string,
  stop: (word: Word, before: Word | undefined) => boolean,
): Generator<Word> {
  let depth = 0;
  let before: Word | undefined;
  for (let at = 0; at < sql.length;) {
    const next = skipQuiet(sql, at);
    if (next > at) {
      at = next;
      continue;
    }
    const char = sql[at] ?? '';
    WORD.lastIndex = at;
    const word = WORD.exec(sql)?.[0];
    const found: Word = {
      text: (word ?? char).toUpperCase(),
      from: at,
      to: at + (word ?? char).length,
    };
    at = found.to;
    if (CLOSES.includes(char)) depth -= 1;
    if (depth === 0 && (word !== undefined || char === ';' || char === '(')) {
      yield found;
      if (stop(found, before)) return;
      before = found;
    }
    if (OPENS.includes(char)) depth += 1;
  }
}

/** The end of the blank, comment or quoted part that begins at `at`; `at` itself if none does. */
function skipQuiet(sql: string, at: number): number {
  const char = sql[at] ?? '';
  if (char <= ' ') return at + 1;
  if (char === "'" || char === '"' || char === '`') return endOfQuoted(sql, at, char);
  if (sql.startsWith('--', at) || (char === '#' && /[ !]/.test(sql[at + 1] ?? ''))) {
    return endAfter(sql, '\n', at);
  }
  if (sql.startsWith('/*', at)) return endAfter(sql, '*/', at + 2);
  if (char === '$') {
    HEREDOC.lastIndex = at;
    const tag = HEREDOC.exec(sql)?.[0];
    if (tag !== undefined) return endAfter(sql, tag, at + tag.length);
  }
  if (/[0-9]/.test(char))
    return at + (/^[0-9A-Za-z_.]+/.exec(sql.slice(at, at + 80))?.[0].length ?? 1);
  return at;
}

function endAfter(sql: string, mark: string, from: number): number {
  const at = sql.indexOf(mark, from);
  return at === -1 ? sql.length : at + mark.length;
}

function endOfQuoted(sql: string, from: number, quote: string): number {
  for (let at = from + 1; at < sql.length; at += 1) {
    if (sql[at] === '\\') at += 1;
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  return sql.length;
}

/** Reads a statement (latin1). Throws where it is empty, is several, or names a file of its own. */
export function readStatement(sql: string): Statement {
  const first = topWords(sql, () => true).next();
  if (first.done === true) throw doorException(62, 'Syntax error: empty query');
  if (first.value.text === 'INSERT') {
    const insert = readInsert(sql);
    if (insert !== undefined) return insert;
  }
  const words = [...topWords(sql, () => false)];
  const end = words.findIndex((word) => word.text === ';');
  if (end !== -1 && words.slice(end).some((word) => word.text !== ';')) {
    throw doorException(62, 'Syntax error: several statements in one request are not allowed');
  }
  const own = end === -1 ? words : words.slice(0, end);
  const text = sql.slice(0, own.length < words.length ? words[end]?.from : undefined);
  refuseFiles(own);
  const reads = READS.has(own[0]?.text ?? '') && !own.some((word) => word.text === 'INSERT');
  return reads ? readQuery(text, own) : { kind: 'other', text };
}

function refuseFiles(words: readonly Word[]): void {
  const at = words.findIndex((word) => word.text === 'OUTFILE' || word.text === 'INFILE');
  if (at > 0 && ['INTO', 'FROM'].includes(words[at - 1]?.text ?? '')) {
    throw doorException(48, 'INTO OUTFILE and FROM INFILE are not allowed over HTTP');
  }
}

/** Splits a reading statement before its `FORMAT`, where the engine wants to be told where the result goes. */
function readQuery(text: string, words: readonly Word[]): Statement {
  for (let at = words.length - 2; at > 0; at -= 1) {
    const [mark, name, after] = [words[at], words[at + 1], words[at + 2]];
    if (mark?.text !== 'FORMAT' || name === undefined) continue;
    // `FORMAT` is also a word like any other: it is the clause only where a name and nothing but settings follow.
    if (after !== undefined && after.text !== 'SETTINGS') continue;
    if (text.slice(mark.to, name.from).trim() !== '') continue;
    if (after === undefined && !onlyQuiet(text, name.to)) continue;
    return {
      kind: 'read',
      head: text.slice(0, mark.from),
      format: text.slice(name.from, name.to),
      tail: text.slice(name.to),
    };
  }
  return { kind: 'read', head: text, format: undefined, tail: '' };
}

function onlyQuiet(text: string, from: number): boolean {
  const quoted = /['"`$0-9]/;
  for (let at = from; at < text.length;) {
    const next = skipQuiet(text, at);
    if (next === at || quoted.test(text[at] ?? '')) return false;
    at = next;
  }
  return true;
}

/** An insert whose data follow the text, or undefined where its rows come from a query. */
function readInsert(sql: string): Statement | undefined {
  let settingsAt: number | undefined;
  const ends = (word: Word, before: Word | undefined): boolean =>
    before?.text === 'FORMAT' || ['VALUES', 'SELECT', 'WITH', ';'].includes(word.text);
  let before: Word | undefined;
  for (const word of topWords(sql, ends)) {
    if (word.text === 'INFILE' && before?.text === 'FROM') refuseFiles([before, word]);
    if (word.text === 'SETTINGS') settingsAt ??= word.from;
    if (word.text === 'SELECT' || word.text === 'WITH') return undefined;
    const isFormat = before?.text === 'FORMAT';
    if (isFormat || word.text === 'VALUES') {
      const markAt = isFormat ? (before?.from ?? 0) : word.from;
      return {
        kind: 'insert',
        head: sql.slice(0, settingsAt ?? markAt),
        settings: settingsAt === undefined ? '' : sql.slice(settingsAt, markAt),
        format: isFormat ? sql.slice(word.from, word.to) : 'Values',
        dataAt: dataStart(sql, word.to),
      };
    }
    before = word;
  }
  if (before?.text === ';') return undefined;
  return {
    kind: 'insert',
    head: sql.slice(0, settingsAt),
    settings: settingsAt === undefined ? '' : sql.slice(settingsAt),
    format: 'Values',
    dataAt: sql.length,
  };
}

/** Data begin after blanks and one line end, as in ClickHouse's `ParserInsertQuery`. */
function dataStart(sql: string, from: number): number {
  const blank = /[ \t\f]*\r?\n?/y;
  blank.lastIndex = from;
  blank.exec(sql);
  return blank.lastIndex;
}
