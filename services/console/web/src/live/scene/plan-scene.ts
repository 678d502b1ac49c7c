// Pixi's shaders without `eval`: the content security policy has none.
import 'pixi.js/unsafe-eval';
import { Application, Container } from 'pixi.js';
import type { SitePlan } from '@hitonami/model';
import { areasNow } from '../danger.js';
import { around, isInside } from '../layout.js';
import type { PlacedFloor } from '../layout.js';
import type { Picture } from '../store.js';
import { AreaLayer } from './area-layer.js';
import { CrowdCanvas } from './crowd-canvas.js';
import { CrowdLayer } from './crowd-layer.js';
import { DeviceLayer } from './device-layer.js';
import { listen } from './gestures.js';
import { HeatLayer } from './heat-layer.js';
import { Pace } from './pace.js';
import type { Crowd } from './shown.js';
import { fitted, moved, zoomed } from './view.js';
import type { View } from './view.js';

export interface Layers {
  readonly people: boolean;
  readonly heat: boolean;
  readonly cameras: boolean;
  readonly lines: boolean;
}

export interface SceneColours {
  readonly border: string;
  readonly selected: string;
  readonly hatching: string;
  readonly calm: number;
  readonly line: string;
  readonly camera: string;
  readonly bad: string;
}

export interface SceneOptions {
  /** Told where the plan lies on the screen, for what is written over it. */
  readonly onView: (view: View) => void;
  /** An area was tapped; undefined: none. */
  readonly onTap: (area: string | undefined) => void;
  readonly mayGlide: boolean;
}

/** Where a frame rate can be read from outside, for the load test: frames drawn since the page was opened. */
declare global {
  var hitonamiFrames: number | undefined;
}

/** No WebGL, or one that the processor does: no graphics card, or none that the browser trusts. */
function drawsInSoftware(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2');
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  if (gl == null) return true;
  const name: unknown = info == null ? '' : gl.getParameter(info.UNMASKED_RENDERER_WEBGL);
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|software|basic render/i.test(String(name));
}

/** Frames a second at most: who walks moves by a quarter of a pixel in between, and the rest stands still. */
const FRAMES_PER_S_MAX = 30;

/**
 * The plan as it is drawn: areas, heat, lines, cameras and everybody. By WebGL, all of it whenever anything has changed. Where
 * the processor draws, everybody is on a canvas of their own over the plan, which then is drawn only when it has changed itself.
 */
export class PlanScene {
  readonly #app: Application;
  readonly #options: SceneOptions;
  readonly #world = new Container();
  readonly #areas = new AreaLayer();
  readonly #heat = new HeatLayer();
  readonly #devices = new DeviceLayer();
  readonly #crowd: Crowd;
  readonly #crowdCanvas: CrowdCanvas | undefined;
  readonly #pace = new Pace(FRAMES_PER_S_MAX);
  #frame = 0;
  #isChanged = true;
  readonly #stopListening: () => void;
  #plan: SitePlan | undefined;
  #floors: readonly PlacedFloor[] = [];
  #picture: Picture | undefined;
  #told: Picture | undefined;
  #view: View = { x: 0, y: 0, scale: 1 };
  #isFitted = true;

  private constructor(
    app: Application,
    host: HTMLElement,
    options: SceneOptions & { readonly isSoftware: boolean },
  ) {
    this.#app = app;
    this.#options = options;
    const layer = options.isSoftware ? undefined : new CrowdLayer();
    this.#crowdCanvas = layer === undefined ? new CrowdCanvas() : undefined;
    this.#crowd = layer ?? (this.#crowdCanvas as CrowdCanvas);
    this.#world.addChild(
      this.#areas.fills,
      this.#heat.sprite,
      this.#areas.hatchings,
      this.#areas.borders,
      this.#devices.container,
    );
    if (layer !== undefined) this.#world.addChild(layer.container);
    if (this.#crowdCanvas !== undefined) host.append(this.#crowdCanvas.canvas);
    app.stage.addChild(this.#world);
    app.stage.eventMode = 'none';
    const observer = new ResizeObserver(() => {
      app.resize();
      this.#resized();
    });
    observer.observe(host);
    const next = (): void => {
      this.#frame = requestAnimationFrame(next);
      this.#draw();
    };
    this.#frame = requestAnimationFrame(next);
    const stopListening = listen(host, {
      pan: (dx, dy) => this.panBy(dx, dy),
      zoom: (factor, x, y) => this.zoomBy(factor, x, y),
      fit: () => this.fit(),
      tap: (x, y) => options.onTap(this.#areaAt(x, y)),
    });
    this.#stopListening = () => {
      observer.disconnect();
      stopListening();
    };
  }

  static async create(host: HTMLElement, options: SceneOptions): Promise<PlanScene> {
    const app = new Application();
    const isSoftware = drawsInSoftware();
    await app.init({
      autoStart: false,
      resizeTo: host,
      backgroundAlpha: 0,
      antialias: true,
      autoDensity: true,
      resolution: Math.min(2, devicePixelRatio),
      preference: isSoftware ? 'canvas' : 'webgl',
      accessibilityOptions: { enabledByDefault: false },
    });
    app.canvas.setAttribute('aria-hidden', 'true');
    host.append(app.canvas);
    return new PlanScene(app, host, { ...options, isSoftware });
  }

  /** @param floors those of the plan that are shown, laid out */
  setPlan(plan: SitePlan, floors: readonly PlacedFloor[]): void {
    [this.#plan, this.#floors] = [plan, floors];
    this.#areas.setPlan(plan, this.#floors);
    this.#devices.setPlan(plan, this.#floors);
    this.#heat.setFloors(this.#floors);
    this.fit();
    this.#takePeople();
    this.#takeAreas();
  }

  setLayers(layers: Layers): void {
    this.#crowd.setVisible(layers.people);
    this.#heat.sprite.visible = layers.heat;
    this.#devices.cameras.visible = layers.cameras;
    this.#devices.lines.visible = layers.lines;
    this.#isChanged = true;
  }

  setColours(colours: SceneColours): void {
    this.#areas.setColours(colours);
    this.#devices.setColours(colours);
    this.#takeAreas();
  }

  select(area: string | undefined): void {
    this.#areas.select(area);
    this.#isChanged = true;
  }

  /** Everybody, as each picture has them. */
  setPicture(picture: Picture | undefined): void {
    this.#picture = picture;
    this.#takePeople();
  }

  /** Areas and cameras, at the pace of the words over them: colour and letter never disagree. */
  setTold(picture: Picture | undefined): void {
    this.#told = picture;
    this.#takeAreas();
  }

  fit(): void {
    this.#isFitted = true;
    this.#look(this.#fitted());
  }

  zoomBy(factor: number, x = this.#app.screen.width / 2, y = this.#app.screen.height / 2): void {
    this.#isFitted = false;
    this.#look(zoomed(this.#view, factor, x, y, this.#fitted()));
  }

  panBy(dx: number, dy: number): void {
    this.#isFitted = false;
    const { width, height } = this.#app.screen;
    this.#look(moved(this.#view, dx, dy, { box: around(this.#floors), width, height }));
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.#stopListening();
    this.#crowdCanvas?.canvas.remove();
    this.#app.destroy({ removeView: true }, { children: true, texture: true, textureSource: true });
  }

  #takePeople(): void {
    this.#crowd.take(this.#picture, this.#floors);
    if (this.#picture !== undefined && this.#heat.take(this.#picture)) this.#isChanged = true;
  }

  #takeAreas(): void {
    if (this.#plan === undefined) return;
    const cameras = this.#told?.snapshot.cameras ?? [];
    const seeing = cameras.filter(({ state }) => state === 'seeing').map(({ camera }) => camera);
    this.#areas.take(areasNow(this.#plan, this.#told?.snapshot), new Set(seeing));
    this.#devices.take(cameras);
    this.#isChanged = true;
  }

  #draw(): void {
    const nowMs = performance.now();
    if (!this.#pace.isTime(nowMs)) return;
    const hasMoved = this.#crowd.draw(nowMs, this.#options.mayGlide);
    if (!hasMoved && !this.#isChanged) return;
    if (this.#isChanged || this.#crowdCanvas === undefined) this.#app.render();
    this.#isChanged = false;
    globalThis.hitonamiFrames = (globalThis.hitonamiFrames ?? 0) + 1;
  }

  #fitted(): View {
    const { width, height } = this.#app.screen;
    return fitted(around(this.#floors), width, height, this.#rem());
  }

  #rem(): number {
    return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  }

  #resized(): void {
    const { width, height } = this.#app.screen;
    this.#crowdCanvas?.resize(width, height);
    this.#crowd.setRem(this.#rem());
    if (this.#isFitted) this.fit();
    else this.#look(this.#view);
  }

  #look(view: View): void {
    const hasScaled = view.scale !== this.#view.scale;
    this.#view = view;
    this.#world.position.set(view.x, view.y);
    this.#world.scale.set(view.scale, -view.scale);
    if (hasScaled) {
      this.#areas.setScale(view.scale);
      this.#devices.setScale(view.scale);
    }
    this.#crowd.setView(view);
    this.#isChanged = true;
    this.#options.onView(view);
  }

  #areaAt(xPx: number, yPx: number): string | undefined {
    const { x, y, scale } = this.#view;
    const [px, py] = [(xPx - x) / scale, (y - yPx) / scale];
    return this.#plan?.areas.find((area) => {
      const floor = this.#floors.find((each) => each.floor === area.floor);
      return (
        floor !== undefined && isInside(area.polygon.coordinates, px - floor.dx, py - floor.dy)
      );
    })?.id;
  }
}
