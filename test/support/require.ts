/**
 * Says whether a part that a test needs beyond npm is there, one that `.ci/run` installs. Where it is not, prints one line
 * and returns false, so that the test is skipped; under `HITONAMI_REQUIRE=all` (as in CI) it throws instead.
 */
export function requireOrSkip(name: string, present: boolean, hint: string): boolean {
  if (!present && process.env['HITONAMI_REQUIRE'] === 'all')
    throw new Error(`required but missing: ${name}: ${hint}`);
  return lentOrSkip(name, present, hint);
}

/**
 * The same for what no file of the project can install, such as clips and models that may not be passed on, or the right
 * to mount: where it is not there, the test is skipped everywhere, and says so in one line.
 */
export function lentOrSkip(name: string, present: boolean, hint: string): boolean {
  if (!present) console.warn(`skipped: ${name}: ${hint}`);
  return present;
}
