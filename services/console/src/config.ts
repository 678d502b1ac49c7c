import { isIP } from 'node:net';
import {
  address,
  checkEventLog,
  eventLogShape,
  grpcSecurityShape,
  httpUrl,
  list,
  operationsShape,
  optionalSecret,
  text,
} from '@hitonami/service';
import { z } from 'zod';

const METRICS_SOURCES_MAX = 100;
/** A wider network than this is no proxy's, bits. */
const PROXY_PREFIX_MIN = 8;

/** Everything that the console can be told, each key under `HITONAMI_`. */
export const consoleSchema = z
  .object({
    ...eventLogShape,
    ...operationsShape,
    ...grpcSecurityShape,
    /** `HITONAMI_CONSOLE_ADDRESS`: where the console is served. Beyond this machine put TLS before it. */
    consoleAddress: address().prefault('127.0.0.1:8080'),
    /** `HITONAMI_CONSOLE_URL`: the origin that browsers reach it at; left out, `http://` and the address. Cookies are `Secure` under https. */
    consoleUrl: httpUrl().optional(),
    /** `HITONAMI_CONSOLE_PROXIES`: addresses or networks of the proxies that may say for whom they ask, as `10.0.0.5,10.1.0.0/16`; nobody else is believed. */
    consoleProxies: list('must be addresses, separated by commas').optional(),
    /** `HITONAMI_RECORDS_URL`: PostgreSQL, as `postgres://user:password@host/database`; left out, embedded in the data folder. */
    recordsUrl: optionalSecret(),
    /** `HITONAMI_WAREHOUSE_URL`: the HTTP interface of ClickHouse; left out, the embedded engine that runs in the data folder. */
    warehouseUrl: httpUrl().optional(),
    warehouseDatabase: text('give the name of a database').default('hitonami'),
    warehouseUser: text('give a user name').optional(),
    warehousePassword: optionalSecret(),
    /** `HITONAMI_INGESTOR_ADDRESS`: whose detector looks whether the picture of an empty place is empty; without one none is kept. */
    ingestorAddress: address().optional(),
    /** `HITONAMI_OIDC_ISSUER`: sign-in through OpenID Connect is offered where it is set. */
    oidcIssuer: httpUrl().optional(),
    oidcClientId: text('give the id that the provider knows the console by').optional(),
    oidcClientSecret: optionalSecret(),
    /** `HITONAMI_OIDC_ROLES`: which value of the claim `roles` or `groups` gives which role, as `station-staff=operator,it=administrator`. */
    oidcRoles: list('must be value=role, separated by commas').optional(),
    /** `HITONAMI_METRICS_SOURCES`: the `/metrics` addresses of the services that the system view tells of. */
    metricsSources: list('must be addresses such as http://127.0.0.1:9464/metrics').optional(),
    /** `HITONAMI_ALERTMANAGER_URL`: acknowledging here and silencing there are one state. */
    alertmanagerUrl: httpUrl().optional(),
    /** `HITONAMI_ESCALATION_WEBHOOK_URL`: told of an alert that nobody acknowledged in time. */
    escalationWebhookUrl: httpUrl().optional(),
    escalationWebhookSecret: optionalSecret(),
    /** `HITONAMI_HEADCOUNT_WEBHOOK_URL`: told how many people are where, whenever that has changed. */
    headcountWebhookUrl: httpUrl().optional(),
    headcountWebhookSecret: optionalSecret(),
    /**
     * `HITONAMI_HEADCOUNT_RECIPIENT`: the recipient of the site plans that the webhook and the broker belong to, the operator or
     * who works for it; of a site whose plan says otherwise nothing is sent.
     */
    headcountRecipient: text('give the id of a recipient of the site plans').optional(),
    /** `HITONAMI_MQTT_URL`: `mqtt://` or `mqtts://`, with user and password where the broker asks for them. */
    mqttUrl: optionalSecret(),
  })
  .superRefine(checkEventLog)
  .superRefine((config, context) => {
    const problem = (path: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message });
    };
    if (config.oidcIssuer !== undefined && config.oidcClientId === undefined)
      problem('oidcClientId', 'give the id that the provider of HITONAMI_OIDC_ISSUER knows');
    for (const role of config.oidcRoles ?? [])
      if (!/^[^=]+=(viewer|operator|engineer|administrator)$/.test(role))
        problem('oidcRoles', `'${role}' must be value=viewer, operator, engineer or administrator`);
    for (const proxy of config.consoleProxies ?? [])
      if (!isAddressOrNetwork(proxy))
        problem(
          'consoleProxies',
          `'${proxy}' must be an IP address or a network such as 10.1.0.0/16 of at least ${PROXY_PREFIX_MIN} bits`,
        );
    const sources = config.metricsSources ?? [];
    if (sources.length > METRICS_SOURCES_MAX)
      problem('metricsSources', `name at most ${METRICS_SOURCES_MAX}`);
    for (const source of sources)
      if (!/^https?:\/\/[^/@]+\//.test(source))
        problem(
          'metricsSources',
          `'${source}' must be an http:// or https:// address with its path`,
        );
    for (const [url, key] of [
      [config.escalationWebhookUrl, 'escalationWebhookSecret'],
      [config.headcountWebhookUrl, 'headcountWebhookSecret'],
    ] as const) {
      if (url !== undefined && config[key] === undefined)
        problem(key, 'a webhook is signed: give the secret that its receiver checks');
    }
    const hasReceiver = config.headcountWebhookUrl !== undefined || config.mqttUrl !== undefined;
    if (hasReceiver && config.headcountRecipient === undefined)
      problem(
        'headcountRecipient',
        'exact headcounts go to the operator or who works for it alone: give the id of the recipient, in the site plans, that HITONAMI_HEADCOUNT_WEBHOOK_URL and HITONAMI_MQTT_URL belong to',
      );
    if (config.mqttUrl !== undefined && !/^(mqtts?|wss?):\/\/./.test(config.mqttUrl.reveal()))
      problem('mqttUrl', 'must begin with mqtt://, mqtts://, ws:// or wss://');
  });

/** A name is not believed, and nor is half of the internet. */
function isAddressOrNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  if (prefix === undefined) return true;
  const bits = Number(prefix);
  return /^\d{1,3}$/.test(prefix) && bits >= PROXY_PREFIX_MIN && bits <= (family === 4 ? 32 : 128);
}

export type ConsoleConfig = z.output<typeof consoleSchema>;
