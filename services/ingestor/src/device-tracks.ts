import { PEOPLE_PER_FRAME_MAX } from '@hitonami/model';

/** A device's track unseen for this long has ended, µs. */
const GONE_US = 10_000_000;
/** Fastest that anything here moves, m/s. */
export const SPEED_MAX_M_S = 100;

interface DeviceTrack {
  number: number;
  seenUs: number;
  xM: number;
  yM: number;
  vxMS: number;
  vyMS: number;
}

/**
 * Gives the track numbers of one device numbers of our own, and speeds to those who come without. As many are remembered as
 * one frame may hold: a device that numbers everybody anew in every frame must not fill the memory.
 */
export class DeviceTracks {
  /** In the order in which they were seen last. */
  private readonly tracks = new Map<string, DeviceTrack>();
  private readonly tracksMax: number;
  private nextNumber = 1;
  private sweptUs = 0;

  constructor(tracksMax = PEOPLE_PER_FRAME_MAX) {
    this.tracksMax = tracksMax;
  }

  /** Tracks remembered now. */
  get size(): number {
    return this.tracks.size;
  }

  /**
   * Capture times rise from call to call. A number that was unseen for more than ten seconds, or jumps faster than anything
   * moves, is somebody else's by now.
   * @returns our number of the track, and its speed since it was last seen (0 at first), m/s
   */
  step(track: string, capturedUs: number, xM: number, yM: number): DeviceTrack {
    this.sweep(capturedUs);
    const before = this.tracks.get(track);
    const unseenUs = before ? capturedUs - before.seenUs : Infinity;
    const seconds = unseenUs / 1e6;
    const [vxMS, vyMS] = before ? [(xM - before.xM) / seconds, (yM - before.yM) / seconds] : [0, 0];
    const isSame =
      before !== undefined &&
      unseenUs > 0 &&
      unseenUs <= GONE_US &&
      Math.hypot(vxMS, vyMS) <= SPEED_MAX_M_S;
    const now: DeviceTrack = isSame
      ? { number: before.number, seenUs: capturedUs, xM, yM, vxMS, vyMS }
      : { number: this.nextNumber++, seenUs: capturedUs, xM, yM, vxMS: 0, vyMS: 0 };
    this.tracks.delete(track);
    this.tracks.set(track, now);
    const oldest = this.tracks.keys().next();
    if (this.tracks.size > this.tracksMax && !oldest.done) this.tracks.delete(oldest.value);
    return now;
  }

  /** Only forgets: whether a track has ended is asked at every step. */
  private sweep(nowUs: number): void {
    if (nowUs - this.sweptUs < GONE_US) return;
    this.sweptUs = nowUs;
    for (const [track, { seenUs }] of this.tracks)
      if (nowUs - seenUs > GONE_US) this.tracks.delete(track);
  }
}
