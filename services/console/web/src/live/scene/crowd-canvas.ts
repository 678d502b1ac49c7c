import type { PlacedFloor } from '../layout.js';
import { isMoving } from '../people.js';
import type { Picture } from '../store.js';
import { drawIcon, iconOf } from './atlas.js';
import { Raster } from './raster.js';
import type { Sprite } from './raster.js';
import { iconM, Shown } from './shown.js';
import type { Crowd } from './shown.js';
import type { View } from './view.js';

/** An icon is turned to one of so many headings: 7.5° apart, less than is seen of an arrow of ten pixels. */
const HEADINGS = 48;
const SPRITE_MAX_PX = 256;
/** Icons that are kept; closer by one step of the wheel, and others are needed. */
const SPRITES_MAX = 2_000;

/** Everybody as an icon where there is no graphics card: sprites put pixel by pixel on a canvas of their own. */
export class CrowdCanvas implements Crowd {
  readonly canvas = document.createElement('canvas');
  readonly #pen = this.canvas.getContext('2d', { willReadFrequently: true });
  readonly #sprites = new Map<number, Sprite>();
  #image: ImageData | undefined;
  #raster: Raster | undefined;
  #shown = new Shown();
  /** Sprite of each who is shown, as they are. */
  #dressed: Sprite[] = [];
  #rem = 16;
  #view: View = { x: 0, y: 0, scale: 1 };
  #isVisible = true;

  constructor() {
    this.canvas.setAttribute('aria-hidden', 'true');
    this.canvas.className = 'live-crowd';
  }

  /** A pixel of the page is one of the canvas: finer ones cost the processor four times as much. */
  resize(width: number, height: number): void {
    const [w, h] = [Math.max(1, Math.floor(width)), Math.max(1, Math.floor(height))];
    if (w === this.canvas.width && h === this.canvas.height && this.#raster !== undefined) return;
    [this.canvas.width, this.canvas.height] = [w, h];
    this.#image = new ImageData(w, h);
    this.#raster = new Raster(w, h, new Uint32Array(this.#image.data.buffer));
    this.#shown.again();
  }

  setRem(rem: number): void {
    this.#rem = rem;
    this.#dress();
  }

  take(picture: Picture | undefined, floors: readonly PlacedFloor[]): void {
    this.#shown = new Shown(picture, floors);
    this.#dress();
  }

  setView(view: View): void {
    const hasScaled = view.scale !== this.#view.scale;
    this.#view = view;
    if (hasScaled) this.#dress();
    this.#shown.again();
  }

  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    this.canvas.hidden = !isVisible;
    this.#shown.again();
  }

  draw(nowMs: number, mayGlide: boolean): boolean {
    const raster = this.#raster;
    if (!this.#isVisible || raster === undefined || this.#image === undefined) return false;
    if (!this.#shown.goOn(nowMs, mayGlide)) return false;
    const { x: left, y: top, scale } = this.#view;
    raster.clear();
    this.#shown.each((k, x, y) => {
      const sprite = this.#dressed[k];
      if (sprite !== undefined) raster.put(sprite, left + x * scale, top - y * scale);
    });
    const box = raster.changed();
    if (box !== undefined)
      this.#pen?.putImageData(
        this.#image,
        0,
        0,
        box.left,
        box.top,
        box.right - box.left,
        box.bottom - box.top,
      );
    return true;
  }

  #dress(): void {
    const people = this.#shown.picture?.people;
    this.#dressed = [];
    if (people === undefined) return;
    if (this.#sprites.size > SPRITES_MAX) this.#sprites.clear();
    for (const i of this.#shown.who) {
      const [vx, vy, kind] = [people.vx[i] ?? 0, people.vy[i] ?? 0, people.kind[i] ?? 0];
      const moves = isMoving(vx, vy);
      const px = Math.ceil(iconM(kind, this.#view.scale, this.#rem) * this.#view.scale);
      const turn = moves ? Math.round((Math.atan2(-vy, vx) / (2 * Math.PI)) * HEADINGS) : 0;
      this.#dressed.push(
        this.#sprite(
          iconOf(kind, moves),
          (turn + HEADINGS) % HEADINGS,
          Math.min(SPRITE_MAX_PX, px),
        ),
      );
    }
    this.#shown.again();
  }

  #sprite(icon: number, heading: number, size: number): Sprite {
    const key = (size * HEADINGS + heading) * 16 + icon;
    const known = this.#sprites.get(key);
    if (known !== undefined) return known;
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = size;
    const pen = canvas.getContext('2d', { willReadFrequently: true });
    const rad = (heading / HEADINGS) * 2 * Math.PI;
    if (pen !== null) drawIcon(pen, icon, { x: size / 2, y: size / 2, size, rad });
    const pixels =
      pen?.getImageData(0, 0, size, size).data.buffer ?? new ArrayBuffer(4 * size * size);
    const sprite = { size, words: new Uint32Array(pixels) };
    this.#sprites.set(key, sprite);
    return sprite;
  }
}
