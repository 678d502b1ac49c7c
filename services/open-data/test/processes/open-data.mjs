// The whole service as its environment configures it, records and all; says where it is served, and ends with its input.
import { openDataSchema, openDataService } from '@hitonami/open-data';
import { createLogger, createMetrics, Health, readConfig, startService } from '@hitonami/service';

const service = openDataService({ onServed: (url) => process.stdout.write(`${url}\n`) });
const running = await startService(service, readConfig(openDataSchema, process.env), {
  logger: createLogger({ service: 'open-data', level: 'error' }),
  metrics: createMetrics('open-data'),
  health: new Health(),
});
process.stdin.resume().once('end', async () => {
  await running.stop();
  process.exit(0);
});
