/** This machine's clock, µs since 1970-01-01T00:00:00Z. */
export function nowUs(): number {
  return Date.now() * 1000;
}
