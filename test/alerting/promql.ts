/** What an expression reads: names of series, and the labels that it asks of them. */
export interface Reading {
  /** By name: the labels that are matched; a name alone has none. */
  selectors: { name: string; labels: string[] }[];
  /** Labels of `by`, `on`, `group_left`, … */
  grouping: string[];
}

const GROUPING = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;
/** A name that no opening bracket follows: that would be a function. */
const SELECTOR = /([a-zA-Z_:][\w:]*)(?![\w:])(?!\s*\()\s*(?:\{([^}]*)\})?/g;
/** Several names said at once, as `{__name__=~"begins_(a|b)"}`. */
const NAMES = /\{__name__=~"(\w*)\(([\w|]+)\)"\}/g;
const KEYWORDS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan']);

/** Reads an expression of Prometheus. Good for what is written in this project; Prometheus itself says whether it is valid. */
export function readExpression(expression: string): Reading {
  const grouping: string[] = [];
  const bare = expression
    .replaceAll(NAMES, (_, start: string, ends: string) =>
      ends
        .split('|')
        .map((end) => start + end)
        .join(' '),
    )
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
    .replaceAll(GROUPING, (_, labels: string) => {
      grouping.push(...split(labels));
      return ' ';
    })
    .replaceAll(/\[[^\]]*\]/g, '')
    .replaceAll(/\b\d[\w.]*/g, '');
  const selectors: Reading['selectors'] = [];
  for (const [, name = '', matchers = ''] of bare.matchAll(SELECTOR)) {
    if (KEYWORDS.has(name.toLowerCase())) continue;
    selectors.push({ name, labels: split(matchers).map((one) => one.split(/[=!]/, 1)[0] ?? '') });
  }
  return { selectors, grouping };
}

function split(list: string): string[] {
  return list
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
