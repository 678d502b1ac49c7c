import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { HitonamiError } from '@hitonami/model';
import type { Release } from './releases.js';

/** Longest that a whole download may take, ms. */
const DOWNLOAD_MS_MAX = 300_000;

/**
 * Downloads a release to `path`, and keeps it only where it is the one that is known: its size and SHA-256. Redirects
 * are followed, never from HTTPS to anything less.
 * @throws HitonamiError `UNAVAILABLE` where it cannot be had, `INPUT` where it is another file; nothing is left at `path`
 */
export async function download(
  release: Pick<Release, 'name' | 'url' | 'bytes' | 'sha256'>,
  path: string,
  onBytes: (bytes: number) => void = () => undefined,
  timeoutMs = DOWNLOAD_MS_MAX,
): Promise<void> {
  try {
    await downloadTo(release, path, onBytes, AbortSignal.timeout(timeoutMs));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function downloadTo(
  { name, url, bytes, sha256 }: Pick<Release, 'name' | 'url' | 'bytes' | 'sha256'>,
  path: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const unavailable = (why: string, cause?: unknown): HitonamiError =>
    new HitonamiError(
      'UNAVAILABLE',
      `${name} cannot be fetched from ${url}: ${why}. Is this machine offline, or behind a proxy? Then download it ` +
        `elsewhere and give it to hitonami models add (or a mirror with --from); its SHA-256 must be ${sha256}.`,
      { cause, canRetry: true },
    );
  const response = await fetch(url, { signal }).catch((cause: unknown) => {
    throw unavailable(reasonOf(cause), cause);
  });
  if (url.startsWith('https:') && !response.url.startsWith('https:'))
    throw unavailable(`it redirects to ${response.url}, which is not HTTPS`);
  if (!response.ok || response.body === null)
    throw unavailable(`the server answers ${response.status} ${response.statusText}`.trimEnd());

  const hash = createHash('sha256');
  let received = 0;
  const file = await open(path, 'w');
  try {
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      received += chunk.length;
      if (received > bytes) break;
      hash.update(chunk);
      await file.writeFile(chunk);
      onBytes(received);
    }
    await file.sync();
  } catch (cause) {
    throw unavailable(`the download broke off after ${received} bytes (${reasonOf(cause)})`, cause);
  } finally {
    await file.close();
  }
  const size = received > bytes ? `more than ${bytes}` : `${received}`;
  const found = hash.digest('hex');
  if (received !== bytes || found !== sha256) {
    throw new HitonamiError(
      'INPUT',
      `what ${url} gave is not ${name} as it was released: ${size} bytes with SHA-256 ${received > bytes ? 'not looked at' : found}, ` +
        `not ${bytes} bytes with ${sha256}. It was thrown away.`,
    );
  }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'it took too long';
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
