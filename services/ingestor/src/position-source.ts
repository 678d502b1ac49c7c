import {
  encodePositionFrame,
  FrameState,
  isPeople,
  Kind,
  PEOPLE_PER_FRAME_MAX,
  type PlanCamera,
  type SitePlan,
} from '@hitonami/model';
import { PseudonymBook } from '@hitonami/privacy';
import { Tracker, type PlaneDetection } from '@hitonami/tracking';
import { secureNumbers } from './random.js';
import { trackerOptions } from './tracker-options.js';

/** A track unseen for this long is forgotten with its pseudonym, µs; longer than any tracker coasts. */
const FORGET_US = 20_000_000;

/** Somebody placed on a floor, with a track number that only this camera's session knows. */
export interface PlacedPerson {
  track: number;
  xM: number;
  yM: number;
  vxMS: number;
  vyMS: number;
  confidence: number;
  kind: number;
}

export interface PlacedFrame {
  sequence: number;
  capturedUs: number;
  receivedUs: number;
  periodUs: number;
  floor: string;
  blind: boolean;
  /** 0 to 1. */
  saturation: number;
  people: readonly PlacedPerson[];
}

/** What one camera says on the log from one start of its tracker to the next: tracks, pseudonyms, the session's number. */
export class PositionSource {
  private readonly camera: PlanCamera;
  private readonly namesMax: number;
  private readonly book: PseudonymBook;
  /** In the order in which they were named last. */
  private readonly lastNamedUs = new Map<number, number>();
  private readonly session = secureNumbers(2);
  private tracker: Tracker | undefined;

  /** @param namesMax how many tracks have a pseudonym at once; no frame has more people */
  constructor(camera: PlanCamera, namesMax = PEOPLE_PER_FRAME_MAX) {
    this.camera = camera;
    this.namesMax = namesMax;
    this.book = new PseudonymBook(secureNumbers, { maxTracks: namesMax });
  }

  /** Joins detections on the floor to tracks; only what belongs to a believed track comes back, with its detection. */
  track(
    capturedUs: number,
    periodUs: number,
    threshold: number,
    detections: readonly PlaneDetection[],
  ): (PlacedPerson & { detection: number })[] {
    this.tracker ??= new Tracker(trackerOptions(threshold, periodUs));
    return this.tracker.step(capturedUs, detections).map(({ detection, track, x, y, vx, vy }) => {
      const source = detections[detection];
      return {
        detection,
        track,
        xM: x,
        yM: y,
        vxMS: vx,
        vyMS: vy,
        confidence: source?.confidence ?? 0,
        kind: source?.kind ?? Kind.person,
      };
    });
  }

  /** The record for the log, and how many people are in it. */
  encode(plan: SitePlan, frame: PlacedFrame): { value: Buffer; people: number } {
    const { people } = frame;
    this.makeRoom(people, frame.capturedUs);
    const count = people.length;
    const tracks = new Uint32Array(2 * count);
    let renewed = 0;
    people.forEach((person, i) => {
      const naming = this.book.name(person.track, frame.capturedUs);
      tracks[2 * i] = naming.pseudonym.lo;
      tracks[2 * i + 1] = naming.pseudonym.hi;
      if (naming.renewed) renewed++;
    });
    const column = (value: (person: PlacedPerson) => number): Int32Array =>
      Int32Array.from(people, (person) => Math.round(value(person) * 1000));
    const value = encodePositionFrame({
      site: plan.site,
      camera: this.camera.id,
      sessionHi: this.session[0] ?? 0,
      sessionLo: this.session[1] ?? 0,
      sequence: frame.sequence,
      capturedUs: frame.capturedUs,
      receivedUs: frame.receivedUs,
      planVersion: plan.version,
      periodUs: frame.periodUs,
      state: frame.blind ? FrameState.blind : count > 0 ? FrameState.seen : FrameState.empty,
      saturationPermille: Math.round(frame.saturation * 1000),
      renewed,
      floors: count > 0 ? [frame.floor] : [],
      count,
      tracks,
      xMm: column((person) => person.xM),
      yMm: column((person) => person.yM),
      vxMmS: column((person) => person.vxMS),
      vyMmS: column((person) => person.vyMS),
      floor: new Uint8Array(count),
      confidence: Uint8Array.from(people, (person) => Math.round(person.confidence * 255)),
      kind: Uint8Array.from(people, (person) => person.kind),
    });
    return { value, people: people.filter((person) => isPeople(person.kind)).length };
  }

  /**
   * A track not seen for long has ended; if its number came again it would be somebody else. Where that does not leave room
   * for all of a frame, those unseen longest are forgotten before.
   */
  private makeRoom(people: readonly PlacedPerson[], nowUs: number): void {
    for (const { track } of people) {
      this.lastNamedUs.delete(track);
      this.lastNamedUs.set(track, nowUs);
    }
    for (const [track, lastUs] of this.lastNamedUs) {
      if (nowUs - lastUs <= FORGET_US && this.lastNamedUs.size <= this.namesMax) break;
      this.lastNamedUs.delete(track);
      this.book.forget(track);
    }
  }
}
