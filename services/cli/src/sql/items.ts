import { HitonamiError, type DataItem } from '@hitonami/model';

/** A table of the warehouse that a statement names, what of people is in it, and when that was. */
export interface NamedTable {
  readonly table: string;
  readonly item: DataItem;
  /** The column of event time. */
  readonly time: string;
}

const READS = /^(select|with|show|desc|describe|exists|explain)$/;
/** What reads elsewhere than its name says, or by a name that is made up while the statement runs. */
const ELSEWHERE =
  /^(merge|mergetreeindex|mergetreeprojection|remote|remotesecure|cluster|clusterallreplicas|loop|view|viewifpermitted|viewexplain|file|filecluster|url|urlcluster|s3|s3cluster|gcs|hdfs|azureblobstorage|iceberg\w*|deltalake\w*|hudi\w*|jdbc|odbc|mysql|postgresql|mongodb|redis|sqlite|executable|python|input|dictionary|dictget\w*|joinget\w*|fuzzquery|timeseries\w*)$/;
const SYSTEM =
  /^(tables|columns|parts|settings|functions|one|numbers|databases|build_options|data_type_families)$/;

/**
 * Which tables of people a statement names anywhere, as a table, a column or in a part of it: rather one too many.
 *
 * It keeps an honest reader to a purpose. It is no wall: who has the folder, or ClickHouse's password, needs no hitonami to
 * read it.
 *
 * @throws HitonamiError `INPUT` for what does not read, or whose tables cannot be told from its text
 */
export function tablesOf(statement: string): NamedTable[] {
  const tokens = tokensOf(statement);
  const first = tokens[0]?.text.toLowerCase() ?? '';
  if (!READS.test(first)) throw refused(`it begins with '${first}', and sql only reads`);
  const found = new Map<string, NamedTable>();
  tokens.forEach((token, i) => {
    const [next, before] = [tokens[i + 1]?.text, tokens[i - 1]?.text.toLowerCase()];
    const word = token.text.toLowerCase();
    if (token.kind === 'string' && (before === 'from' || before === 'join'))
      throw refused('it reads a file');
    if (token.kind !== 'word') {
      if (word === ';' && i < tokens.length - 1) throw refused('it is more than one statement');
      if (word === '{') throw refused('it has parameters');
      return;
    }
    if (next === '(' && ELSEWHERE.test(word))
      throw refused(`'${token.text}' reads where nobody can tell what for`);
    if (word === 'system' && next === '.' && !SYSTEM.test(tokens[i + 2]?.text.toLowerCase() ?? ''))
      throw refused('of the tables of system it may read those that describe the others');
    const named = namedTable(word);
    if (named) found.set(named.table, named);
  });
  return [...found.values()];
}

function namedTable(word: string): NamedTable | undefined {
  if (word === 'positions') return { table: word, item: 'positions', time: 'captured' };
  if (word === 'flow_legs') return { table: word, item: 'flow-legs', time: 'reached' };
  const measures = /^((?:area|line|flow|journey)_measures)(?:_read)?$/.exec(word)?.[1];
  return measures === undefined ? undefined : { table: measures, item: 'measures', time: 'start' };
}

interface Token {
  readonly kind: 'word' | 'string' | 'sign';
  readonly text: string;
}

const TOKEN =
  /(?<blank>\s+|--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>'(?:[^'\\]|\\[\s\S]|'')*')|(?<quoted>`[^`\\]*`|"[^"\\]*")|(?<word>[\p{L}\p{N}_]+)|(?<sign>[^\s'"`$\\])/suy;

/** @throws HitonamiError `INPUT` for quotes that do not end, or have characters that say something else than they show */
function tokensOf(statement: string): Token[] {
  const tokens: Token[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < statement.length;) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(statement)?.groups;
    if (groups === undefined)
      throw refused(`it cannot be read from '${statement.slice(at, at + 20)}' on`);
    const { string, quoted, word, sign } = groups;
    if (string !== undefined) tokens.push({ kind: 'string', text: string });
    else if (quoted !== undefined) tokens.push({ kind: 'word', text: quoted.slice(1, -1) });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
  }
  return tokens;
}

function refused(why: string): HitonamiError {
  return new HitonamiError('INPUT', `the statement is not asked: ${why}`);
}
