import type { Counting } from '../counting.js';
import type { HeldFrame } from '../held-frame.js';
import type { Journeys } from '../journeys.js';
import { cellAt, type CellClass, type FloorRaster } from '../raster.js';
import { Field, Rule, type TrackTable } from '../track-table.js';
import type { Name } from './one-to-one.js';
import type { PlaceErrors } from './place-error.js';

/**
 * A journey over several pseudonyms ends at an age between these, µs: before any of its pseudonyms does (15 minutes less a
 * fifth at the least), so that no join ever leads over the end of a pseudonym. Jittered as those are, by random bits of
 * its first pseudonym, so that the end cannot be foretold.
 */
const JOURNEY_AGE_LEAST_US = 576_000_000;
const JOURNEY_AGE_MOST_US = 720_000_000;

/** A gap in which nobody counted a person who was there is made good up to this length, µs. */
export const GAP_FILLED_MAX_US = 2_000_000;

interface Member extends Name {
  /** How sure it is that it is this person, 0 to 1. */
  confidence: number;
  /** Whether its confidence is part of the journey's. */
  hasLed: boolean;
}

const NOBODY: readonly Member[] = [];

interface Person {
  lead: Member;
  members: Member[];
}

/** The parts of the fold that hand-over works on. */
export interface FoldParts {
  readonly tracks: TrackTable;
  readonly journeys: Journeys;
  readonly counting: Counting;
  readonly cameras: readonly HeldFrame[];
  /** How far the places of each camera err. */
  readonly errors: readonly PlaceErrors[];
  readonly floors: readonly FloorRaster[];
  /** Ids of the floors, by the same index. */
  readonly floorIds: readonly string[];
}

/**
 * People whom several cameras follow at once. One of a person's tracks speaks for it: it alone counts, wherever it is, and
 * the journey is its own. Another takes over where both agree that the person has gone over to its camera's part of the
 * floor, or where the first does not see the person any more: so nobody is doubled or missed at a border, whatever the
 * noise of the positions.
 */
export class Persons {
  private readonly parts: FoldParts;
  private readonly known = new Map<number, Person>();
  private lastNumber = 0;
  /** By slot of a track that follows: the slot of the one that led it when it was last looked for. */
  private leads = new Int32Array(0);

  constructor(parts: FoldParts) {
    this.parts = parts;
  }

  /** A track that follows was sighted. @returns whether it now speaks for its person, and counts */
  takesOver(slot: number, camera: number, cell: CellClass, atUs: number): boolean {
    const { tracks, cameras, counting } = this.parts;
    const number = tracks.get(slot, Field.person);
    const lead = this.leadOfPerson(slot, number);
    if (lead < 0) return false;
    const leadCamera = cameras[tracks.get(lead, Field.camera)];
    const lastUs = tracks.get(lead, Field.lastSeenUs);
    if (leadCamera?.frame === undefined || lastUs < leadCamera.frame.capturedUs) {
      this.handOver(this.known.get(number) as Person, lead, slot);
      const fromUs = leadCamera?.heldUntilUs(lastUs) ?? atUs;
      if (atUs - lastUs <= GAP_FILLED_MAX_US) counting.fill(camera, slot, fromUs, atUs);
      return true;
    }
    if (cell.owner !== camera || this.isAtHome(lead)) return false;
    counting.uncount(lead, atUs);
    this.handOver(this.known.get(number) as Person, lead, slot);
    return true;
  }

  /**
   * The slot of the track that speaks for the person with a number, or −1: asked for everybody who follows, in every frame.
   * Where it was found last is looked at first; a slot may have gone to another track since, but only one leads a person.
   */
  private leadOfPerson(slot: number, number: number): number {
    const { tracks } = this.parts;
    if (number === 0) return -1;
    const last = slot < this.leads.length ? (this.leads[slot] as number) : tracks.size;
    const isLead =
      last < tracks.size &&
      tracks.get(last, Field.person) === number &&
      tracks.get(last, Field.rule) === Rule.leads;
    if (isLead) return last;
    const person = this.known.get(number);
    if (person === undefined) return -1;
    const lead = tracks.find(person.lead.hi, person.lead.lo);
    if (slot >= this.leads.length) {
      const grown = new Int32Array(2 * tracks.size);
      grown.set(this.leads);
      this.leads = grown;
    }
    this.leads[slot] = lead;
    return lead;
  }

  /** Whether a camera has a track of the person of this one. */
  isFollowedBy(slot: number, camera: number): boolean {
    const { tracks } = this.parts;
    if (tracks.get(slot, Field.camera) === camera) return true;
    for (const { hi, lo } of this.of(slot)?.members ?? NOBODY) {
      if (tracks.get(tracks.find(hi, lo), Field.camera) === camera) return true;
    }
    return false;
  }

  /** The slot of the track that speaks for the person of this one: often itself. */
  leadOf(slot: number): number {
    const person = this.of(slot);
    return person === undefined ? slot : this.parts.tracks.find(person.lead.hi, person.lead.lo);
  }

  /** The slots of the other tracks of its person. */
  others(slot: number): number[] {
    const { tracks } = this.parts;
    const others: number[] = [];
    for (const { hi, lo } of this.of(slot)?.members ?? NOBODY) {
      const at = tracks.find(hi, lo);
      if (at !== slot) others.push(at);
    }
    return others;
  }

  /**
   * Two tracks are one person, seen at the same time. The older journey goes on; the younger is no journey of anybody, for
   * nobody is on two at once.
   */
  join(a: number, b: number, confidence: number, atUs: number): void {
    const { tracks, journeys, counting } = this.parts;
    let [kept, dropped] = [this.leadOf(a), this.leadOf(b)];
    if (isOlder(tracks, dropped, kept)) [kept, dropped] = [dropped, kept];
    if (this.isPastJoining(kept, atUs)) {
      [kept, dropped] = [dropped, kept];
      journeys.end(tracks, dropped);
    }
    tracks.startJourney(dropped, atUs);
    const isCounted = (slot: number): boolean =>
      tracks.get(slot, Field.countedUs) === tracks.get(slot, Field.lastSeenUs);
    const both = isCounted(kept) && isCounted(dropped);
    const [keptMembers, added] = [this.membersOf(kept), this.membersOf(dropped)];
    for (const member of added) Object.assign(member, { confidence, hasLed: false });
    const lead = keptMembers.find((member) => isNamed(tracks, kept, member)) as Member;
    const person: Person = { lead, members: [...keptMembers, ...added] };
    if (both) counting.uncount(dropped, atUs);
    this.forget(kept);
    this.forget(dropped);
    const number = ++this.lastNumber;
    this.known.set(number, person);
    for (const { hi, lo } of person.members) {
      const slot = tracks.find(hi, lo);
      tracks.set(slot, Field.person, number);
      tracks.set(slot, Field.rule, slot === kept ? Rule.leads : Rule.follows);
    }
    if (!isCounted(kept) && isCounted(dropped)) this.handOver(person, kept, dropped);
  }

  /** A track turned out to be somebody else. */
  split(slot: number, atUs: number): void {
    const { tracks } = this.parts;
    const other = this.others(slot)[0];
    if (other === undefined) return;
    if (tracks.get(slot, Field.rule) === Rule.leads) {
      const person = this.of(slot);
      if (person) this.handOver(person, slot, other);
    }
    this.leave(slot);
    tracks.startJourney(slot, atUs);
  }

  /** A track is about to be removed. @returns whether its journey is its own to go on or to end */
  gone(slot: number): boolean {
    const { tracks } = this.parts;
    const rule = tracks.get(slot, Field.rule);
    if (rule === Rule.leads) {
      const person = this.of(slot);
      const [next] = this.others(slot).sort(
        (a, b) => tracks.get(b, Field.lastSeenUs) - tracks.get(a, Field.lastSeenUs),
      );
      if (person && next !== undefined) {
        this.handOver(person, slot, next);
        this.leave(slot);
        return false;
      }
    }
    if (rule !== Rule.owner) this.leave(slot);
    return rule !== Rule.follows;
  }

  /** Nobody is joined any more; the journeys stay with the tracks that spoke for them. */
  clear(): void {
    this.known.clear();
  }

  /** Whether the journey is so old that it is joined to nothing any more. */
  isPastJoining(slot: number, atUs: number, table = this.parts.tracks): boolean {
    return atUs - table.get(slot, Field.startUs) >= ageLimitUs(table.get(slot, Field.journeyHi));
  }

  /** Ends the journeys that lead over several pseudonyms and are too old; what follows goes by its own. */
  cutOld(atUs: number): void {
    const { tracks, journeys } = this.parts;
    for (let slot = 0; slot < tracks.size; slot++) {
      if (atUs - tracks.get(slot, Field.startUs) < JOURNEY_AGE_LEAST_US) continue;
      const isOwn =
        tracks.get(slot, Field.journeyHi) === tracks.get(slot, Field.hi) &&
        tracks.get(slot, Field.journeyLo) === tracks.get(slot, Field.lo);
      if (isOwn || !this.isPastJoining(slot, atUs)) continue;
      const [place, lastInUs] = [tracks.get(slot, Field.place), tracks.get(slot, Field.lastInUs)];
      journeys.end(tracks, slot);
      tracks.startJourney(slot, tracks.get(slot, Field.bornUs));
      tracks.set(slot, Field.candidate, place);
      tracks.set(slot, Field.candidateSinceUs, lastInUs);
    }
  }

  /** Whether a track is in the part of the floor that its own camera owns. */
  private isAtHome(slot: number): boolean {
    const { tracks, floors } = this.parts;
    const raster = floors[tracks.get(slot, Field.floor)] as FloorRaster;
    const cell = cellAt(raster, tracks.get(slot, Field.xMm), tracks.get(slot, Field.yMm));
    return cell.owner === tracks.get(slot, Field.camera);
  }

  private handOver(person: Person, from: number, to: number): void {
    const { tracks, journeys } = this.parts;
    tracks.takeJourney(to, tracks, from);
    tracks.startJourney(from, tracks.get(from, Field.lastSeenUs));
    tracks.set(from, Field.rule, Rule.follows);
    tracks.set(to, Field.rule, Rule.leads);
    const lead = person.members.find((member) => isNamed(tracks, to, member)) as Member;
    person.lead = lead;
    if (lead.hasLed) return;
    lead.hasLed = true;
    journeys.joined(tracks, to, lead.confidence);
  }

  private of(slot: number): Person | undefined {
    return this.known.get(this.parts.tracks.get(slot, Field.person));
  }

  private membersOf(slot: number): Member[] {
    const { tracks } = this.parts;
    const members = this.of(slot)?.members;
    if (members !== undefined) return members;
    const [hi, lo] = [tracks.get(slot, Field.hi), tracks.get(slot, Field.lo)];
    return [{ hi, lo, confidence: 1, hasLed: true }];
  }

  private forget(slot: number): void {
    this.known.delete(this.parts.tracks.get(slot, Field.person));
  }

  /** Takes a track out of its person; one that is left alone is no longer a person of several. */
  private leave(slot: number): void {
    const { tracks } = this.parts;
    const person = this.of(slot);
    if (person === undefined) return;
    person.members = person.members.filter((member) => !isNamed(tracks, slot, member));
    const [first, second] = person.members;
    if (second === undefined) {
      this.forget(slot);
      if (first) free(tracks, tracks.find(first.hi, first.lo));
    }
    free(tracks, slot);
  }
}

function free(tracks: TrackTable, slot: number): void {
  tracks.set(slot, Field.person, 0);
  tracks.set(slot, Field.rule, Rule.owner);
}

function isNamed(tracks: TrackTable, slot: number, { hi, lo }: Name): boolean {
  return tracks.get(slot, Field.lo) === lo && tracks.get(slot, Field.hi) === hi;
}

function isOlder(tracks: TrackTable, a: number, b: number): boolean {
  for (const field of [Field.startUs, Field.journeyHi, Field.journeyLo] as const) {
    const difference = tracks.get(a, field) - tracks.get(b, field);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function ageLimitUs(bits: number): number {
  const share = (bits >>> 0) / 2 ** 32;
  return Math.floor(JOURNEY_AGE_LEAST_US + share * (JOURNEY_AGE_MOST_US - JOURNEY_AGE_LEAST_US));
}
