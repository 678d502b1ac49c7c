/** How an answer may travel. */
export type Encoding = 'identity' | 'gzip' | 'br';

/** The smallest form that the other side says it can unpack (RFC 9110, 12.5.3). */
export function encodingFor(accepted: string | string[] | undefined): Encoding {
  const wanted = weightsOf(accepted);
  if (isWanted(wanted, 'br')) return 'br';
  return isWanted(wanted, 'gzip') ? 'gzip' : 'identity';
}

function isWanted(wanted: ReadonlyMap<string, number>, encoding: string): boolean {
  return (wanted.get(encoding) ?? wanted.get('*') ?? 0) > 0;
}

/** What stands in an `Accept…` header, by its weight; 1 where none is said. */
export function weightsOf(header: string | string[] | undefined): Map<string, number> {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  return new Map(
    text
      .split(',')
      .slice(0, 50)
      .map((part) => {
        const [name = '', ...parameters] = part.split(';').map((one) => one.trim().toLowerCase());
        const weight = parameters.find((one) => one.startsWith('q='))?.slice(2);
        return [name, weight === undefined ? 1 : Number(weight) || 0] as const;
      })
      .filter(([name]) => name !== ''),
  );
}
