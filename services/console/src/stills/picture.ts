import { isJpeg, plainJpeg } from './jpeg.js';
import { isPng, plainPng } from './png.js';
import { refusal, type PictureSize } from './refusal.js';

/** Unpacked it may be so large: 64 MiB of memory in a browser. */
export const STILL_PIXELS_MAX = 16_777_216;
/** A picture has another shape than its camera's from so much on. */
const SHAPE_SHARE = 0.01;

export interface CameraPicture {
  readonly imageWidth: number;
  readonly imageHeight: number;
}

export interface PlainPicture extends PictureSize {
  readonly mediaType: 'image/png' | 'image/jpeg';
  readonly bytes: Buffer;
}

/**
 * An uploaded picture as it may be kept and served: recognised by its bytes, not by what it is called; without metadata and
 * without anything before, between or behind its pixels.
 *
 * @param camera the size of the camera's own pictures
 * @throws ProblemError 400 with what is wrong
 */
export function plainPicture(upload: Buffer, camera: CameraPicture): PlainPicture {
  const checkSize = (size: PictureSize): void => {
    checkShape(size, camera);
  };
  if (isPng(upload)) return { ...plainPng(upload, checkSize), mediaType: 'image/png' };
  if (isJpeg(upload)) return { ...plainJpeg(upload, checkSize), mediaType: 'image/jpeg' };
  throw refusal('This is no PNG and no JPEG picture.');
}

function checkShape({ width, height }: PictureSize, camera: CameraPicture): void {
  if (width < 16 || height < 16) throw refusal('The picture is smaller than 16 × 16 pixels.');
  if (width * height > STILL_PIXELS_MAX)
    throw refusal(`The picture has ${width} × ${height} pixels; ${STILL_PIXELS_MAX} are taken.`);
  const ratio = (width * camera.imageHeight) / (height * camera.imageWidth);
  if (Math.abs(ratio - 1) > SHAPE_SHARE)
    throw refusal(
      `The picture is ${width} × ${height}, the camera’s pictures are ${camera.imageWidth} × ${camera.imageHeight}: take it with the same camera and the same crop.`,
    );
}
