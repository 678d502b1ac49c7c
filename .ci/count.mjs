// Prints what vitest counted, and fails where anything did: node count.mjs <report.json>,… [step that failed]…
import { existsSync, readFileSync } from 'node:fs';

const [paths, ...failedSteps] = process.argv.slice(2);
let passed = 0;
let failed = failedSteps.filter((step) => step !== 'tests').length;
let failedTests = 0;
let missing = 0;
for (const path of paths.split(',')) {
  if (!existsSync(path)) {
    missing++;
    continue;
  }
  const report = JSON.parse(readFileSync(path, 'utf8'));
  passed += report.numPassedTests;
  // A file that could not even be loaded has no tests to count.
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  failedTests += report.numFailedTests + brokenFiles.length;
  // Once more at the end, where whoever reads only the last lines finds it.
  for (const { name, message, assertionResults } of report.testResults) {
    const faults = assertionResults.filter((test) => test.status === 'failed');
    for (const test of faults) say(`${name}: ${test.fullName}`, test.failureMessages[0]);
    if (faults.length === 0 && message) say(name, message);
  }
}

function say(what, why = '') {
  console.log(`FAILED ${what}\n  ${why.split('\n').slice(0, 12).join('\n  ')}`);
}
// Whatever else made vitest fail, such as an error outside of any test, or no report at all.
if (failedTests === 0 && (failedSteps.includes('tests') || passed === 0 || missing > 0))
  failedTests = 1;
failed += failedTests;
if (failedSteps.length > 0) console.log(`failed: ${failedSteps.join(', ')}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
