import { Particle, ParticleContainer } from 'pixi.js';
import { glideS, isMoving } from '../people.js';
import type { Picture } from '../store.js';
import type { PlacedFloor } from '../layout.js';
import { makeAtlas } from './atlas.js';

/** An icon is never smaller than this on the screen, CSS pixels: beyond, nobody sees a heading. */
const ICON_MIN_PX = 9;
/** More are not drawn; the numbers still count them. */
const ICONS_MAX = 20_000;

/** Everybody as an icon: one texture, one draw call, particles used again. In metres, y up. */
export class CrowdLayer {
  readonly #atlas = makeAtlas();
  readonly container = new ParticleContainer({
    texture: this.#atlas.textureOf(0, false),
    dynamicProperties: { position: true, rotation: false, vertex: false, uvs: false, color: false },
  });
  readonly #particles: Particle[] = [];
  #picture: Picture | undefined;
  /** Per floor of the picture: where it lies, or undefined where it is not shown. */
  #placed: readonly (PlacedFloor | undefined)[] = [];
  #shown: number[] = [];
  #iconMinPx = ICON_MIN_PX;
  #scale = 1;

  get count(): number {
    return this.#shown.length;
  }

  /** @param rem pixels of the page's rem: icons grow with the wall */
  setRem(rem: number): void {
    this.#iconMinPx = (ICON_MIN_PX * rem) / 16;
  }

  take(picture: Picture | undefined, floors: readonly PlacedFloor[]): void {
    this.#picture = picture;
    const people = picture?.people;
    this.#placed = (picture?.snapshot.floors ?? []).map((id) =>
      floors.find(({ floor }) => floor === id),
    );
    this.#shown = [];
    for (let i = 0; i < (people?.count ?? 0) && this.#shown.length < ICONS_MAX; i += 1)
      if (this.#placed[people?.floor[i] ?? 0] !== undefined) this.#shown.push(i);
    this.#resize(this.#shown.length);
    this.#dress();
  }

  setScale(scale: number): void {
    this.#scale = scale;
    this.#dress();
  }

  /** What stays as it is until the next picture or zoom: icon, size, heading. */
  #dress(): void {
    const people = this.#picture?.people;
    if (people === undefined) return;
    const leastM = this.#iconMinPx / this.#scale;
    for (let k = 0; k < this.#shown.length; k += 1) {
      const i = this.#shown[k] ?? 0;
      const particle = this.#particles[k];
      if (particle === undefined) continue;
      const [vx, vy, kind] = [people.vx[i] ?? 0, people.vy[i] ?? 0, people.kind[i] ?? 0];
      const moves = isMoving(vx, vy);
      particle.rotation = moves ? Math.atan2(vy, vx) : 0;
      particle.texture = this.#atlas.textureOf(kind, moves);
      const size = Math.max(this.#atlas.sizeM(kind), leastM * (kind === 0 ? 1 : 1.6));
      particle.scaleX = particle.scaleY = size / this.#atlas.cell;
    }
    this.container.update();
  }

  /** Moves every icon to where its person is about now. */
  draw(nowMs: number, mayGlide: boolean): void {
    const picture = this.#picture;
    if (picture === undefined) return;
    const { people } = picture;
    const ahead = mayGlide ? glideS(nowMs - picture.receivedMs) : 0;
    for (let k = 0; k < this.#shown.length; k += 1) {
      const i = this.#shown[k] ?? 0;
      const particle = this.#particles[k];
      const placed = this.#placed[people.floor[i] ?? 0];
      if (particle === undefined || placed === undefined) continue;
      const [vx, vy] = [people.vx[i] ?? 0, people.vy[i] ?? 0];
      const aheadS = isMoving(vx, vy) ? ahead : 0;
      particle.x = (people.x[i] ?? 0) + placed.dx + vx * aheadS;
      particle.y = (people.y[i] ?? 0) + placed.dy + vy * aheadS;
    }
  }

  #resize(count: number): void {
    while (this.#particles.length < count) {
      this.#particles.push(
        new Particle({ texture: this.#atlas.textureOf(0, false), anchorX: 0.5, anchorY: 0.5 }),
      );
    }
    const shown = this.container.particleChildren;
    if (shown.length === count) return;
    if (shown.length > count) shown.length = count;
    else shown.push(...this.#particles.slice(shown.length, count));
  }
}
