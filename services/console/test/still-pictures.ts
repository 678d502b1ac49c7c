import { crc32, deflateSync } from 'node:zlib';

/** The size of the camera's own pictures. */
export const CAMERA = { imageWidth: 1280, imageHeight: 720 };

/** A part of a PNG: length, type, data, check. */
export function chunk(type: string, data: Buffer | string): Buffer {
  const body = Buffer.concat([Buffer.from(type), Buffer.from(data)]);
  const part = Buffer.alloc(body.length + 8);
  part.writeUInt32BE(body.length - 4);
  body.copy(part, 4);
  part.writeUInt32BE(crc32(body), body.length + 4);
  return part;
}

/** A PNG of dark pixels, with more parts before them, or other pixels than its own. */
export function png(width: number, height: number, more: Buffer[] = [], pixels?: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...more,
    chunk('IDAT', pixels ?? deflateSync(rowsOf(width, height))),
    chunk('IEND', ''),
  ]);
}

/** Rows of dark pixels, each behind the byte that says that they are as they are. */
function rowsOf(width: number, height: number): Buffer {
  const rows = Buffer.alloc(height * (1 + width), 40);
  for (let y = 0; y < height; y++) rows[y * (1 + width)] = 0;
  return rows;
}

/** A segment of a JPEG. */
export function segment(marker: number, data: string): Buffer {
  const body = Buffer.from(data);
  return Buffer.concat([
    Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]),
    body,
  ]);
}

/** 32 × 18 pixels of one colour, baseline. */
export const JPEG = Buffer.from(
  '/9j/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAASACADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAAL/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCEBaAAAAAAH//Z',
  'base64',
);

/** 64 × 36 dark pixels with a white square of 8 × 8, in which the tiny detector of the tests sees a person. */
export function pngOfSomebody(): Buffer {
  const [width, height] = [64, 36];
  const rows = rowsOf(width, height);
  for (let y = 16; y < 24; y++) rows.fill(255, y * (1 + width) + 17, y * (1 + width) + 25);
  return png(width, height, [], deflateSync(rows));
}
