import { runService, type Environment } from '@hitonami/service';
import { HitonamiError } from '@hitonami/model';

/** The services that can run alone, each from its own environment, each loaded where it is wanted. */
const SERVICES = {
  camera: async (environment: Environment) =>
    runService((await import('@hitonami/camera')).cameraService(), { environment }),
  ingestor: async (environment: Environment) =>
    runService((await import('@hitonami/ingestor')).ingestorService(), { environment }),
  aggregator: async (environment: Environment) =>
    runService((await import('@hitonami/aggregator')).aggregatorService, { environment }),
  console: async (environment: Environment) =>
    runService((await import('@hitonami/console')).consoleService(), { environment }),
  publisher: async (environment: Environment) =>
    runService((await import('@hitonami/publisher')).publisherService(), { environment }),
  'open-data': async (environment: Environment) =>
    runService((await import('@hitonami/open-data')).openDataService(), { environment }),
  warehouse: async (environment: Environment) =>
    runService((await import('../warehouse-service.js')).warehouseService, { environment }),
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
