import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'services/*/test/**/*.test.ts',
      'services/console/web/test/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    // What takes something away and waits for it to come back: `npm run test:faults`.
    exclude: [...configDefaults.exclude, '**/*.faults.test.ts'],
    // A process for each file: native parts (inference, ClickHouse, LMDB) do not all live well in worker threads.
    pool: 'forks',
    // Measured on two cores: with two at once they are busy for seven tenths of the time, since much of the suite waits for
    // brokers, clocks and processes.
    maxWorkers: 3,
    // Real brokers, engines and processes on a machine shared with others: CI may ask a second time, a person is told at once.
    retry: process.env['CI'] === undefined ? 0 : 1,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    // What tests print (lines about skips) is shown once and plain.
    disableConsoleIntercept: true,
  },
});
