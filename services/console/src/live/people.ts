import type { LiveSnapshot as LiveRecord } from '@hitonami/service';
import { PERSON_BYTES, POSITION_UNIT_M, VELOCITY_UNIT_M_S } from '../contract/index.js';

const POSITION_MAX = 0xffff;
const MM_PER_POSITION = POSITION_UNIT_M * 1000;
const MM_S_PER_VELOCITY = VELOCITY_UNIT_M_S * 1000;

/**
 * Everybody in a record as the columns of the contract, base64. Who stands outside of what the columns can say (3.2 km
 * from the origin) is left out; a speed beyond ±12.7 m/s is shown as that.
 *
 * @param origin metres
 */
export function encodePeople(record: LiveRecord, origin: readonly [number, number]): string {
  const { xMm, yMm, vxMmS, vyMmS, floor, kind } = record;
  const bytes = Buffer.allocUnsafe(xMm.length * PERSON_BYTES);
  const [originXMm, originYMm] = [origin[0] * 1000, origin[1] * 1000];
  let at = 0;
  for (let i = 0; i < xMm.length; i += 1) {
    const x = Math.round(((xMm[i] ?? 0) - originXMm) / MM_PER_POSITION);
    const y = Math.round(((yMm[i] ?? 0) - originYMm) / MM_PER_POSITION);
    if (x < 0 || y < 0 || x > POSITION_MAX || y > POSITION_MAX) continue;
    bytes[at] = x & 0xff;
    bytes[at + 1] = x >> 8;
    bytes[at + 2] = y & 0xff;
    bytes[at + 3] = y >> 8;
    bytes[at + 4] = velocity(vxMmS[i]) & 0xff;
    bytes[at + 5] = velocity(vyMmS[i]) & 0xff;
    bytes[at + 6] = floor[i] ?? 0;
    bytes[at + 7] = kind[i] ?? 0;
    at += PERSON_BYTES;
  }
  return bytes.toString('base64', 0, at);
}

function velocity(mmS = 0): number {
  return Math.max(-128, Math.min(127, Math.round(mmS / MM_S_PER_VELOCITY)));
}
