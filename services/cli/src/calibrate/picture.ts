import { readFile } from 'node:fs/promises';
import { HitonamiError } from '@hitonami/model';
import type { PictureSize } from '@hitonami/vision';
import sharp from 'sharp';

const PICTURE_BYTES_MAX = 64 * 1024 * 1024;

/** @throws HitonamiError `INPUT` for a file that cannot be read, or is too large */
export async function readPicture(file: string): Promise<Buffer> {
  try {
    const picture = await readFile(file);
    if (picture.length <= PICTURE_BYTES_MAX) return picture;
  } catch (cause) {
    throw new HitonamiError('INPUT', `${file} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
  throw new HitonamiError('INPUT', `${file} is larger than ${PICTURE_BYTES_MAX} bytes`);
}

/**
 * As it is shown: turned as its camera was held.
 * @throws HitonamiError `INPUT` for a file that is no picture
 */
export async function sizeOfPicture(file: string): Promise<PictureSize> {
  const picture = await readPicture(file);
  try {
    const { width, height } = (await sharp(picture).metadata()).autoOrient;
    return { width, height };
  } catch (cause) {
    const why = (cause as Error).message;
    throw new HitonamiError('INPUT', `${file}: the picture cannot be read: ${why}`, { cause });
  }
}
