import { drawIcon, iconOf } from '../scene/atlas.js';
import { Pace } from '../scene/pace.js';
import { Shown } from '../scene/shown.js';
import type { Picture } from '../store.js';
import type { CameraPicture, InPicture } from './project.js';

const FRAMES_PER_S_MAX = 30;
/** An icon is so long on the floor, and never smaller on the screen. */
const ICON_M = 0.8;
const ICON_MIN_PX = 12;
const PIXEL_RATIO_MAX = 2;

/** People over the picture of a camera, on a canvas that covers it. Begins at once; ends with `stop`. */
export class StillPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #picture: CameraPicture;
  readonly #floor: string;
  readonly #pace = new Pace(FRAMES_PER_S_MAX);
  readonly #mayGlide = !matchMedia('(prefers-reduced-motion: reduce)').matches;
  #shown = new Shown();
  #frame = 0;
  /** Drawn where there is no still; undefined: not. */
  outlineColour: string | undefined;

  constructor(canvas: HTMLCanvasElement, picture: CameraPicture, floor: string) {
    [this.#canvas, this.#picture, this.#floor] = [canvas, picture, floor];
    const next = (): void => {
      this.#frame = requestAnimationFrame(next);
      if (
        this.#pace.isTime(performance.now()) &&
        this.#shown.goOn(performance.now(), this.#mayGlide)
      )
        this.draw();
    };
    this.#frame = requestAnimationFrame(next);
  }

  /** @param picture undefined where the camera does not see: then nobody is shown, and the page says why */
  take(picture: Picture | undefined): void {
    const box = { left: 0, right: 0, bottom: 0, top: 0 };
    this.#shown = new Shown(picture, [{ floor: this.#floor, dx: 0, dy: 0, box }]);
    if (picture === undefined) this.draw();
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
  }

  draw(): void {
    const canvas = this.#canvas;
    const ratio = Math.min(PIXEL_RATIO_MAX, devicePixelRatio);
    const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((css) =>
      Math.max(1, Math.round(css * ratio)),
    ) as [number, number];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const pen = canvas.getContext('2d');
    if (pen === null) return;
    const scale = width / this.#picture.width;
    pen.resetTransform();
    pen.clearRect(0, 0, width, height);
    this.#drawOutline(pen, scale);
    for (const { at, icon } of this.#inPicture()) {
      const size = Math.max(ICON_MIN_PX * ratio, ICON_M * at.pxPerM * scale);
      drawIcon(pen, icon, { x: at.u * scale, y: at.v * scale, size, rad: at.rad ?? 0 });
    }
  }

  /** Who is in the picture, the farthest first. */
  #inPicture(): { at: InPicture; icon: number }[] {
    const people = this.#shown.picture?.people;
    if (people === undefined) return [];
    const found: { at: InPicture; icon: number }[] = [];
    this.#shown.each((k, x, y) => {
      const i = this.#shown.who[k] ?? 0;
      const at = this.#picture.place(x, y, people.vx[i] ?? 0, people.vy[i] ?? 0);
      if (at !== undefined)
        found.push({ at, icon: iconOf(people.kind[i] ?? 0, at.rad !== undefined) });
    });
    return found.sort((a, b) => a.at.v - b.at.v);
  }

  #drawOutline(pen: CanvasRenderingContext2D, scale: number): void {
    if (this.outlineColour === undefined) return;
    pen.strokeStyle = this.outlineColour;
    pen.lineWidth = 2;
    for (const ring of this.#picture.outline()) {
      pen.beginPath();
      for (const [u, v] of ring) pen.lineTo(u * scale, v * scale);
      pen.closePath();
      pen.stroke();
    }
  }
}
