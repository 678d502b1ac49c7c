import type { PlaceCovariance } from './place-error.js';

/**
 * Newest people kept of a pair of cameras: so many whom both saw, and as many whom only one did. More would be surer, and
 * would speak for longer of the time before the camera was moved.
 */
const KEPT = 20;

/** What one round shows of somebody in the overlap of two cameras who is alone there. */
export interface Look {
  /** The low halves of the pseudonyms that the two cameras give; undefined where the second sees nobody. */
  readonly who: number;
  readonly otherWho?: number | undefined;
  /** Where the second puts somebody less where the first puts them, mm. */
  readonly dx: number;
  readonly dy: number;
  /** What the two places are expected to err by together, m². */
  readonly cov: PlaceCovariance;
  /**
   * `near`: the second sees one person about there; `far`: nobody there, but one further off whom the first does not see;
   * `none`: nobody far and wide.
   */
  readonly seen: 'near' | 'far' | 'none';
}

/** Where two cameras put one person: means over the looks, mm and mm². */
export interface Residual {
  readonly dx: number;
  readonly dy: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
  readonly isFar: boolean;
}

interface Sums {
  looks: number;
  dx: number;
  dy: number;
  xx: number;
  xy: number;
  yy: number;
}

/** One person in an overlap. However often they were looked at, they are one: their looks err alike. */
interface Witness {
  who: number;
  otherWho: number | undefined;
  readonly near: Sums;
  readonly far: Sums;
  none: number;
  isJudged: boolean;
}

/** The people who showed, each once, whether one pair of cameras agrees. */
export class Witnesses {
  private people: Witness[] = [];

  note(look: Look): void {
    const witness = this.witness(look);
    if (look.seen === 'none') {
      witness.none++;
      return;
    }
    const sums = witness[look.seen];
    sums.looks++;
    sums.dx += look.dx;
    sums.dy += look.dy;
    sums.xx += 1e6 * look.cov[0];
    sums.xy += 1e6 * look.cov[1];
    sums.yy += 1e6 * look.cov[2];
  }

  /** Of each person whom both cameras saw, where they put them; the oldest first. */
  residuals(): Residual[] {
    return this.people.flatMap((witness) => residualOf(witness) ?? []);
  }

  /** People whom one of the two saw, and the other did not. */
  get unseen(): number {
    return this.people.filter((witness) => residualOf(witness) === undefined).length;
  }

  /** @returns whether somebody is among them who was not at the last call */
  takeNew(): boolean {
    let isNew = false;
    for (const witness of this.people) {
      if (witness.isJudged || residualOf(witness) === undefined) continue;
      witness.isJudged = true;
      isNew = true;
    }
    return isNew;
  }

  /** Who it is, by the pseudonym of either camera: a track that one of them cut makes nobody a second person. */
  private witness({ who, otherWho }: Look): Witness {
    for (let i = this.people.length - 1; i >= 0; i--) {
      const known = this.people[i] as Witness;
      const isSame = known.who === who || (otherWho !== undefined && known.otherWho === otherWho);
      if (!isSame) continue;
      known.who = who;
      known.otherWho = otherWho ?? known.otherWho;
      return known;
    }
    const added = { who, otherWho, near: noSums(), far: noSums(), none: 0, isJudged: false };
    this.dropOldest();
    this.people.push(added);
    return added;
  }

  private dropOldest(): void {
    for (const isBoth of [true, false]) {
      const isOf = (one: Witness): boolean => (residualOf(one) !== undefined) === isBoth;
      if (this.people.filter(isOf).length < KEPT) continue;
      this.people.splice(this.people.findIndex(isOf), 1);
    }
  }
}

/** Where both cameras put a person; nothing where the second saw nobody on most looks, so that a stranger came by. */
function residualOf({ near, far, none }: Witness): Residual | undefined {
  const isFar = far.looks > near.looks;
  const { looks, dx, dy, xx, xy, yy } = isFar ? far : near;
  if (looks === 0 || (isFar && none > looks)) return undefined;
  return { dx: dx / looks, dy: dy / looks, xx: xx / looks, xy: xy / looks, yy: yy / looks, isFar };
}

function noSums(): Sums {
  return { looks: 0, dx: 0, dy: 0, xx: 0, xy: 0, yy: 0 };
}
