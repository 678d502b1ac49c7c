import { glideS, isMoving } from '../people.js';
import type { PlacedFloor } from '../layout.js';
import type { Picture } from '../store.js';
import { iconSizeM } from './atlas.js';
import type { View } from './view.js';

/** An icon is never smaller than this on the screen, CSS pixels: beyond, nobody sees a heading. */
const ICON_MIN_PX = 9;
/** More are not drawn; the numbers still count them. */
const ICONS_MAX = 20_000;

/** Those who draw everybody: as particles of WebGL, or pixel by pixel where the processor draws. */
export interface Crowd {
  /** @param rem pixels of the page's rem: icons grow with the wall */
  setRem: (rem: number) => void;
  take: (picture: Picture | undefined, floors: readonly PlacedFloor[]) => void;
  setView: (view: View) => void;
  setVisible: (isVisible: boolean) => void;
  /** Brings every icon to where its person is at this time of `performance.now()`; false where nothing has changed. */
  draw: (nowMs: number, mayGlide: boolean) => boolean;
}

/** Whom of a picture the shown floors have, and where each is on the plan, metres. */
export class Shown {
  readonly picture: Picture | undefined;
  /** Indices into the picture's people. */
  readonly who: readonly number[];
  readonly #placed: readonly (PlacedFloor | undefined)[];
  /** How far ahead everybody was drawn last, s. */
  #aheadS: number | undefined;

  constructor(picture?: Picture, floors: readonly PlacedFloor[] = []) {
    this.picture = picture;
    this.#placed = (picture?.snapshot.floors ?? []).map((id) =>
      floors.find(({ floor }) => floor === id),
    );
    const who: number[] = [];
    const people = picture?.people;
    for (let i = 0; i < (people?.count ?? 0) && who.length < ICONS_MAX; i += 1)
      if (this.#placed[people?.floor[i] ?? 0] !== undefined) who.push(i);
    this.who = who;
  }

  /** Goes on to this time; false where all are then where they were, and need not be drawn again. */
  goOn(nowMs: number, mayGlide: boolean): boolean {
    if (this.picture === undefined) return false;
    const ahead = mayGlide ? glideS(nowMs - this.picture.receivedMs) : 0;
    if (ahead === this.#aheadS) return false;
    this.#aheadS = ahead;
    return true;
  }

  /** Tells of everybody's place, where `goOn` has brought them. */
  each(tell: (k: number, x: number, y: number) => void): void {
    if (this.picture === undefined) return;
    const { x, y, vx, vy, floor } = this.picture.people;
    const ahead = this.#aheadS ?? 0;
    for (let k = 0; k < this.who.length; k += 1) {
      const i = this.who[k] ?? 0;
      const placed = this.#placed[floor[i] ?? 0];
      if (placed === undefined) continue;
      const [dx, dy] = [vx[i] ?? 0, vy[i] ?? 0];
      const s = isMoving(dx, dy) ? ahead : 0;
      tell(k, (x[i] ?? 0) + placed.dx + dx * s, (y[i] ?? 0) + placed.dy + dy * s);
    }
  }

  /** They are drawn at the next call, whether or not they have moved. */
  again(): void {
    this.#aheadS = undefined;
  }
}

/** Side of an icon, metres; larger than life where it would be too small to see. */
export function iconM(kind: number, scale: number, rem: number): number {
  const leastM = (ICON_MIN_PX * rem) / 16 / scale;
  return Math.max(iconSizeM(kind), leastM * (kind === 0 ? 1 : 1.6));
}
