import { consoleSchema, consoleService } from '@hitonami/console';
import { readConfig, startService } from '@hitonami/service';
import type { WatchedStation } from './station.js';

/** An alert as the console shows it, as far as it is looked at here. */
export interface ShownAlert {
  rule: string;
  subject: string;
  severity: string;
  state: string;
}

/** The real console, and its first administrator who looks at the alerts. */
export interface Desk {
  alerts(site: string): Promise<ShownAlert[]>;
  stop(): Promise<void>;
}

export async function startDesk(station: WatchedStation, alertmanager: string): Promise<Desk> {
  let served = { url: '', token: '' };
  const service = consoleService(({ url, setupToken = '' }) => {
    served = { url, token: setupToken };
  });
  const config = readConfig(consoleSchema, {
    ...station.environment,
    HITONAMI_CONSOLE_ADDRESS: '127.0.0.1:0',
    HITONAMI_ALERTMANAGER_URL: alertmanager,
  });
  const running = await startService(service, config, station.shared);
  const entered = await fetch(`${served.url}/api/v1/session/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      token: served.token,
      name: 'chief',
      password: 'correct horse battery staple',
    }),
  });
  if (!entered.ok) throw new Error(`the console let nobody in: ${await entered.text()}`);
  const cookie = entered.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  return {
    alerts: async (site) => {
      const answer = await fetch(`${served.url}/api/v1/sites/${site}/alerts?state=active`, {
        headers: { cookie },
      });
      if (!answer.ok) throw new Error(`the console does not say: ${await answer.text()}`);
      return (await answer.json()) as ShownAlert[];
    },
    stop: async () => {
      await running.stop();
    },
  };
}
