/** Under this a difference may be the resolution of the header (a second) and the way: no correction, ms. */
const TRUSTED_MS = 1_500;
let aheadMs = 0;

/** Learns from the `date` header of an answer how far this device's clock is off the server's. */
export function learnServerClock(header: string | null, sentMs: number, gotMs: number): void {
  const said = header === null ? Number.NaN : Date.parse(header);
  if (Number.isNaN(said)) return;
  const differenceMs = said + 500 - (sentMs + gotMs) / 2;
  aheadMs = Math.abs(differenceMs) < TRUSTED_MS ? 0 : differenceMs;
}

/** The server's time now, ms since 1970: what ages and durations are counted with. */
export function serverNow(): number {
  return Date.now() + aheadMs;
}
