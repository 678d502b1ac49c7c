import type { BandVisit } from '../passage.js';
import { Field, Rule, type TrackTable } from '../track-table.js';
import { NEWCOMERS_PER_M2 } from './likelihood.js';
import type { Lost } from './lost.js';
import type { Newborn } from './newborn.js';
import { matchOneToOne } from './one-to-one.js';
import type { FoldParts, Persons } from './persons.js';
import { edgesBetween, UNSEEN_US, unseenOf, type Unseen } from './unseen.js';

/** Least odds of a track going on with another against being of somebody else. */
const ODDS = 0.5;

/** A track as it was when it was last seen, for the lines that the person may have passed meanwhile. */
export interface LeftAt {
  readonly xMm: number;
  readonly yMm: number;
  readonly floor: number;
  readonly camera: number;
  readonly bands: BandVisit[] | undefined;
}

/** A track goes on with an earlier one of the same camera. */
export type OnContinued = (
  slot: number,
  from: LeftAt,
  born: { xMm: number; yMm: number },
  atUs: number,
) => void;

/**
 * At a line a person is followed by one camera alone, whoever speaks for the person: where that camera lost somebody and
 * has a new track of the same person, the new one goes on with what the old one did there. Without it nobody would be
 * counted who was lost within the band while another camera saw on.
 */
export class PassingOn {
  private readonly parts: FoldParts;
  private readonly persons: Persons;
  private readonly lost: Lost;
  private readonly onContinued: OnContinued;

  constructor(parts: FoldParts, persons: Persons, lost: Lost, onContinued: OnContinued) {
    this.parts = parts;
    this.persons = persons;
    this.lost = lost;
    this.onContinued = onContinued;
  }

  /** Looks for the earlier tracks of those whose journey is none of the same camera's. */
  run(newborns: readonly Newborn[], atUs: number): void {
    const { tracks } = this.parts;
    const atLines = newborns.filter(({ hi, lo }) => {
      const slot = tracks.find(hi, lo);
      return slot >= 0 && this.hasLines(tracks.get(slot, Field.camera));
    });
    if (atLines.length === 0) return;
    const edges = edgesBetween(this.parts, atLines, this.ended(atUs), (slot, other) =>
      this.mayGoOn(slot, other),
    );
    for (const { left, right } of matchOneToOne(edges, NEWCOMERS_PER_M2, ODDS)) {
      const { table } = right;
      const from = table.find(right.hi, right.lo);
      this.onContinued(tracks.find(left.hi, left.lo), leftAt(table, from), left, atUs);
      table.bands[from] = undefined;
      table.set(from, Field.isPassedOn, 1);
    }
  }

  private hasLines(camera: number): boolean {
    return (this.parts.cameras[camera]?.geometry.lines.length ?? 0) > 0;
  }

  /** Tracks that have ended or are unseen, of cameras with lines. */
  private ended(atUs: number): Unseen[] {
    const { tracks } = this.parts;
    const ended: Unseen[] = [];
    for (const table of [tracks, this.lost.table, this.lost.followers]) {
      for (let slot = 0; slot < table.size; slot++) {
        if (table === tracks && atUs - table.get(slot, Field.lastSeenUs) < UNSEEN_US) continue;
        if (table.get(slot, Field.isPassedOn) === 1 || table.get(slot, Field.isDecided) === 0)
          continue;
        if (this.hasLines(table.get(slot, Field.camera)))
          ended.push(unseenOf(this.parts, table, slot));
      }
    }
    return ended;
  }

  /** Not where the earlier one's person is still seen, and is somebody else. */
  private mayGoOn(slot: number, { table, hi, lo, camera }: Unseen): boolean {
    const { tracks } = this.parts;
    if (camera !== tracks.get(slot, Field.camera)) return false;
    const from = table.find(hi, lo);
    if (table === tracks && from === slot) return false;
    const witness =
      table === this.lost.followers
        ? tracks.find(table.get(from, Field.journeyHi), table.get(from, Field.journeyLo))
        : table === tracks && table.get(from, Field.rule) !== Rule.owner
          ? from
          : -1;
    return witness < 0 || this.persons.leadOf(witness) === this.persons.leadOf(slot);
  }
}

export function leftAt(table: TrackTable, slot: number): LeftAt {
  return {
    ...{ xMm: table.get(slot, Field.xMm), yMm: table.get(slot, Field.yMm) },
    ...{ floor: table.get(slot, Field.floor), camera: table.get(slot, Field.camera) },
    bands: table.bands[slot],
  };
}
