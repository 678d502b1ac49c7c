import type { SiteGeometry } from '@hitonami/crowd';

type FloorRaster = SiteGeometry['floors'][number];

/**
 * The least that counting people in areas can cost: find the columns of x and y in the message, look every person's cell
 * up, count its areas. No check, no ownership, no window, no track; only here to be measured against.
 */
export class BareLoop {
  readonly counts: Int32Array;
  people = 0;
  private readonly raster: FloorRaster;

  constructor(site: SiteGeometry) {
    const raster = site.floors[0];
    if (raster === undefined) throw new Error('a site without floors');
    this.raster = raster;
    this.counts = new Int32Array(site.areas.length);
  }

  message(bytes: Uint8Array): void {
    const view = viewOf(bytes);
    const end = bytes.length;
    let [xAt, yAt, count] = [0, 0, 0];
    let at = 1;
    while ((bytes[at++] as number) >= 0x80);
    while (at < end) {
      let tag = bytes[at++] as number;
      if (tag >= 0x80) tag = (tag & 0x7f) | ((bytes[at++] as number) << 7);
      const wireType = tag & 7;
      if (wireType === 0) while ((bytes[at++] as number) >= 0x80);
      else if (wireType === 1) at += 8;
      else {
        let length = bytes[at++] as number;
        if (length >= 0x80) length = (length & 0x7f) | ((bytes[at++] as number) << 7);
        if (tag >>> 3 === 17) [xAt, count] = [at, length / 4];
        else if (tag >>> 3 === 18) yAt = at;
        at += length;
      }
    }
    const { counts, raster } = this;
    const { minXMm, minYMm, cellMm, columns, rows, cellClass, classes } = raster;
    xAt += bytes.byteOffset;
    yAt += bytes.byteOffset;
    this.people += count;
    for (let i = 0; i < count; i++) {
      const column = Math.floor((view.getInt32(xAt + 4 * i, true) - minXMm) / cellMm);
      const row = Math.floor((view.getInt32(yAt + 4 * i, true) - minYMm) / cellMm);
      if (column < 0 || row < 0 || column >= columns || row >= rows) continue;
      const inside = classes[cellClass[row * columns + column] as number]?.inside;
      if (inside === undefined) continue;
      for (let k = 0; k < inside.length; k++) {
        const area = inside[k] as number;
        counts[area] = (counts[area] as number) + 1;
      }
    }
  }
}

let lastBuffer: ArrayBufferLike | undefined;
let lastView: DataView = new DataView(new ArrayBuffer(0));

function viewOf(bytes: Uint8Array): DataView {
  if (bytes.buffer !== lastBuffer) {
    lastBuffer = bytes.buffer;
    lastView = new DataView(bytes.buffer);
  }
  return lastView;
}
