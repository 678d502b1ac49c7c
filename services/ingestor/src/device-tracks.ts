/** A device's track unseen for this long has ended, µs. */
const GONE_US = 10_000_000;

interface DeviceTrack {
  number: number;
  seenUs: number;
  xM: number;
  yM: number;
  vxMS: number;
  vyMS: number;
}

/** Gives the track numbers of one device numbers of our own, and speeds to those who come without. */
export class DeviceTracks {
  private readonly tracks = new Map<string, DeviceTrack>();
  private nextNumber = 1;
  private sweptUs = 0;

  /** @returns our number of the track, and its speed since it was last seen (0 at first), m/s */
  step(track: string, capturedUs: number, xM: number, yM: number): DeviceTrack {
    this.sweep(capturedUs);
    const before = this.tracks.get(track);
    const seconds = before ? (capturedUs - before.seenUs) / 1e6 : 0;
    const now: DeviceTrack = {
      number: before?.number ?? this.nextNumber++,
      seenUs: capturedUs,
      xM,
      yM,
      vxMS: before && seconds > 0 ? (xM - before.xM) / seconds : 0,
      vyMS: before && seconds > 0 ? (yM - before.yM) / seconds : 0,
    };
    this.tracks.set(track, now);
    return now;
  }

  private sweep(nowUs: number): void {
    if (nowUs - this.sweptUs < GONE_US) return;
    this.sweptUs = nowUs;
    for (const [track, { seenUs }] of this.tracks)
      if (nowUs - seenUs > GONE_US) this.tracks.delete(track);
  }
}
