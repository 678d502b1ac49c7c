/**
 * Says whether a part that a test needs beyond npm is there. Where it is not, prints one line and returns false,
 * so that the test is skipped; under `HITONAMI_REQUIRE=all` (as in CI) it throws instead.
 */
export function requireOrSkip(name: string, present: boolean, hint: string): boolean {
  if (present) return true;
  const line = `${name}: ${hint}`;
  if (process.env['HITONAMI_REQUIRE'] === 'all') throw new Error(`required but missing: ${line}`);
  console.warn(`skipped: ${line}`);
  return false;
}
