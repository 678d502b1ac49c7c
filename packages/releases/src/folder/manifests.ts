import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleaseFile, ReleaseManifest } from '@hitonami/model';
import { CHECKSUMS, isFileName, MANIFEST, type PeriodPlace } from './layout.js';

/** Larger ones are damaged, bytes. */
const MANIFEST_BYTES_MAX = 4 * 1024 * 1024;

/** In the form of `sha256sum`, so that anybody checks a download with `sha256sum -c`. */
export function checksumsText(files: readonly Pick<ReleaseFile, 'name' | 'sha256'>[]): string {
  return files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('');
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * The manifest of a release's folder. What was written is believed where its checksum is right and it lies where it says; each of its
 * files must be there, whole as far as its length tells.
 *
 * @throws Error that says what is wrong with it
 */
export async function readManifest(
  folder: string,
  place: PeriodPlace & { version: number },
): Promise<ReleaseManifest> {
  const path = join(folder, MANIFEST);
  const status = await lstat(path);
  if (!status.isFile()) throw new Error('the manifest is no plain file');
  if (status.size > MANIFEST_BYTES_MAX) throw new Error('the manifest is too large');
  const bytes = await readFile(path);
  const sums = await readFile(join(folder, CHECKSUMS), 'utf8');
  if (!sums.split('\n').includes(`${sha256(bytes)}  ${MANIFEST}`))
    throw new Error(
      `the manifest is not the one that ${CHECKSUMS} names: it was damaged or changed`,
    );
  const manifest = JSON.parse(bytes.toString('utf8')) as ReleaseManifest;
  const { site, dataset, period, version, files } = manifest;
  if (
    site !== place.site ||
    dataset.id !== place.dataset ||
    dataset.audience !== place.audience ||
    period !== place.period ||
    version !== place.version
  )
    throw new Error('the manifest is of another release than its folder');
  for (const file of files) await checkFile(folder, file);
  return manifest;
}

async function checkFile(folder: string, { name, bytes }: ReleaseFile): Promise<void> {
  if (!isFileName(name)) throw new Error(`${JSON.stringify(name)} is no name of a file`);
  const status = await lstat(join(folder, name));
  if (!status.isFile()) throw new Error(`${name} is no plain file`);
  if (status.size !== bytes)
    throw new Error(
      `${name} has ${status.size} bytes instead of ${bytes}: it was damaged or changed`,
    );
}
