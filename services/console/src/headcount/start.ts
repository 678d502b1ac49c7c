import type { Logger, PlanFollower, ServiceContext } from '@hitonami/service';
import type { ConsoleConfig } from '../config.js';
import type { Audience } from '../live/audience.js';
import type { LiveHub } from '../live/hub.js';
import type { ConsoleMetrics } from '../metrics.js';
import { HeadcountBoard } from './board.js';
import { HeadcountMqtt } from './mqtt.js';
import { HeadcountReceivers, type HeadcountReceiver } from './receivers.js';
import { HeadcountWebhook } from './webhook.js';

export interface HeadcountParts {
  config: ConsoleConfig;
  plans: PlanFollower;
  hub: LiveHub;
  audience: Audience;
  logger: Logger;
  metrics: ConsoleMetrics;
  own: ServiceContext<ConsoleConfig>['own'];
}

/** Starts the counting with whoever is configured to be told. */
export function startHeadcount(parts: HeadcountParts): HeadcountBoard {
  const { config, plans, hub, audience, logger, metrics, own } = parts;
  const told: HeadcountReceiver[] = [];
  const { headcountWebhookUrl: url, headcountWebhookSecret: secret, mqttUrl } = config;
  const { headcountRecipient: recipient } = config;
  if (url !== undefined && secret !== undefined) {
    const target = { url, secret: secret.reveal() };
    const webhook = new HeadcountWebhook({ target, logger, metrics });
    own({ name: 'headcount webhook', close: () => webhook.stop() });
    told.push(webhook);
  }
  if (mqttUrl !== undefined) {
    const mqtt = new HeadcountMqtt({ url: mqttUrl.reveal(), logger, metrics });
    mqtt.start();
    own({ name: 'headcount mqtt', close: () => mqtt.stop() });
    told.push(mqtt);
  }
  // The configuration is refused where there are receivers that belong to nobody.
  const receivers =
    recipient === undefined || told.length === 0
      ? undefined
      : new HeadcountReceivers({ receivers: told, recipient, plans, logger, metrics });
  const board = new HeadcountBoard({ plans, hub, audience, receivers });
  board.start();
  own({
    name: 'headcount',
    close: () => {
      board.stop();
    },
  });
  return board;
}
