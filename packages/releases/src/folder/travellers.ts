import { randomUUID } from 'node:crypto';
import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { destroy, isAbsent, makeFolder, readWhereThere, writeWhole } from '../files/disk.js';
import type { TravellerNow, TravellerPicture } from '../port.js';
import { isFileName, NOW } from './layout.js';
import { sha256 } from './manifests.js';

/** A reader that meets a picture just taken away reads again; each time another one was written meanwhile. */
const READS_MAX = 5;
const DESTROYS_MAX = 3;

type PictureKind = 'icons' | 'still';

interface PictureName {
  readonly name: string;
  readonly sha256: string;
}

/** What `now.json` holds: the place, and which files its pictures are. */
interface NowFile {
  readonly now: TravellerNow;
  readonly pictures: Partial<Record<PictureKind, PictureName>>;
}

/**
 * Replaces what is told about a place: new pictures under new names, then `now.json` that names them, then every other picture is
 * overwritten and removed.
 */
export async function writeNow(
  folder: string,
  now: TravellerNow,
  picture: { svg: string; still?: Uint8Array },
): Promise<void> {
  await makeFolder(folder);
  const pictures: Partial<Record<PictureKind, PictureName>> = {
    icons: await writePicture(folder, Buffer.from(picture.svg, 'utf8')),
    ...(picture.still === undefined ? {} : { still: await writePicture(folder, picture.still) }),
  };
  await writeWhole(join(folder, NOW), JSON.stringify({ now, pictures } satisfies NowFile));
  await destroyBut(
    folder,
    Object.values(pictures).map(({ name }) => name),
  );
}

export async function removeNow(folder: string): Promise<void> {
  try {
    await destroyBut(folder, []);
    await rmdir(folder);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

export async function readNow(folder: string): Promise<NowFile | undefined> {
  const bytes = await readWhereThere(join(folder, NOW));
  return bytes === undefined ? undefined : (JSON.parse(bytes.toString('utf8')) as NowFile);
}

/**
 * A picture of a place, whole: one that was overwritten while it was read has another checksum, and then a newer one is there.
 *
 * @throws Error where none is whole
 */
export async function readPicture(
  folder: string,
  kind: PictureKind,
  nowMs: number,
): Promise<TravellerPicture | undefined> {
  for (let read = 0; read < READS_MAX; read++) {
    const file = await readNow(folder);
    const picture = file?.pictures[kind];
    if (file === undefined || picture === undefined || file.now.untilMs <= nowMs) return undefined;
    if (!isFileName(picture.name)) break;
    const bytes = await readWhereThere(join(folder, picture.name));
    if (bytes !== undefined && sha256(bytes) === picture.sha256)
      return { bytes, mediaType: mediaTypeOf(bytes), sha256: picture.sha256 };
  }
  throw new Error('no picture that now.json names is whole');
}

async function writePicture(folder: string, bytes: Uint8Array): Promise<PictureName> {
  const name = `picture-${randomUUID()}`;
  await writeWhole(join(folder, name), bytes);
  return { name, sha256: sha256(bytes) };
}

/** Also what a publisher that was killed left: everything in the folder that is not named. */
async function destroyBut(folder: string, kept: readonly string[]): Promise<void> {
  for (let i = 0; i < DESTROYS_MAX; i++) {
    const left = (await readdir(folder)).filter(
      (name) => !kept.includes(name) && (name !== NOW || kept.length === 0),
    );
    if (left.length === 0) return;
    for (const name of left) await destroy(join(folder, name));
  }
}

/** By how the bytes begin. */
function mediaTypeOf(bytes: Uint8Array): string {
  const begins = (...first: number[]): boolean => first.every((byte, i) => bytes[i] === byte);
  if (begins(0x89, 0x50, 0x4e, 0x47)) return 'image/png';
  if (begins(0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (begins(0x52, 0x49, 0x46, 0x46)) return 'image/webp';
  return 'image/svg+xml';
}
