import type { Logger } from '@hitonami/service';
import { connect, type MqttClient } from 'mqtt';
import type { Headcount } from '../contract/index.js';
import type { ConsoleMetrics } from '../metrics.js';
import type { HeadcountReceiver } from './receivers.js';

/** The tree of topics that everything is under. */
const ROOT = 'hitonami';
const RECONNECT_MS = 2_000;
const CONNECT_MS = 10_000;
/** Delivered at least once, and kept for who comes later. */
const PUBLISH = { qos: 1, retain: true } as const;

export interface HeadcountMqttOptions {
  /** With user and password, where the broker asks for them. */
  url: string;
  logger: Logger;
  metrics: ConsoleMetrics;
}

/**
 * Publishes counts for the building's systems: the whole of a site under `hitonami/<site>/headcount`, each area under
 * `hitonami/<site>/areas/<area>`, both retained, so that a device that has just been switched on knows. What is not known is
 * null; of what may be sent no more the retained messages are taken away. `hitonami/console` says `online`, and `offline` when the console is gone.
 */
export class HeadcountMqtt implements HeadcountReceiver {
  readonly #options: HeadcountMqttOptions;
  readonly #newest = new Map<string, Headcount>();
  readonly #sent = new Map<string, string>();
  /** The topics of sites of which nothing may be sent. */
  readonly #withheld = new Map<string, readonly string[]>();
  #client: MqttClient | undefined;

  constructor(options: HeadcountMqttOptions) {
    this.#options = options;
  }

  start(): void {
    const { url, logger } = this.#options;
    const client = connect(url, {
      reconnectPeriod: RECONNECT_MS,
      connectTimeout: CONNECT_MS,
      // While the broker is away nothing is queued: the newest of everything is sent when it is back.
      queueQoSZero: false,
      will: { topic: `${ROOT}/console`, payload: Buffer.from('offline'), ...PUBLISH },
    });
    this.#client = client;
    client.on('connect', () => {
      this.#sent.clear();
      this.#publish(`${ROOT}/console`, 'online');
      for (const topics of this.#withheld.values()) this.#clear(topics);
      for (const headcount of this.#newest.values()) this.#tell(headcount);
    });
    client.on('error', (error) => {
      logger.warn({ err: error }, 'the MQTT broker');
    });
  }

  tell(headcount: Headcount): void {
    this.#newest.set(headcount.site, headcount);
    this.#withheld.delete(headcount.site);
    if (this.#client?.connected === true) this.#tell(headcount);
  }

  withhold(site: string, areas: readonly string[]): void {
    const topics = [totalTopic(site), ...areas.map((area) => areaTopic(site, area))];
    this.#newest.delete(site);
    this.#withheld.set(site, topics);
    for (const topic of topics) this.#sent.delete(topic);
    if (this.#client?.connected === true) this.#clear(topics);
  }

  /** Says that it is gone, and goes. */
  async stop(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    if (client.connected) await client.publishAsync(`${ROOT}/console`, 'offline', PUBLISH);
    await client.endAsync(true);
  }

  #tell(headcount: Headcount): void {
    const { site, at, areas } = headcount;
    this.#publish(totalTopic(site), JSON.stringify(headcount));
    for (const { area, ...count } of areas) {
      const text = JSON.stringify(count);
      const topic = areaTopic(site, area);
      if (this.#sent.get(topic) === text) continue;
      this.#sent.set(topic, text);
      this.#publish(topic, JSON.stringify({ at, ...count }));
    }
  }

  /** An empty message takes the place of the retained one, and is not kept. */
  #clear(topics: readonly string[]): void {
    for (const topic of topics) this.#publish(topic, '');
  }

  #publish(topic: string, payload: string): void {
    const { logger, metrics } = this.#options;
    this.#client?.publish(topic, payload, PUBLISH, (error) => {
      metrics.pushed('headcount mqtt', !error);
      if (error) logger.warn({ err: error, topic }, 'a headcount was not taken by the broker');
    });
  }
}

function totalTopic(site: string): string {
  return `${ROOT}/${site}/headcount`;
}

function areaTopic(site: string, area: string): string {
  return `${ROOT}/${site}/areas/${area}`;
}
