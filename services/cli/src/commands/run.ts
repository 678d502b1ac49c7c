import { aggregatorService } from '@hitonami/aggregator';
import { cameraService } from '@hitonami/camera';
import { ingestorService } from '@hitonami/ingestor';
import { runService, type Environment } from '@hitonami/service';
import { HitonamiError } from '@hitonami/model';
import { warehouseService } from '../warehouse-service.js';

/** The services that can run alone, each from its own environment. */
const SERVICES = {
  camera: (environment: Environment) => runService(cameraService(), { environment }),
  ingestor: (environment: Environment) => runService(ingestorService(), { environment }),
  aggregator: (environment: Environment) => runService(aggregatorService, { environment }),
  // Loaded where it is wanted: it is the heaviest of all, and most commands start without it.
  console: async (environment: Environment) =>
    runService((await import('@hitonami/console')).consoleService(), { environment }),
  warehouse: (environment: Environment) => runService(warehouseService, { environment }),
};

export const SERVICE_NAMES = Object.keys(SERVICES);

/** `hitonami run <service>`: one service as this process. @returns the exit code */
export function run(name: string, environment: Environment): Promise<number> {
  const start = SERVICES[name as keyof typeof SERVICES] as
    ((environment: Environment) => Promise<number>) | undefined;
  if (!start) {
    throw new HitonamiError(
      'INPUT',
      `there is no service '${name}'; there are ${SERVICE_NAMES.join(', ')}`,
    );
  }
  return start(environment);
}
