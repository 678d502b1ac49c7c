import { createHmac, timingSafeEqual } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { HitonamiError } from '@hitonami/model';

/** Header of the signature: `t=<unix seconds>,v1=<hex>`, the HMAC-SHA-256 of `<t>.<body>` under the shared secret. */
export const WEBHOOK_SIGNATURE = 'hitonami-signature';
/** Header that is the same for every try of one message: a receiver does what it asks once. */
export const WEBHOOK_IDEMPOTENCY_KEY = 'idempotency-key';

/** An endpoint that has not answered after this long has not answered, ms. */
const TIMEOUT_MS = 5_000;
const RETRY_FIRST_MS = 250;
const RETRY_MAX_MS = 15_000;
/** A signature older or newer than this is refused, so that a message caught on the way cannot be played again, s. */
const TOLERANCE_S = 300;
/** Secrets shorter than this can be guessed, characters. */
export const WEBHOOK_SECRET_LENGTH_MIN = 16;

export interface WebhookTarget {
  url: string;
  secret: string;
  /** Default 5 s. */
  timeoutMs?: number;
}

export interface WebhookMessage {
  /** Sent as JSON. */
  body: unknown;
  idempotencyKey: string;
}

/** The value of the signature header. @param unixS when it was signed, whole seconds since 1970 */
export function signWebhook(secret: string, body: string, unixS: number): string {
  const hex = createHmac('sha256', secret).update(`${unixS}.${body}`).digest('hex');
  return `t=${unixS},v1=${hex}`;
}

/**
 * Whether a signature header is right for a body as it was received, byte for byte, and was made within the last five
 * minutes: what a receiver does before it believes anything.
 */
export function verifyWebhook(
  secret: string,
  header: string | undefined,
  body: string,
  nowS = Date.now() / 1000,
): boolean {
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header ?? '');
  const unixS = Number(match?.[1]);
  if (match === null || Math.abs(nowS - unixS) > TOLERANCE_S) return false;
  const expected = Buffer.from(signWebhook(secret, body, unixS));
  const given = Buffer.from(match[0]);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/**
 * Sends one message once. Resolves when the endpoint has answered with 2xx; redirects are not followed, so that a
 * signed message goes where it was meant to go.
 *
 * @throws HitonamiError `UNAVAILABLE` (can be retried) for any other answer or none, `STOPPED` where the signal is aborted
 */
export async function postWebhook(
  { url, secret, timeoutMs = TIMEOUT_MS }: WebhookTarget,
  { body, idempotencyKey }: WebhookMessage,
  signal?: AbortSignal,
): Promise<void> {
  const text = JSON.stringify(body);
  const patience = AbortSignal.timeout(timeoutMs);
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: 'POST',
      body: text,
      headers: {
        'content-type': 'application/json',
        [WEBHOOK_SIGNATURE]: signWebhook(secret, text, Math.floor(Date.now() / 1000)),
        [WEBHOOK_IDEMPOTENCY_KEY]: idempotencyKey,
      },
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    });
    // What it says is of no interest, but the connection is free again only when it has been read or given up.
    await answer.body?.cancel();
  } catch (cause) {
    if (signal?.aborted === true) throw stopped();
    const why = patience.aborted ? `no answer within ${timeoutMs} ms` : reason(cause);
    throw unavailable(url, why, cause);
  }
  if (!answer.ok) throw unavailable(url, `it answered ${answer.status}`);
}

/** How long to wait before try number `tries` + 1, ms: twice as long each time, up to 15 s. */
export function webhookRetryMs(tries: number): number {
  return Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(tries - 1, 16));
}

/**
 * Sends one message again and again until the endpoint has answered with 2xx.
 *
 * @param onFault told of every try that failed
 * @throws HitonamiError `STOPPED` once the signal is aborted, and nothing else
 */
export async function deliverWebhook(
  target: WebhookTarget,
  message: WebhookMessage,
  { signal, onFault }: { signal: AbortSignal; onFault?: (fault: HitonamiError) => void },
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await postWebhook(target, message, signal);
      return;
    } catch (error) {
      if (!(error instanceof HitonamiError) || !error.canRetry) throw error;
      onFault?.(error);
    }
    await pause(webhookRetryMs(tries), undefined, { signal }).catch((cause: unknown) => {
      throw stopped(cause);
    });
  }
}

/** The address without its path and query, which may hold a token. */
function shownUrl(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'the endpoint';
}

function unavailable(url: string, why: string, cause?: unknown): HitonamiError {
  return new HitonamiError(
    'UNAVAILABLE',
    `the webhook at ${shownUrl(url)} did not take the message: ${why}; it is tried again until it does`,
    { canRetry: true, ...(cause !== undefined && { cause }) },
  );
}

function reason(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  if (inner instanceof Error && 'code' in inner) return String(inner.code);
  return inner instanceof Error ? inner.message : 'it could not be reached';
}

function stopped(cause?: unknown): HitonamiError {
  return new HitonamiError('STOPPED', 'stopped before the webhook had answered', {
    ...(cause !== undefined && { cause }),
  });
}
