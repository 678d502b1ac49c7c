import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const file = join(import.meta.dirname, '../../deploy/compose.yaml');

/** The environment that the compose file gives a service, with the defaults of its variables filled in. */
export function composeEnvironment(service: string): Record<string, string> {
  const compose = parse(readFileSync(file, 'utf8'), { merge: true }) as {
    services: Record<string, { environment?: Record<string, string> }>;
  };
  const environment = compose.services[service]?.environment;
  if (!environment) throw new Error(`the compose file gives '${service}' no environment`);
  return Object.fromEntries(
    Object.entries(environment).map(([key, value]) => [
      key,
      value.replace(/\$\{\w+:-([^}]*)\}/g, '$1'),
    ]),
  );
}
