import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aggregatorSchema } from '@hitonami/aggregator';
import { cameraSchema } from '@hitonami/camera';
import { consoleSchema } from '@hitonami/console';
import { ingestorSchema } from '@hitonami/ingestor';
import { openDataSchema } from '@hitonami/open-data';
import { publisherSchema } from '@hitonami/publisher';
import { openRecords, PUBLIC_ROLE } from '@hitonami/records';
import { readConfig } from '@hitonami/service';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { filledAlertmanagerConfig } from './support/compose.js';
import { hasPostgres, startPostgres } from './support/postgres.js';
import { requireOrSkip } from './support/require.js';

const root = join(import.meta.dirname, '..');
const composeFile = join(root, 'deploy/compose.yaml');

interface ComposeService {
  command?: string[];
  entrypoint?: string[];
  environment?: Record<string, string>;
  networks?: string[];
  volumes?: string[];
  tmpfs?: string[];
  ports?: string[];
  read_only?: boolean;
  user?: string;
  ulimits?: Record<string, unknown>;
  build?: { context: string; dockerfile: string; target: string };
}

/** The file as compose reads it, with the defaults of its variables. */
const source = readFileSync(composeFile, 'utf8').replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
const { services } = parse(source, { merge: true }) as { services: Record<string, ComposeService> };
const service = (name: string): ComposeService => {
  const found = services[name];
  if (found === undefined) throw new Error(`there is no ${name} in ${composeFile}`);
  return found;
};

const hasCompose = (): boolean => {
  try {
    execFileSync('docker-compose', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

it.skipIf(!requireOrSkip('the compose file', hasCompose(), 'install docker-compose'))(
  'the compose file is valid, with and without its profile',
  () => {
    for (const profile of [[], ['--profile', 'camera']]) {
      execFileSync('docker-compose', ['-f', composeFile, ...profile, 'config', '--quiet'], {
        stdio: 'pipe',
      });
    }
  },
);

describe('what the compose file tells a service', () => {
  it.each([
    ['ingestor', ingestorSchema],
    ['aggregator', aggregatorSchema],
    ['camera', cameraSchema],
    ['console', consoleSchema],
    ['publisher', publisherSchema],
    ['open-data', openDataSchema],
  ])('is a configuration that the %s takes', (name, schema) => {
    const { environment, command } = service(name);
    expect(command).toEqual(['node', 'services/cli/bin/hitonami.js', 'run', name]);
    expect(readConfig(schema, environment ?? {})).toMatchObject({
      metricsAddress: { host: '0.0.0.0', port: 9464 },
    });
  });

  it('makes the event log Kafka for all that use it, and gives its stop less time than the container', () => {
    for (const name of ['ingestor', 'aggregator', 'console', 'publisher', 'plan']) {
      expect(service(name).environment).toMatchObject({
        HITONAMI_LOG: 'kafka',
        HITONAMI_KAFKA_BROKERS: 'kafka:9092',
      });
    }
    const { stopDeadline } = readConfig(ingestorSchema, service('ingestor').environment ?? {});
    expect(stopDeadline).toBeLessThan(30_000);
    expect((service('ingestor') as { stop_grace_period?: string }).stop_grace_period).toBe('30s');
  });
});

describe('a container that holds frames', () => {
  it.each(['ingestor', 'camera'])('%s can write nowhere but to memory', (name) => {
    const container = service(name) as ComposeService & {
      mem_limit?: string;
      memswap_limit?: string;
      mem_swappiness?: number;
      cap_drop?: string[];
      security_opt?: string[];
    };
    expect(container.read_only).toBe(true);
    expect(container.user).toBe('1000:1000');
    expect(container.cap_drop).toEqual(['ALL']);
    expect(container.security_opt).toEqual(['no-new-privileges:true']);
    expect(container.ulimits).toEqual({ core: 1 });
    expect(container.tmpfs).toEqual(name === 'ingestor' ? [] : ['/tmp:size=64m,mode=1777']);
    expect(container.volumes).toBeUndefined();
    // As much with swap as without: none.
    expect(container.memswap_limit).toBe(container.mem_limit);
    expect(container.mem_swappiness).toBe(0);
  });

  it.each(['ingestor', 'camera', 'console'])('%s forgets, and calls nobody', (name) => {
    expect(service(name).environment).toMatchObject({
      GLIBC_TUNABLES: 'glibc.malloc.perturb=165',
      ORT_DISABLE_TELEMETRY: '1',
    });
  });

  it('is reached from this machine only, unless someone says otherwise', () => {
    expect(service('ingestor').ports).toEqual(['127.0.0.1:50051:50051']);
  });
});

it('the container file copies only what is there', () => {
  const { context, dockerfile, target } = service('ingestor').build ?? {};
  expect(context).toBe('..');
  const text = readFileSync(join(root, dockerfile ?? ''), 'utf8');
  expect(text).toContain(`AS ${target}`);
  const copied = [...text.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap((match) =>
    (match[1] ?? '').split(' ').slice(0, -1),
  );
  expect(copied).toContain('proto');
  const ignore = readFileSync(`${join(root, dockerfile ?? '')}.dockerignore`, 'utf8').split('\n');
  for (const path of copied) {
    expect(existsSync(join(root, path)), path).toBe(true);
    expect(ignore).toContain(`!${path}`);
  }
});

interface ScrapeJob {
  job_name: string;
  scrape_interval?: string;
  dns_sd_configs?: { names: string[]; port: number }[];
}

describe('Prometheus', () => {
  // The watcher reads what shares no network with it.
  const jobs = ['prometheus.yml', 'watcher.yml'].flatMap((name) => {
    const text = readFileSync(join(root, 'deploy/prometheus', name), 'utf8');
    return (parse(text) as { scrape_configs: ScrapeJob[] }).scrape_configs;
  });
  const discovered = jobs.flatMap(({ dns_sd_configs: found = [] }) => found);

  it('finds every service that serves metrics, at its port', () => {
    const serving = Object.entries(services)
      .filter(([, { environment }]) => environment?.['HITONAMI_METRICS_ADDRESS'] !== undefined)
      .map(([name]) => name);
    expect(discovered.flatMap(({ names }) => names).toSorted()).toEqual(serving.toSorted());
    for (const { port } of discovered) expect(port).toBe(9464);
  });

  it('reads each second what decides about lives', () => {
    const crowd = jobs.find((job) =>
      job.dns_sd_configs?.some(({ names }) => names.includes('aggregator')),
    );
    expect(crowd?.scrape_interval).toBe('1s');
  });

  it('serves the runbooks that its alerts link to', () => {
    const { command = [], volumes = [] } = service('prometheus');
    const assets = command.find((flag) => flag.startsWith('--web.user-assets='))?.split('=')[1];
    expect(volumes).toContain(`./runbooks:${assets}:ro`);
  });
});

describe('what stands beside the services', () => {
  it('gets files that are there, and may not write them', () => {
    for (const [name, { volumes = [] }] of Object.entries(services))
      for (const volume of volumes) {
        const [from = '', , mode] = volume.split(':');
        if (!from.startsWith('./') || from === './site.json') continue;
        expect([name, from, existsSync(join(root, 'deploy', from)), mode]).toEqual([
          name,
          from,
          true,
          'ro',
        ]);
      }
  });

  it('is reached from this machine only, or not at all', () => {
    for (const [name, { ports = [] }] of Object.entries(services))
      for (const port of ports)
        expect([name, port]).toEqual([name, expect.stringMatching(/^127\.0\.0\.1:/)]);
    for (const name of ['kafka', 'clickhouse', 'postgres']) {
      expect(service(name).ports).toBeUndefined();
      expect(service(name).networks).toContain('inside');
      expect(service(name).networks).not.toContain('door');
    }
  });

  it('the public’s service has no way to measures but the files of the publisher, which it may not write', () => {
    const outside = service('open-data');
    const reached = Object.entries(services)
      .filter(([, { networks = [] }]) => networks.some((one) => outside.networks?.includes(one)))
      .map(([name]) => name);
    expect(reached.toSorted()).toEqual(['open-data', 'postgres', 'watcher']);
    // What reads its figures listens to nobody, and is not there for anything else.
    const watcher = service('watcher');
    expect(watcher.command).toContain('--agent');
    expect(watcher.command).toContain('--web.listen-address=127.0.0.1:9090');
    expect([watcher.ports, watcher.read_only]).toEqual([undefined, true]);
    expect(service('prometheus').command).toContain('--web.enable-remote-write-receiver');
    expect(outside.volumes).toEqual(['public:/public:ro']);
    const { publicFolder, log } = readConfig(
      publisherSchema,
      service('publisher').environment ?? {},
    );
    expect({ publicFolder, log }).toEqual({ publicFolder: '/public', log: 'kafka' });
    expect(service('publisher').volumes).toContain(`public:${publicFolder}`);
    expect(service('publisher').networks).toEqual(['inside']);
    expect(outside.environment?.['HITONAMI_PUBLIC_FOLDER']).toBe(publicFolder);
    expect(Object.keys(outside.environment ?? {}).join(' ')).not.toMatch(/KAFKA|WAREHOUSE/);
  });

  it('the public’s service signs in as a role that the database is made with, and that owns nothing', async () => {
    const { volumes, environment = {} } = service('postgres');
    expect(volumes).toContain('./postgres:/docker-entrypoint-initdb.d:ro');
    const { recordsUrl } = readConfig(openDataSchema, service('open-data').environment ?? {});
    expect(recordsUrl?.reveal()).toBe(
      `postgres://${PUBLIC_ROLE}:${environment['PUBLIC_POSTGRES_PASSWORD']}@postgres:5432/${environment['POSTGRES_DB']}`,
    );
    if (!hasPostgres()) return;
    const server = await startPostgres();
    try {
      const url = new URL(await server.createDatabase());
      const database = url.pathname.slice(1);
      execFileSync('sh', ['deploy/postgres/public-role.sh'], {
        cwd: root,
        env: {
          ...{ PATH: process.env['PATH'], PGHOST: url.searchParams.get('host') ?? '' },
          ...{ POSTGRES_USER: url.username, POSTGRES_DB: database },
          PUBLIC_POSTGRES_PASSWORD: "o'clock; DROP",
        },
      });
      const inside = await openRecords({ url: url.href });
      await inside.migrate();
      url.username = PUBLIC_ROLE;
      const outside = await openRecords({ url: url.href });
      expect(await outside.migrate()).toEqual([]);
      await expect(outside.users.list()).rejects.toThrow('42501');
      await Promise.all([inside.close(), outside.close()]);
    } finally {
      await server.remove();
    }
  });

  it('the console finds: records, measures, the services to tell of, and Alertmanager', () => {
    const { recordsUrl, warehouseUrl, metricsSources, alertmanagerUrl } = readConfig(
      consoleSchema,
      service('console').environment ?? {},
    );
    const postgres = service('postgres').environment ?? {};
    expect(recordsUrl?.reveal()).toBe(
      `postgres://${postgres['POSTGRES_USER']}:${postgres['POSTGRES_PASSWORD']}@postgres:5432/${postgres['POSTGRES_DB']}`,
    );
    const addresses = [warehouseUrl ?? '', alertmanagerUrl ?? '', ...(metricsSources ?? [])];
    for (const address of addresses)
      expect(Object.keys(services)).toContain(new URL(address).hostname);
  });

  it('Alertmanager puts the receivers’ addresses in its configuration, whatever is in them', () => {
    expect(service('alertmanager').entrypoint).toEqual(['/bin/sh', '-euc']);
    const page = 'https://pager.example/hook?key=a|b&to=\\1';
    expect(filledAlertmanagerConfig({ PAGE_WEBHOOK_URL: page })).toContain(`url: ${page}\n`);
  });

  it('Alertmanager tells nobody, and so fails nowhere, where no address is given', () => {
    const { receivers } = parse(filledAlertmanagerConfig({})) as { receivers: unknown[] };
    expect(receivers).toEqual(
      ['page', 'ticket', 'heartbeat'].map((name) => ({ name, webhook_configs: null })),
    );
  });
});
