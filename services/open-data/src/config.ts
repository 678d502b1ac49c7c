import {
  address,
  checkEventLog,
  eventLogShape,
  httpUrl,
  list,
  operationsShape,
  optionalSecret,
} from '@hitonami/service';
import { z } from 'zod';
import { isAddressOrNetwork, PROXY_PREFIX_MIN } from './http/networks.js';

const METRICS_SOURCES_MAX = 100;

/** Everything that the public's service can be told, each key under `HITONAMI_`. */
export const openDataSchema = z
  .object({
    ...eventLogShape,
    ...operationsShape,
    /** `HITONAMI_PUBLIC_ADDRESS`: where the public's pages are served. Beyond this machine put TLS before it. */
    publicAddress: address().prefault('127.0.0.1:8090'),
    /** `HITONAMI_PUBLIC_URL`: the address that the public knows, on notices and as a QR code; left out, `http://` and the address. */
    publicUrl: httpUrl().optional(),
    /** `HITONAMI_PUBLIC_PROXIES`: addresses or networks of the proxies that may say for whom they ask; nobody else is believed. */
    publicProxies: list('must be addresses, separated by commas').optional(),
    /** `HITONAMI_RECORDS_URL`: PostgreSQL; left out, embedded in the data folder, which one process has. */
    recordsUrl: optionalSecret(),
    /** `HITONAMI_METRICS_SOURCES`: the `/metrics` addresses of all ingestors; their figures of frames are shown. */
    metricsSources: list('must be addresses such as http://127.0.0.1:9464/metrics').optional(),
    /** `HITONAMI_RISK_REPORTS`: files that `hitonami audit` writes; the notices tell their figures. */
    riskReports: list('must be paths of risk-report.json files, separated by commas').optional(),
  })
  .superRefine(checkEventLog)
  .superRefine(({ publicProxies = [], metricsSources = [] }, context) => {
    const problem = (path: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message });
    };
    for (const proxy of publicProxies)
      if (!isAddressOrNetwork(proxy))
        problem(
          'publicProxies',
          `'${proxy}' must be an IP address or a network such as 10.1.0.0/16 of at least ${PROXY_PREFIX_MIN} bits`,
        );
    if (metricsSources.length > METRICS_SOURCES_MAX)
      problem('metricsSources', `name at most ${METRICS_SOURCES_MAX}`);
    for (const source of metricsSources)
      if (!/^https?:\/\/[^/@]+\//.test(source))
        problem(
          'metricsSources',
          `'${source}' must be an http:// or https:// address with its path`,
        );
  });

export type OpenDataConfig = z.output<typeof openDataSchema>;
