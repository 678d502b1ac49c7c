import {
  environmentKey,
  followPlans,
  formatAddress,
  grpcSecurityShape,
  type Address,
  type Environment,
} from '@hitonami/service';
import { commandLogger } from '../command-logger.js';
import { withStation, type Station } from '../compose.js';
import { countsPurpose } from '../counts-purpose.js';
import { untilInterrupted } from '../interrupt.js';
import { readText } from '../read-text.js';

export interface UpOptions {
  data: string;
  model?: string;
  listen: Address;
  metrics: Address;
  console: Address;
  public?: Address;
  publicUrl?: string;
  riskReport?: string;
  warehousePort: number;
}

/**
 * `hitonami up site.json`: everything in one process, until it is interrupted. Of the environment it takes the transport
 * security of `--listen`, and nothing else.
 */
export async function up(
  planFile: string,
  options: UpOptions,
  environment: Environment,
  print: (line: string) => void,
): Promise<void> {
  const stationOptions = {
    dataFolder: options.data,
    planJson: await readText(planFile),
    ...(options.model !== undefined && { model: options.model }),
    grpcAddress: options.listen,
    grpcSecurity: securityOf(environment),
    metricsAddress: options.metrics,
    consoleAddress: options.console,
    ...(options.public && { publicAddress: options.public }),
    ...(options.publicUrl !== undefined && { publicUrl: options.publicUrl }),
    ...(options.riskReport !== undefined && { riskReport: options.riskReport }),
    warehousePort: options.warehousePort,
    recording: false,
  };
  await withStation(stationOptions, async (station) => {
    // Listened for before anybody is told of it.
    const interrupted = untilInterrupted();
    print(await siteLine(station));
    print(`frames, positions and counts: ${formatAddress(station.doors)} (gRPC)`);
    print(`console: ${consoleLink(station.console)}`);
    if (station.publicUrl !== undefined) print(`the public’s pages: ${station.publicUrl}`);
    print(
      `measures: ${station.warehouseUrl} (ClickHouse HTTP), or hitonami sql --data ${options.data} --purpose ${countsPurpose(station.plan)} "…"`,
    );
    print(
      `metrics and health: http://${formatAddress(station.metrics ?? options.metrics)}/metrics, /healthz, /readyz`,
    );
    print('stop with Ctrl+C');
    await Promise.race([interrupted, station.failed]);
  });
}

function securityOf(environment: Environment): Environment {
  const keys = Object.keys(grpcSecurityShape).map((field) => environmentKey(field));
  return Object.fromEntries(keys.map((key) => [key, environment[key]]));
}

/** Where the console is; while it has no user, the link makes the first administrator. */
function consoleLink(served: Station['console']): string {
  if (served?.setupToken === undefined) return served?.url ?? '';
  return `${served.url}/?token=${served.setupToken} (makes its first administrator; once)`;
}

/** The version in force, which is another than the given one where that is to come, or was superseded. */
async function siteLine({ log, plan }: Station): Promise<string> {
  const plans = await followPlans(log, commandLogger('up', 'warn'));
  await plans.stop();
  const inForce = plans.at(plan.site, Date.now() * 1000);
  const line = `site ${plan.site}, version ${inForce?.version ?? 'none'} is in force`;
  if (inForce?.version === plan.version) return line;
  const given = plans.versions(plan.site).find((item) => item.plan.version === plan.version);
  const from = new Date((given?.inForceFromUs ?? 0) / 1000).toISOString();
  return plan.version < (inForce?.version ?? 0)
    ? `${line}; the given version ${plan.version} is on the log already, and is superseded`
    : `${line}; version ${plan.version} is from ${from}`;
}
