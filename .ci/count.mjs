// Prints what vitest counted, and fails where anything did: node count.mjs <report.json> [step that failed]…
import { existsSync, readFileSync } from 'node:fs';

const [path, ...failedSteps] = process.argv.slice(2);
let passed = 0;
let failed = failedSteps.filter((step) => step !== 'tests').length;
let failedTests = 0;
if (existsSync(path)) {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  passed = report.numPassedTests;
  // A file that could not even be loaded has no tests to count.
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  failedTests = report.numFailedTests + brokenFiles.length;
}
// Whatever else made vitest fail, such as an error outside of any test, or no report at all.
if (failedTests === 0 && (failedSteps.includes('tests') || passed === 0)) failedTests = 1;
failed += failedTests;
if (failedSteps.length > 0) console.log(`failed: ${failedSteps.join(', ')}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
