/** One series of a metric at one instant. */
export interface Sample {
  labels: Readonly<Record<string, string>>;
  value: number;
}

export type Samples = ReadonlyMap<string, readonly Sample[]>;

/** Series of one source that are kept. */
const SERIES_MAX = 200_000;
const LINE_MAX = 4_000;
const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g;

/**
 * Reads the Prometheus text format. Tolerant: a line that cannot be read is passed over, so that one strange series does
 * not hide the others.
 *
 * @param wanted only metrics of these names are kept
 */
export function parsePrometheus(text: string, wanted: ReadonlySet<string>): Samples {
  const found = new Map<string, Sample[]>();
  let count = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || line.length > LINE_MAX) continue;
    const match = LINE.exec(line.trimEnd());
    const [, name = '', labelText = '', valueText = ''] = match ?? [];
    if (match === null || !wanted.has(name)) continue;
    const value = readValue(valueText);
    if (value === undefined) continue;
    count += 1;
    if (count > SERIES_MAX) break;
    const labels: Record<string, string> = {};
    for (const [, label = '', raw = ''] of labelText.matchAll(LABEL)) labels[label] = unescape(raw);
    const samples = found.get(name);
    if (samples === undefined) found.set(name, [{ labels, value }]);
    else samples.push({ labels, value });
  }
  return found;
}

function readValue(text: string): number | undefined {
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  const value = Number(text);
  return Number.isNaN(value) ? undefined : value;
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
}
