import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Rooms without native parts, processes, clocks or anything else that one file could leave behind for the next. */
const PURE = [
  'packages/{crowd,model,privacy,simulator,tracking}/test/**/*.test.ts',
  'services/console/web/test/**/*.test.ts',
];
/** Where the long files are: what crosses services, then services, then packages. */
const ROOMS = ['/test/', '/services/', '/packages/'];

/** Starts long files first, so that no worker is left alone with one at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // By how long each took the last time; of a fresh clone nothing is known but its size.
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId, project }: TestSpecification): number {
  if (project.name === 'pure') return ROOMS.length;
  const path = moduleId.slice(project.config.root.length);
  return ROOMS.findIndex((room) => path.startsWith(room));
}

/** What holds for every run, whatever files it takes. */
export const common = defineConfig({
  test: {
    // A process for each file: native parts (inference, ClickHouse, LMDB) do not all live well in worker threads.
    pool: 'forks',
    // Measured on two cores: with two at once they are busy for seven tenths of the time, since much of the suite waits for
    // brokers, clocks and processes.
    maxWorkers: 3,
    // Other rooms are what was built of them: Node loads that by itself in half the time.
    server: { deps: { external: [/\/(packages|services)\/[^/]+\/dist\//] } },
    // Real brokers, engines and processes on a machine shared with others: CI may ask a second time, a person is told at once.
    retry: process.env['CI'] === undefined ? 0 : 1,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    // What tests print (lines about skips) is shown once and plain.
    disableConsoleIntercept: true,
  },
}).test;

export default defineConfig({
  test: {
    ...common,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: [
            'packages/*/test/**/*.test.ts',
            'services/*/test/**/*.test.ts',
            'test/**/*.test.ts',
          ],
          // What takes something away and waits for it to come back: `npm run test:faults`.
          exclude: [...configDefaults.exclude, '**/*.faults.test.ts', ...PURE],
        },
      },
      // One process for many files: loading a room's modules takes longer than most of its tests.
      {
        extends: true,
        // Minutes of hundreds of people, on a machine that may do other things too. What fails here once is a fault: a
        // property that found one may not find it a second time.
        test: { name: 'pure', include: PURE, isolate: false, testTimeout: 60_000, retry: 0 },
      },
    ],
  },
});
