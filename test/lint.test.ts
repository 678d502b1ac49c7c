import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

// The design's rules about what may import what are kept by a tool. Here they are shown at work: each line is a snippet
// in a room, and whether it is let through.

const root = fileURLToPath(new URL('..', import.meta.url));

// The room rules need no types; without them a snippet can be in a file that does not exist.
const eslint = new ESLint({
  cwd: root,
  overrideConfig: [
    {
      files: ['**/*.ts'],
      languageOptions: { parserOptions: { project: false, projectService: false } },
    },
  ],
  ruleFilter: ({ ruleId }) => ruleId.startsWith('no-restricted-') || ruleId === 'no-console',
});

async function complaints(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: file });
  if (result === undefined) throw new Error(`${file} is not linted`);
  return result.messages.map(({ message }) => message);
}

describe('dependencies point one way', () => {
  it.each([
    ['packages/model/src/a.ts', '@hitonami/crowd'],
    ['packages/crowd/src/a.ts', '@hitonami/tracking'],
    ['packages/crowd/src/a.ts', '@hitonami/event-log'],
    ['packages/event-log/src/a.ts', '@hitonami/warehouse'],
    ['packages/warehouse/src/a.ts', '@hitonami/service'],
    ['packages/service/src/a.ts', '@hitonami/ingestor'],
    ['services/ingestor/src/a.ts', '@hitonami/aggregator'],
    ['services/aggregator/src/a.ts', '@hitonami/camera'],
    ['services/camera/src/a.ts', 'hitonami'],
  ])('%s may not import %s', async (file, name) => {
    expect(await complaints(file, `import { x } from '${name}';`)).toHaveLength(1);
    expect(await complaints(file, `import type { X } from '${name}';`)).toHaveLength(1);
    expect(await complaints(file, `export * from '${name}';`)).toHaveLength(1);
    expect(await complaints(file, `await import('${name}');`)).toHaveLength(1);
  });

  it.each([
    ['packages/crowd/src/a.ts', '@hitonami/model'],
    ['packages/warehouse/src/a.ts', '@hitonami/crowd'],
    ['packages/service/src/a.ts', '@hitonami/event-log'],
    ['services/aggregator/src/a.ts', '@hitonami/warehouse'],
    ['services/cli/src/a.ts', '@hitonami/aggregator'],
    ['services/cli/src/a.ts', '@hitonami/crowd'],
  ])('%s may import %s', async (file, name) => {
    expect(await complaints(file, `import { x } from '${name}';`)).toEqual([]);
  });
});

describe('no import reaches into another room', () => {
  it.each([
    "import { x } from '@hitonami/model/dist/errors.js';",
    "import { x } from '@hitonami/model/src/errors.js';",
    "import { x } from '../../model/src/errors.js';",
    "import { x } from '../../../packages/model/dist/errors.js';",
  ])('%s', async (code) => {
    expect(await complaints('services/aggregator/src/a.ts', code)).toHaveLength(1);
    expect(await complaints('services/aggregator/test/a.test.ts', code)).toHaveLength(1);
  });

  it('while a test imports its own room, and what tests share', async () => {
    const code = `import { x } from '../src/index.js';
      import { y } from '../../../test/support/require.js';
      import { z } from '@hitonami/model';`;
    expect(await complaints('packages/crowd/test/a.test.ts', code)).toEqual([]);
  });
});

describe('pixels stay in their rooms', () => {
  const names = ['sharp', 'onnxruntime-node', '@hitonami/vision'];
  it.each([
    'packages/model',
    'packages/crowd',
    'packages/tracking',
    'packages/privacy',
    'packages/event-log',
    'packages/warehouse',
    'packages/service',
    'services/aggregator',
  ])('%s holds none', async (room) => {
    for (const name of names) {
      expect(await complaints(`${room}/src/a.ts`, `import x from '${name}';`)).toHaveLength(1);
      expect(await complaints(`${room}/src/a.ts`, `await import('${name}');`)).toHaveLength(1);
    }
  });

  it('and who may not hold them opens no door for frames either', async () => {
    const file = 'services/console/src/a.ts';
    expect(await complaints(file, "import type { Frame } from '@hitonami/service';")).toHaveLength(
      1,
    );
    expect(await complaints(file, "connect({ door: 'FrameIngest' });")).toHaveLength(1);
    expect(await complaints(file, "connect({ door: 'StillCheck' });")).toEqual([]);
    expect(await complaints('services/camera/src/a.ts', "({ door: 'FrameIngest' });")).toEqual([]);
  });

  it.each(['services/camera', 'services/ingestor', 'services/cli'])(
    '%s may hold them',
    async (room) => {
      for (const name of names) {
        expect(await complaints(`${room}/src/a.ts`, `import x from '${name}';`)).toEqual([]);
      }
    },
  );
});

describe('a client of a store stays in its adapter', () => {
  it.each([
    ['kafkajs', 'packages/event-log'],
    ['lmdb', 'packages/event-log'],
    ['chdb', 'packages/warehouse'],
    ['chdb/connection', 'packages/warehouse'],
    ['@clickhouse/client', 'packages/warehouse'],
  ])('%s in %s', async (name, owner) => {
    const code = `import x from '${name}';`;
    expect(await complaints(`${owner}/src/a.ts`, code)).toEqual([]);
    for (const other of ['packages/service', 'services/aggregator', 'services/cli']) {
      expect(await complaints(`${other}/src/a.ts`, code)).toHaveLength(1);
    }
  });
});

describe('the middle is pure', () => {
  it.each(['packages/model', 'packages/crowd', 'packages/tracking', 'packages/privacy'])(
    '%s has no effects',
    async (room) => {
      const file = `${room}/src/a.ts`;
      expect(await complaints(file, "import fs from 'node:fs';")).toHaveLength(1);
      expect(await complaints(file, "import fs from 'fs/promises';")).toHaveLength(1);
      expect(await complaints(file, "import { connect } from 'node:net';")).toHaveLength(1);
      expect(await complaints(file, "console.log('x');")).toHaveLength(1);
    },
  );

  it.each(['packages/crowd', 'packages/tracking', 'packages/simulator'])(
    '%s has neither clock nor chance',
    async (room) => {
      for (const code of ['Math.random();', 'Date.now();', 'performance.now();']) {
        expect(await complaints(`${room}/src/a.ts`, code)).toHaveLength(1);
      }
    },
  );
});

describe('the environment is read once', () => {
  it.each([
    "export const x = process.env['HITONAMI_LOG'];",
    'export const { env } = process;',
    "import { env } from 'node:process';",
  ])('%s', async (code) => {
    expect(await complaints('services/ingestor/src/a.ts', code)).toHaveLength(1);
    expect(await complaints('packages/service/src/a.ts', code)).toHaveLength(1);
  });

  it('by the configuration of a service, the start of the tool, and tests', async () => {
    const code = 'export const x = process.env;';
    for (const file of [
      'services/ingestor/src/config.ts',
      'services/cli/src/main.ts',
      'services/cli/src/program.ts',
      'services/cli/bin/hitonami.js',
      'services/ingestor/test/a.test.ts',
      'test/a.test.ts',
    ]) {
      expect(await complaints(file, code)).toEqual([]);
    }
  });
});

it('nothing but the tool writes to the terminal', async () => {
  expect(await complaints('services/ingestor/src/a.ts', "console.log('x');")).toHaveLength(1);
  expect(await complaints('services/cli/src/a.ts', "console.log('x');")).toEqual([]);
});

it('a promise that nobody waits for is refused, as is an explicit any', async () => {
  const typed = new ESLint({ cwd: root });
  const config = (await typed.calculateConfigForFile('packages/model/src/errors.ts')) as {
    rules: Record<string, [number]>;
  };
  expect(config.rules['@typescript-eslint/no-floating-promises']?.[0]).toBe(2);
  expect(config.rules['@typescript-eslint/no-explicit-any']?.[0]).toBe(2);
});
