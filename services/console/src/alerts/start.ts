import type { EventLog } from '@hitonami/event-log';
import type { Records } from '@hitonami/records';
import type { Logger, PlanFollower, ServiceContext } from '@hitonami/service';
import type { ConsoleConfig } from '../config.js';
import type { LiveHub } from '../live/hub.js';
import type { ConsoleMetrics } from '../metrics.js';
import { Alertmanager } from './alertmanager.js';
import { AlertDesk } from './desk.js';
import { Escalation } from './escalation.js';
import { Silences } from './silences.js';

export interface DeskParts {
  config: ConsoleConfig;
  url: string;
  log: EventLog;
  records: Records;
  plans: PlanFollower;
  hub: LiveHub;
  logger: Logger;
  metrics: ConsoleMetrics;
  own: ServiceContext<ConsoleConfig>['own'];
}

/** Starts the desk with what is configured around it: who is called, and Alertmanager. */
export async function startDesk(parts: DeskParts): Promise<AlertDesk> {
  const { config, url, log, records, plans, hub, logger, metrics, own } = parts;
  const { escalationWebhookUrl, escalationWebhookSecret, alertmanagerUrl } = config;
  const escalation =
    escalationWebhookUrl === undefined || escalationWebhookSecret === undefined
      ? undefined
      : new Escalation({
          target: { url: escalationWebhookUrl, secret: escalationWebhookSecret.reveal() },
          url,
          records,
          planOf: (site) => plans.at(site, Date.now() * 1000),
          logger,
          metrics,
        });
  if (escalation) own({ name: 'escalation', close: () => escalation.stop() });
  const silences =
    alertmanagerUrl === undefined
      ? undefined
      : new Silences({ alertmanager: new Alertmanager(alertmanagerUrl), records, logger });
  const desk = new AlertDesk({
    records,
    plans,
    logger,
    escalation,
    silences,
    show: (site, active) => {
      hub.showAlerts(site, active);
    },
  });
  own({ name: 'alert desk', close: () => desk.stop() });
  await desk.start(log);
  if (silences) {
    silences.start();
    own({ name: 'silences', close: () => silences.stop() });
  }
  return desk;
}
