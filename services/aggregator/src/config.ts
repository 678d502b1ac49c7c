import {
  checkEventLog,
  durationMs,
  eventLogShape,
  httpUrl,
  operationsShape,
  optionalSecret,
  text,
  WEBHOOK_SECRET_LENGTH_MIN,
} from '@hitonami/service';
import { z } from 'zod';

/** Everything that the aggregator can be told, each key under `HITONAMI_`. */
export const aggregatorSchema = z
  .object({
    ...eventLogShape,
    ...operationsShape,
    /** `HITONAMI_WAREHOUSE_URL`: the HTTP interface of ClickHouse, or of the embedded engine. */
    warehouseUrl: httpUrl(),
    warehouseDatabase: text('give the name of a database').default('hitonami'),
    warehouseUser: text('give a user name').optional(),
    warehousePassword: optionalSecret(),
    /** `HITONAMI_DISORDER`: how far out of order the frames of healthy cameras may come. */
    disorder: durationMs(0, 60_000).prefault('500ms'),
    /** `HITONAMI_LATENESS`: for how long a silent camera may hold back the others. */
    lateness: durationMs(100, 600_000).prefault('10s'),
    /** `HITONAMI_RETENTION`: `keep` writes rows that never expire, for the replay of old recordings in a folder of its own. */
    retention: z.enum(['plan', 'keep']).default('plan'),
    /** `HITONAMI_ALERT_WEBHOOK_URL`: is told of every change of an alert, signed with the secret. */
    alertWebhookUrl: httpUrl().optional(),
    alertWebhookSecret: optionalSecret(),
    /** `HITONAMI_CONSOLE_URL`: where people reach the console, for the link in what the webhook is told. */
    consoleUrl: httpUrl().optional(),
  })
  .superRefine(checkEventLog)
  .superRefine(({ alertWebhookUrl, alertWebhookSecret }, context) => {
    const issue = (key: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [key], message });
    };
    const least = `at least ${WEBHOOK_SECRET_LENGTH_MIN} characters that only the receiver knows too`;
    if (alertWebhookSecret === undefined) {
      if (alertWebhookUrl !== undefined)
        issue('alertWebhookSecret', `a webhook is signed: give ${least}`);
      return;
    }
    if (alertWebhookUrl === undefined)
      issue('alertWebhookUrl', 'a secret alone has no effect: give the address of the webhook too');
    if (alertWebhookSecret.reveal().length < WEBHOOK_SECRET_LENGTH_MIN)
      issue('alertWebhookSecret', `is too short: give ${least}`);
  });

export type AggregatorConfig = z.output<typeof aggregatorSchema>;
