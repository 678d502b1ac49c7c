import { formatAddress, type Address } from '@hitonami/service';
import { startStation } from '../compose.js';
import { untilInterrupted } from '../interrupt.js';
import { readText } from './check.js';

export interface UpOptions {
  data: string;
  model?: string;
  listen: Address;
  metrics: Address;
  warehousePort: number;
}

/** `hitonami up site.json`: everything in one process, until it is interrupted. */
export async function up(
  planFile: string,
  options: UpOptions,
  print: (line: string) => void,
): Promise<void> {
  const station = await startStation({
    dataFolder: options.data,
    planJson: await readText(planFile),
    ...(options.model !== undefined && { model: options.model }),
    grpcAddress: options.listen,
    metricsAddress: options.metrics,
    warehousePort: options.warehousePort,
    recording: false,
  });
  print(`site ${station.plan.site}, version ${station.plan.version}`);
  print(`frames, positions and counts: ${formatAddress(station.doors)} (gRPC)`);
  print(
    `measures: ${station.warehouseUrl} (ClickHouse HTTP), or hitonami sql --data ${options.data} "…"`,
  );
  print(`metrics and health: http://${formatAddress(options.metrics)}/metrics, /healthz, /readyz`);
  print('stop with Ctrl+C');
  await untilInterrupted();
  await station.stop();
}
