import { Particle, ParticleContainer } from 'pixi.js';
import type { PlacedFloor } from '../layout.js';
import { isMoving } from '../people.js';
import type { Picture } from '../store.js';
import { makeAtlas } from './atlas.js';
import { iconM, Shown } from './shown.js';
import type { Crowd } from './shown.js';
import type { View } from './view.js';

/** Everybody as an icon by WebGL: one texture, one draw call, particles used again. In metres, y up. */
export class CrowdLayer implements Crowd {
  readonly #atlas = makeAtlas();
  readonly container = new ParticleContainer({
    texture: this.#atlas.textureOf(0, false),
    dynamicProperties: { position: true, rotation: false, vertex: false, uvs: false, color: false },
  });
  readonly #particles: Particle[] = [];
  #shown = new Shown();
  #rem = 16;
  #scale = 1;

  setRem(rem: number): void {
    this.#rem = rem;
    this.#dress();
  }

  take(picture: Picture | undefined, floors: readonly PlacedFloor[]): void {
    this.#shown = new Shown(picture, floors);
    this.#resize(this.#shown.who.length);
    this.#dress();
  }

  setView({ scale }: View): void {
    if (scale === this.#scale) return;
    this.#scale = scale;
    this.#dress();
  }

  setVisible(isVisible: boolean): void {
    this.container.visible = isVisible;
  }

  draw(nowMs: number, mayGlide: boolean): boolean {
    if (!this.container.visible || !this.#shown.goOn(nowMs, mayGlide)) return false;
    this.#shown.each((k, x, y) => {
      const particle = this.#particles[k];
      if (particle === undefined) return;
      particle.x = x;
      particle.y = y;
    });
    return true;
  }

  /** What stays as it is until the next picture or zoom: icon, size, heading. */
  #dress(): void {
    const people = this.#shown.picture?.people;
    if (people === undefined) return;
    for (const [k, i] of this.#shown.who.entries()) {
      const particle = this.#particles[k];
      if (particle === undefined) continue;
      const [vx, vy, kind] = [people.vx[i] ?? 0, people.vy[i] ?? 0, people.kind[i] ?? 0];
      const moves = isMoving(vx, vy);
      particle.rotation = moves ? Math.atan2(vy, vx) : 0;
      particle.texture = this.#atlas.textureOf(kind, moves);
      particle.scaleX = particle.scaleY = iconM(kind, this.#scale, this.#rem) / this.#atlas.cell;
    }
    this.container.update();
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
