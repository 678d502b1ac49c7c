import { HitonamiError } from '@hitonami/model';
import { z } from 'zod';

const TIMEOUT_MS = 5_000;
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

const matcher = z.object({
  name: z.string(),
  value: z.string(),
  isRegex: z.boolean(),
  isEqual: z.boolean().default(true),
});
const silence = z.object({
  id: z.string(),
  status: z.object({ state: z.enum(['active', 'pending', 'expired']) }),
  matchers: z.array(matcher),
  startsAt: z.coerce.date(),
  endsAt: z.coerce.date(),
  updatedAt: z.coerce.date(),
  createdBy: z.string(),
  comment: z.string(),
});
export type Matcher = z.output<typeof matcher>;
export type Silence = z.output<typeof silence>;
export type NewSilence = Pick<
  Silence,
  'matchers' | 'startsAt' | 'endsAt' | 'createdBy' | 'comment'
>;

/** The part of Alertmanager's API v2 that is used. Every fault is `UNAVAILABLE` and may pass. */
export class Alertmanager {
  readonly #url: string;

  constructor(url: string) {
    this.#url = `${url.replace(/\/+$/, '')}/api/v2`;
  }

  async silences(): Promise<Silence[]> {
    return z.array(silence).parse(await this.#ask('GET', '/silences'));
  }

  async add(wanted: NewSilence): Promise<string> {
    const answer = await this.#ask('POST', '/silences', wanted);
    return z.object({ silenceID: z.string() }).parse(answer).silenceID;
  }

  async expire(id: string): Promise<void> {
    await this.#ask('DELETE', `/silence/${encodeURIComponent(id)}`);
  }

  async #ask(method: string, path: string, body?: unknown): Promise<unknown> {
    try {
      const answer = await fetch(`${this.#url}${path}`, {
        method,
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body !== undefined && {
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`it answered ${answer.status}: ${text.slice(0, 200)}`);
      if (text.length > ANSWER_BYTES_MAX) throw new Error(`it answered ${text.length} characters`);
      return text === '' ? undefined : (JSON.parse(text) as unknown);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new HitonamiError('UNAVAILABLE', `Alertmanager at ${this.#url}${path}: ${why}`, {
        cause,
        canRetry: true,
      });
    }
  }
}
