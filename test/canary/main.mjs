// Compiles the canary suite beside the tests' support (same depth, so that paths relative to a file hold) and runs it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

function run(args) {
  const { status, error } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

run([path('../../node_modules/typescript/bin/tsc'), '-p', path('tsconfig.json')]);
run([...process.execArgv, path('../../.cache/canary/canary.js'), ...process.argv.slice(2)]);
