import { lookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { HitonamiError } from '@hitonami/model';
import { signWebhook, WEBHOOK_IDEMPOTENCY_KEY, WEBHOOK_SIGNATURE } from '@hitonami/service';

/** An endpoint that has not answered after this long has not answered, ms. */
const TIMEOUT_MS = 5_000;

/** Networks of IPv4 that are nobody's on the internet (RFC 6890 and what came after). */
const NOT_PUBLIC_4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const;
/** Of IPv6 what is public lies in 2000::/3, but for these: some of them carry an address of IPv4 within. */
const PUBLIC_6 = ['2000::', 3] as const;
const NOT_PUBLIC_6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const notPublic = new BlockList();
for (const [network, prefix] of NOT_PUBLIC_4) notPublic.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of NOT_PUBLIC_6) notPublic.addSubnet(network, prefix, 'ipv6');
const public6 = new BlockList();
public6.addSubnet(...PUBLIC_6, 'ipv6');

/** Whether an address can be reached from the whole internet; what is no address is none. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !notPublic.check(address, 'ipv4');
  return family === 6 && public6.check(address, 'ipv6') && !notPublic.check(address, 'ipv6');
}

export interface TargetRules {
  /** Addresses within a house, and this machine without TLS, may be told too. */
  readonly allowsPrivate: boolean;
}

/** What is wrong with the address of a webhook before anybody looks up its name; undefined: nothing. */
export function targetProblem(
  text: string,
  { allowsPrivate }: TargetRules,
): 'not-url' | 'not-https' | 'has-password' | 'private' | undefined {
  if (!URL.canParse(text)) return 'not-url';
  const { protocol, hostname, username, password } = new URL(text);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const isHere = host === 'localhost' || host === '::1' || /^127\./.test(host);
  if (protocol !== 'https:' && !(protocol === 'http:' && allowsPrivate && isHere))
    return 'not-https';
  if (username !== '' || password !== '') return 'has-password';
  if (allowsPrivate) return undefined;
  const isPrivate = isIP(host) === 0 ? isLocalName(host) : !isPublicAddress(host);
  return isPrivate ? 'private' : undefined;
}

/** A name that only this house knows. Whatever else a name stands for is looked at when it is looked up. */
function isLocalName(host: string): boolean {
  return !host.includes('.') || /\.(?:localhost|local|internal|home\.arpa)\.?$/i.test(host);
}

/** Looks a name up, and refuses it where any of its addresses is not public: what is connected to is what was checked. */
export const publicLookup: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      done(error, []);
      return;
    }
    const [first] = addresses;
    if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address)))
      done(new Error('its name stands for an address that is not public'), []);
    else if (options.all === true) done(null, addresses);
    else done(null, first.address, first.family);
  });
};

export interface SignedPost {
  readonly url: string;
  readonly secret: string;
  readonly body: unknown;
  readonly idempotencyKey: string;
}

/**
 * As `postWebhook` of `@hitonami/service` (the same signature and headers, no redirect is followed), but to an address that a
 * stranger chose: the connection goes to no address that is not public. Resolves when the endpoint has answered with 2xx.
 *
 * @throws HitonamiError `UNAVAILABLE` for any other answer or none, `STOPPED` where the signal is aborted
 */
export async function postSigned(
  { url, secret, body, idempotencyKey }: SignedPost,
  rules: TargetRules,
  signal: AbortSignal,
): Promise<void> {
  const problem = targetProblem(url, rules);
  if (problem !== undefined) throw unavailable(`its address is refused (${problem})`);
  const text = JSON.stringify(body);
  const post = url.startsWith('https:') ? httpsRequest : httpRequest;
  const patience = AbortSignal.timeout(TIMEOUT_MS);
  const status = await new Promise<number>((resolve, reject) => {
    const request = post(
      url,
      {
        method: 'POST',
        agent: false,
        signal: AbortSignal.any([signal, patience]),
        ...(!rules.allowsPrivate && { lookup: publicLookup }),
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
          [WEBHOOK_SIGNATURE]: signWebhook(secret, text, Math.floor(Date.now() / 1000)),
          [WEBHOOK_IDEMPOTENCY_KEY]: idempotencyKey,
        },
      },
      (answer) => {
        resolve(answer.statusCode ?? 0);
        // What it says is of no interest, however long it is.
        answer.destroy();
      },
    );
    request.once('error', reject);
    request.end(text);
  }).catch((cause: unknown) => {
    if (signal.aborted)
      throw new HitonamiError('STOPPED', 'stopped before the webhook had answered', { cause });
    throw unavailable(
      patience.aborted ? `no answer within ${TIMEOUT_MS} ms` : reason(cause),
      cause,
    );
  });
  if (status < 200 || status > 299) throw unavailable(`it answered ${status}`);
}

function reason(cause: unknown): string {
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return cause instanceof Error ? cause.message : 'it could not be reached';
}

function unavailable(why: string, cause?: unknown): HitonamiError {
  return new HitonamiError('UNAVAILABLE', why, {
    canRetry: true,
    ...(cause !== undefined && { cause }),
  });
}
