// One table says what each room may import; the rules are generated from it. test/lint.test.ts proves them.
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Lower numbers are nearer to the middle: a room imports only rooms with a lower number. */
const LAYERS = { model: 0, pure: 1, adapter: 2, service: 3, tool: 4 };

/**
 * `pixels`: may hold pictures. `carriesFrames`: has the door between rooms that do, and looks at none. `beside`: rooms of its own layer that it may import.
 * `deterministic`: the same input gives the same output, so neither clock nor chance. `owns`: packages that only it imports.
 */
const ROOMS = {
  'packages/model': { layer: 'model', deterministic: true },
  'packages/crowd': { layer: 'pure', deterministic: true },
  'packages/tracking': { layer: 'pure', deterministic: true },
  // Whoever attacks positions follows people as the tracker does.
  'packages/privacy': { layer: 'pure', beside: ['tracking'] },
  'packages/simulator': { layer: 'pure', deterministic: true },
  'packages/renderer': { layer: 'adapter', pixels: true },
  'packages/vision': { layer: 'adapter', pixels: true },
  'packages/process': { layer: 'adapter' },
  'packages/event-log': { layer: 'adapter', beside: ['process'], owns: ['kafkajs', 'lmdb'] },
  'packages/warehouse': { layer: 'adapter', owns: ['chdb', '@clickhouse/client'] },
  'packages/records': {
    layer: 'adapter',
    beside: ['process'],
    owns: ['pg', '@electric-sql/pglite'],
  },
  'packages/releases': { layer: 'adapter', beside: ['process'], owns: ['hyparquet-writer'] },
  'packages/service': { layer: 'adapter', beside: ['event-log'], carriesFrames: true },
  'services/camera': { layer: 'service', pixels: true },
  'services/ingestor': { layer: 'service', pixels: true },
  'services/aggregator': { layer: 'service' },
  'services/console': { layer: 'service' },
  'services/publisher': { layer: 'service' },
  'services/open-data': { layer: 'service' },
  'services/cli': { layer: 'tool', pixels: true },
};

/** Rule 1 of the design: pixels stay in their rooms. */
const PIXEL_PACKAGES = ['sharp', 'onnxruntime-node', '@hitonami/vision', '@hitonami/renderer'];

/** What the pure rooms and the model do without. */
const EFFECTS = [
  'fs',
  'net',
  'http',
  'https',
  'http2',
  'tls',
  'dgram',
  'dns',
  'child_process',
  'worker_threads',
  'cluster',
];

const DEEP_IMPORTS = [
  {
    regex: '^@hitonami/[^/]+/.',
    message: 'Import a room by its name alone: what it promises is in its index.',
  },
  {
    regex: '^(\\.\\./)+([^./][^/]*/)+(src|dist)/',
    message: "No import reaches into another room's folder: import it by its name.",
  },
];

const nameOf = (room) => room.split('/')[1];
const packageOf = (room) => (room === 'services/cli' ? 'hitonami' : `@hitonami/${nameOf(room)}`);

function forbiddenPackages(room) {
  const { layer, beside = [], pixels = false } = ROOMS[room];
  const forbidden = new Map();
  for (const [other, { layer: otherLayer, owns = [] }] of Object.entries(ROOMS)) {
    if (other === room) continue;
    for (const name of owns)
      forbidden.set(name, `Only ${other} speaks to ${name}; use ${packageOf(other)}.`);
    const isBelow = LAYERS[otherLayer] < LAYERS[layer];
    if (!isBelow && !beside.includes(nameOf(other))) {
      forbidden.set(
        packageOf(other),
        `Dependencies point one way (services, adapters, pure, model); ${room} may not import ${other}.`,
      );
    }
  }
  if (!pixels) {
    for (const name of PIXEL_PACKAGES)
      forbidden.set(name, `Pixels stay in their rooms; ${room} is not one of them.`);
  }
  if (LAYERS[layer] <= LAYERS.pure) {
    for (const name of EFFECTS)
      forbidden
        .set(`node:${name}`, `Effects stay at the rim; ${room} has none.`)
        .set(name, `Effects stay at the rim; ${room} has none.`);
  }
  return forbidden;
}

const escape = (text) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');

function importRules(forbidden, mayNameFrames) {
  return {
    'no-restricted-imports': [
      'error',
      {
        paths: [
          { name: 'process', importNames: ['env'], message: ENVIRONMENT_MESSAGE },
          { name: 'node:process', importNames: ['env'], message: ENVIRONMENT_MESSAGE },
          ...(mayNameFrames || forbidden.has('@hitonami/service')
            ? []
            : [{ name: '@hitonami/service', importNames: ['Frame'], message: FRAME_MESSAGE }]),
        ],
        patterns: [
          ...DEEP_IMPORTS,
          ...[...forbidden].map(([name, message]) => ({ regex: `^${escape(name)}(/|$)`, message })),
        ],
      },
    ],
    // What is imported at run time obeys the same table.
    'no-restricted-syntax': [
      'error',
      ...[...forbidden].flatMap(([name, message]) =>
        [
          'ImportExpression[source.value',
          'CallExpression[callee.name="require"][arguments.0.value',
        ].map((selector) => ({ selector: `${selector}=/^${escape(name)}(\\u002F|$)/]`, message })),
      ),
      ...(mayNameFrames
        ? []
        : [{ selector: 'Literal[value="FrameIngest"]', message: FRAME_MESSAGE }]),
    ],
  };
}

const FRAME_MESSAGE = 'Frames come and go in the rooms of pixels alone: this is not one of them.';

const ENVIRONMENT_MESSAGE =
  'Only the configuration of a service (config.ts) reads the environment, once, to a typed value.';

function propertyRules({ isDeterministic = false, mayReadEnvironment = false }) {
  const chance = 'The same input gives the same output here: take it as an argument.';
  const restricted = [
    ...(mayReadEnvironment
      ? []
      : [{ object: 'process', property: 'env', message: ENVIRONMENT_MESSAGE }]),
    ...(isDeterministic
      ? [
          { object: 'Math', property: 'random', message: chance },
          { object: 'Date', property: 'now', message: chance },
          { object: 'performance', property: 'now', message: chance },
        ]
      : []),
  ];
  // A severity alone would keep the options of an earlier entry.
  return { 'no-restricted-properties': restricted.length === 0 ? 'off' : ['error', ...restricted] };
}

const rooms = Object.entries(ROOMS).flatMap(([room, about]) => [
  {
    files: [`${room}/src/**/*.ts`, `${room}/bin/**/*.js`],
    rules: {
      ...importRules(forbiddenPackages(room), about.pixels || about.carriesFrames),
      ...propertyRules({ isDeterministic: about.deterministic }),
      ...(room === 'services/cli' ? {} : { 'no-console': 'error' }),
    },
  },
  {
    files: [`${room}/src/**/config.ts`],
    rules: propertyRules({ isDeterministic: about.deterministic, mayReadEnvironment: true }),
  },
]);

/** The console's web application: it runs in a browser, and knows of the server only what they say to each other. */
const web = {
  files: ['services/console/web/**/*.ts', 'services/console/web/**/*.tsx'],
  languageOptions: { parserOptions: { project: ['services/console/web/tsconfig.json'] } },
  plugins: { 'react-hooks': reactHooks },
  rules: {
    ...reactHooks.configs.recommended.rules,
    'no-console': 'error',
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: '^@hitonami/(?!model$)',
            allowTypeImports: true,
            message:
              'A room of the server is not for the browser, but for the pure model; its types are.',
          },
          {
            regex: '^(\\.\\./){2,}src/(?!contract/(index|constants)\\.js$)',
            message: 'The web application knows the server by src/contract alone.',
          },
        ],
      },
    ],
  },
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/dist-web/**',
      '**/node_modules/**',
      '.cache/**',
      '.hitonami/**',
      'coverage/**',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        // One program for all: a program for each room makes lint a third slower.
        project: ['test/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      // A number in a message is plain enough.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'always' },
      ],
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      // A method of a port may be async in one adapter and need no await in another.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all' },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.recommended],
  },
  ...rooms,
  web,
  {
    // The tool starts the services, and hands them their environment.
    files: ['services/cli/src/{main,program}.ts', 'services/cli/bin/*.js'],
    rules: propertyRules({ mayReadEnvironment: true }),
  },
  {
    files: ['packages/*/test/**', 'services/*/test/**', 'test/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: DEEP_IMPORTS }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/unbound-method': 'off',
      // expect.any() and its kin are untyped.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
);
