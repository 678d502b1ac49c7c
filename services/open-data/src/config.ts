import {
  address,
  boolean,
  httpUrl,
  list,
  operationsShape,
  optionalSecret,
  text,
} from '@hitonami/service';
import { z } from 'zod';
import { isAddressOrNetwork, PROXY_PREFIX_MIN } from './http/networks.js';

/** Everything that the public's service can be told, each key under `HITONAMI_`. */
export const openDataSchema = z
  .object({
    /** `HITONAMI_DATA`: the folder that everything embedded lives in: the records, and the public folder unless it is named. */
    data: text('give the path of a folder').default('.hitonami'),
    /** `HITONAMI_PUBLIC_FOLDER`: what the publisher writes and this serves; left out, `public` in the data folder. */
    publicFolder: text('give the path of the folder that the publisher writes').optional(),
    ...operationsShape,
    /** `HITONAMI_PUBLIC_ADDRESS`: where the public's pages are served. Beyond this machine put TLS before it. */
    publicAddress: address().prefault('127.0.0.1:8090'),
    /** `HITONAMI_PUBLIC_URL`: the address that the public knows, on notices and as a QR code; left out, `http://` and the address. */
    publicUrl: httpUrl().optional(),
    /** `HITONAMI_PUBLIC_PROXIES`: addresses or networks of the proxies that may say for whom they ask; nobody else is believed. */
    publicProxies: list('must be addresses, separated by commas').optional(),
    /** `HITONAMI_RECORDS_URL`: PostgreSQL; left out, embedded in the data folder, which one process has. */
    recordsUrl: optionalSecret(),
    /** `HITONAMI_BUYERS_PRIVATE_WEBHOOKS`: whether a buyer may be told of releases at an address within a house, or on this machine. */
    buyersPrivateWebhooks: boolean().default(false),
    /** `HITONAMI_RISK_REPORTS`: files that `hitonami audit` writes; the notices tell their figures. */
    riskReports: list('must be paths of risk-report.json files, separated by commas').optional(),
  })
  .superRefine(({ publicProxies = [] }, context) => {
    const problem = (path: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message });
    };
    for (const proxy of publicProxies)
      if (!isAddressOrNetwork(proxy))
        problem(
          'publicProxies',
          `'${proxy}' must be an IP address or a network such as 10.1.0.0/16 of at least ${PROXY_PREFIX_MIN} bits`,
        );
  });

export type OpenDataConfig = z.output<typeof openDataSchema>;
