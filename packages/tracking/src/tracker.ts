import { HitonamiError } from '@hitonami/model';
import { checkDetection, compareDetections, type PlaneDetection } from './detection.js';
import { Matcher } from './matcher.js';
import { floorPlaneOptions, type TrackerOptions } from './options.js';
import { Track } from './track.js';

/** A detection that belongs to a believed track. */
export interface TrackedDetection {
  /** Index in the frame's input. */
  detection: number;
  /** Number of the track: a small integer, unique in this tracker. */
  track: number;
  /** Filtered position, plane units. */
  x: number;
  y: number;
  /** Filtered velocity, plane units/s. */
  vx: number;
  vy: number;
}

const MICROSECONDS_PER_SECOND = 1e6;

/**
 * Follows people through the frames of one camera.
 *
 * Association in stages, as in ByteTrack (Zhang et al., ECCV 2022): believed tracks with the confident
 * detections, the rest of them with the weak ones, then tracks not yet believed with the confident
 * detections that are left; what is still left and confident starts a track. Ages are in seconds, since
 * frames may be shed. The outcome depends on the frames alone, never on the order of the detections in one.
 */
export class Tracker {
  readonly #options: TrackerOptions;
  readonly #matcher: Matcher;
  #tracks: Track[] = [];
  #lastNumber = 0;
  #lastUs: number | undefined;
  #ended: number[] = [];

  constructor(options: TrackerOptions = floorPlaneOptions()) {
    this.#options = options;
    this.#matcher = new Matcher(options);
  }

  /** Numbers of the tracks that the last step gave up. */
  get ended(): readonly number[] {
    return this.#ended;
  }

  /** Tracks held now, believed or not, seen or coasting. */
  get size(): number {
    return this.#tracks.length;
  }

  /**
   * Takes in a frame and returns the detections of believed tracks, in the order of the track numbers.
   *
   * @param capturedUs capture time, microseconds; must rise from call to call
   * @throws HitonamiError `INPUT` where the time does not rise, or a detection is malformed or one too many;
   *   the tracker is then as before the call
   */
  step(capturedUs: number, detections: readonly PlaneDetection[]): TrackedDetection[] {
    this.#check(capturedUs, detections);
    const dt =
      this.#lastUs === undefined ? 0 : (capturedUs - this.#lastUs) / MICROSECONDS_PER_SECOND;
    const isFirst = this.#lastUs === undefined;
    this.#lastUs = capturedUs;

    const order = this.#canonicalOrder(detections);
    const sorted = order.map((index) => detections[index] as PlaneDetection);
    const trackOf = new Array<Track | undefined>(sorted.length).fill(undefined);
    this.#ended = [];
    this.#giveUp(capturedUs, this.#options.coastS);
    for (const track of this.#tracks) track.predict(dt);
    this.#associate(capturedUs, sorted, trackOf);
    // Only now, so that whoever was seen in the last frame has had this one's chance, however late it came.
    this.#giveUp(capturedUs, this.#options.tentativeCoastS);
    this.#start(capturedUs, sorted, trackOf, isFirst);

    const seen: TrackedDetection[] = [];
    for (let i = 0; i < sorted.length; i++) {
      const track = trackOf[i];
      if (track === undefined) continue;
      if (!track.isBelieved) continue;
      const { x, y, vx, vy } = track.filter;
      seen.push({ detection: order[i] as number, track: track.number, x, y, vx, vy });
    }
    return seen.sort((a, b) => a.track - b.track);
  }

  #check(capturedUs: number, detections: readonly PlaneDetection[]): void {
    if (!Number.isFinite(capturedUs)) {
      throw new HitonamiError('INPUT', 'the capture time must be a finite number of microseconds');
    }
    if (this.#lastUs !== undefined && capturedUs <= this.#lastUs) {
      throw new HitonamiError(
        'INPUT',
        `the capture time must rise: ${capturedUs} µs came after ${this.#lastUs} µs`,
      );
    }
    if (detections.length > this.#options.maxDetections) {
      throw new HitonamiError(
        'INPUT',
        `${detections.length} detections in a frame are more than the limit of ${this.#options.maxDetections}`,
      );
    }
    const needsBox = this.#options.scale === 'boxHeight';
    for (let i = 0; i < detections.length; i++) {
      checkDetection(detections[i] as PlaneDetection, i, needsBox);
    }
  }

  #canonicalOrder(detections: readonly PlaneDetection[]): number[] {
    const order: number[] = [];
    for (let i = 0; i < detections.length; i++) {
      if ((detections[i] as PlaneDetection).confidence >= this.#options.weakFrom) order.push(i);
    }
    return order.sort((a, b) =>
      compareDetections(detections[a] as PlaneDetection, detections[b] as PlaneDetection),
    );
  }

  #associate(
    capturedUs: number,
    sorted: readonly PlaneDetection[],
    trackOf: (Track | undefined)[],
  ): void {
    const { confidentFrom, minIou, weakMinIou, weakCoastS } = this.#options;
    const boundary = sorted.findIndex((d) => d.confidence < confidentFrom);
    const confident = boundary === -1 ? sorted.length : boundary;
    const weakSinceUs = capturedUs - weakCoastS * MICROSECONDS_PER_SECOND;
    const isFree = (t: Track): boolean => t.lastSeenUs < capturedUs;
    const believed = this.#tracks.filter((t) => t.isBelieved);
    this.#matchRange(capturedUs, believed, sorted, 0, confident, minIou, trackOf);
    if (confident < sorted.length) {
      const recent = believed.filter((t) => isFree(t) && t.lastSeenUs >= weakSinceUs);
      this.#matchRange(capturedUs, recent, sorted, confident, sorted.length, weakMinIou, trackOf);
    }
    if (believed.length < this.#tracks.length) {
      const tentative = this.#tracks.filter((t) => !t.isBelieved);
      this.#matchRange(capturedUs, tentative, sorted, 0, confident, minIou, trackOf);
    }
  }

  #matchRange(
    capturedUs: number,
    tracks: readonly Track[],
    sorted: readonly PlaneDetection[],
    from: number,
    to: number,
    minIou: number,
    trackOf: (Track | undefined)[],
  ): void {
    const free: PlaneDetection[] = [];
    const place: number[] = [];
    for (let i = from; i < to; i++) {
      if (trackOf[i] !== undefined) continue;
      free.push(sorted[i] as PlaneDetection);
      place.push(i);
    }
    this.#matcher.match(tracks, free, minIou, (t, d) => {
      const track = tracks[t] as Track;
      track.update(free[d] as PlaneDetection, capturedUs);
      trackOf[place[d] as number] = track;
      if (!track.isBelieved && this.#hasProved(track)) this.#believe(track);
    });
  }

  #start(
    capturedUs: number,
    sorted: readonly PlaneDetection[],
    trackOf: (Track | undefined)[],
    isFirst: boolean,
  ): void {
    const { confidentFrom, confirmAtOnceFrom, confirmHits, maxTracks } = this.#options;
    for (let i = 0; i < sorted.length && this.#tracks.length < maxTracks; i++) {
      const detection = sorted[i] as PlaneDetection;
      if (detection.confidence < confidentFrom) return;
      if (trackOf[i] !== undefined) continue;
      const track = new Track(this.#options, detection, capturedUs);
      this.#tracks.push(track);
      trackOf[i] = track;
      // Whoever is there when the camera starts has been there before: waiting would only miss them.
      const isBelieved = isFirst || confirmHits <= 1 || detection.confidence >= confirmAtOnceFrom;
      if (isBelieved) this.#believe(track);
    }
  }

  #hasProved({ hits, firstSeenUs, lastSeenUs }: Track): boolean {
    const { confirmHits, confirmS } = this.#options;
    return hits >= confirmHits || lastSeenUs - firstSeenUs >= confirmS * MICROSECONDS_PER_SECOND;
  }

  #believe(track: Track): void {
    this.#lastNumber++;
    track.number = this.#lastNumber;
  }

  /** Drops the tracks unseen for longer than this, seconds, or than `coastS` if they are believed. */
  #giveUp(capturedUs: number, tentativeS: number): void {
    const believedSinceUs = capturedUs - this.#options.coastS * MICROSECONDS_PER_SECOND;
    const tentativeSinceUs = capturedUs - tentativeS * MICROSECONDS_PER_SECOND;
    const kept: Track[] = [];
    for (const track of this.#tracks) {
      if (track.lastSeenUs >= (track.isBelieved ? believedSinceUs : tentativeSinceUs)) {
        kept.push(track);
      } else if (track.isBelieved) {
        this.#ended.push(track.number);
      }
    }
    this.#tracks = kept;
  }
}
