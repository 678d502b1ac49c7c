import { consoleSchema, consoleService } from '@hitonami/console';
import { createLogger, createMetrics, Health, readConfig, startService } from '@hitonami/service';
import { answerParent } from './child.js';

/** What the console of a benchmark has used so far. */
export interface ConsoleUse {
  url: string;
  setupToken: string | undefined;
  cpuS: number;
  rssBytes: number;
  /** Pictures that were sent, and that were skipped for a newer one. */
  sent: number;
  skipped: number;
  viewers: number;
}

const environment = JSON.parse(process.argv[2] ?? '{}') as Record<string, string>;
const metrics = createMetrics('console');
let [url, setupToken]: [string, string | undefined] = ['', undefined];
const service = consoleService((served) => {
  ({ url, setupToken } = served);
});
const running = await startService(service, readConfig(consoleSchema, environment), {
  logger: createLogger({ service: 'console', level: 'error' }),
  metrics,
  health: new Health(),
});

async function value(name: string, outcome?: string): Promise<number> {
  const found = await metrics.registry.getSingleMetric(name)?.get();
  return (found?.values ?? [])
    .filter(({ labels }) => outcome === undefined || labels['outcome'] === outcome)
    .reduce((sum, one) => sum + one.value, 0);
}

answerParent(
  async (): Promise<ConsoleUse> => {
    const { user, system } = process.cpuUsage();
    return {
      ...{ url, setupToken, cpuS: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() },
      sent: await value('hitonami_console_snapshots_total', 'sent'),
      skipped: await value('hitonami_console_snapshots_total', 'skipped'),
      viewers: await value('hitonami_console_viewers'),
    };
  },
  async () => {
    await running.stop();
    process.exit(0);
  },
);
