import { HitonamiError } from '@hitonami/model';
import type { Environment, Service } from '@hitonami/service';
import type { z } from 'zod';

/** The services that can run alone, each from its own environment, each loaded where it is wanted. */
const SERVICES = {
  camera: async (environment: Environment) =>
    serve((await import('@hitonami/camera')).cameraService(), environment),
  ingestor: async (environment: Environment) =>
    serve((await import('@hitonami/ingestor')).ingestorService(), environment),
  aggregator: async (environment: Environment) =>
    serve((await import('@hitonami/aggregator')).aggregatorService, environment),
  console: async (environment: Environment) =>
    serve((await import('@hitonami/console')).consoleService(), environment),
  publisher: async (environment: Environment) =>
    serve((await import('@hitonami/publisher')).publisherService(), environment),
  'open-data': async (environment: Environment) =>
    serve((await import('@hitonami/open-data')).openDataService(), environment),
  warehouse: async (environment: Environment) =>
    serve((await import('../warehouse-service.js')).warehouseService, environment),
};

export const SERVICE_NAMES = Object.keys(SERVICES);

/** The code of services is loaded where one is run: the command line alone starts sooner without. */
async function serve<S extends z.ZodObject>(
  service: Service<z.output<S>> & { schema: S },
  environment: Environment,
): Promise<number> {
  const { runService } = await import('@hitonami/service');
  return runService(service, { environment });
}

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
