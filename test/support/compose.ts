import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

const deploy = join(import.meta.dirname, '../../deploy');
const file = join(deploy, 'compose.yaml');

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

/** What Alertmanager's container makes of the configuration that is shipped, told these variables beside its defaults. */
export function filledAlertmanagerConfig(variables: Record<string, string>): string {
  const compose = parse(readFileSync(file, 'utf8')) as {
    services: { alertmanager: { command: [string] } };
  };
  const folder = mkdtempSync(join(tmpdir(), 'hitonami-compose-'));
  try {
    const script = compose.services.alertmanager.command[0]
      .replaceAll('$$', '$')
      .replaceAll('/tmp/', `${folder}/`)
      .replaceAll('/etc/alertmanager/', `${join(deploy, 'alertmanager')}/`)
      .replace(/exec \/bin\/alertmanager.*/, '');
    const env = { PATH: process.env['PATH'], ...composeEnvironment('alertmanager'), ...variables };
    execFileSync('/bin/sh', ['-euc', script], { env });
    return readFileSync(join(folder, 'alertmanager.yml'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
