import { Container, Graphics } from 'pixi.js';
import type { SitePlan } from '@hitonami/model';
import { isLevel, LOS_FILL, UNSEEN_FILL } from '../../shared/los.js';
import type { AreaNow } from '../danger.js';
import { hatch } from '../hatch.js';
import type { PlacedFloor } from '../layout.js';

type Rings = SitePlan['areas'][number]['polygon']['coordinates'];

/** Hatching lines of a floor are this share of its longer side apart, and never closer than half a metre. */
const HATCH_SHARE = 1 / 70;
const HATCH_MIN_M = 0.5;

interface Drawn {
  readonly fill: Graphics;
  readonly hatching: Graphics;
  readonly floor: PlacedFloor;
  readonly rings: Rings;
}

export interface AreaColours {
  readonly border: string;
  readonly selected: string;
  readonly hatching: string;
  /** Opacity of the levels A and B. */
  readonly calm: number;
}

/** Areas in the colour of their level; what no camera sees now is hatched, whatever the number of the area says. */
export class AreaLayer {
  readonly fills = new Container();
  readonly hatchings = new Container();
  readonly borders = new Graphics();
  readonly #drawn = new Map<string, Drawn>();
  #plan: SitePlan | undefined;
  #seeing = '';
  #scale = 1;
  #selected: string | undefined;
  #colours: AreaColours = { border: '#888', selected: '#fff', hatching: '#444', calm: 1 };

  setPlan(plan: SitePlan, floors: readonly PlacedFloor[]): void {
    this.#plan = plan;
    this.#seeing = '?';
    for (const child of [...this.fills.removeChildren(), ...this.hatchings.removeChildren()])
      child.destroy();
    this.#drawn.clear();
    for (const area of plan.areas) {
      const floor = floors.find((each) => each.floor === area.floor);
      if (floor === undefined) continue;
      const fill = new Graphics();
      trace(fill, area.polygon.coordinates, floor).fill('#ffffff');
      const holes = area.polygon.coordinates.slice(1);
      for (const hole of holes) trace(fill, [hole], floor).cut();
      fill.tint = UNSEEN_FILL;
      const hatching = new Graphics();
      this.fills.addChild(fill);
      this.hatchings.addChild(hatching);
      this.#drawn.set(area.id, { fill, hatching, floor, rings: area.polygon.coordinates });
    }
    this.#drawBorders();
  }

  setColours(colours: AreaColours): void {
    this.#colours = colours;
    this.#seeing = '?';
    this.#drawBorders();
  }

  setScale(scale: number): void {
    this.#scale = scale;
    this.#drawBorders();
  }

  select(area: string | undefined): void {
    this.#selected = area;
    this.#drawBorders();
  }

  /** @param seeing ids of the cameras that see now */
  take(areas: readonly AreaNow[], seeing: ReadonlySet<string>): void {
    for (const { plan, live, isSeen } of areas) {
      const drawn = this.#drawn.get(plan.id);
      if (drawn === undefined) continue;
      drawn.fill.tint = isSeen && isLevel(live?.los) ? LOS_FILL[live.los] : UNSEEN_FILL;
      const isCalm = live?.los === 'A' || live?.los === 'B';
      drawn.fill.alpha = isSeen ? (isCalm ? this.#colours.calm : 0.95) : 0.45;
    }
    const key = [...seeing].sort().join(' ');
    if (key === this.#seeing) return;
    this.#seeing = key;
    this.#drawHatchings(seeing);
  }

  #drawHatchings(seeing: ReadonlySet<string>): void {
    const cameras = this.#plan?.cameras.filter(({ id }) => seeing.has(id)) ?? [];
    for (const { hatching, floor, rings } of this.#drawn.values()) {
      hatching.clear();
      const { box } = floor;
      const side = Math.max(box.right - box.left, box.top - box.bottom);
      const spacing = Math.max(HATCH_MIN_M, side * HATCH_SHARE);
      const covers = cameras
        .filter((camera) => camera.floor === floor.floor)
        .map(({ coverage }) => coverage.coordinates);
      for (const { x1, y1, x2, y2 } of hatch(rings, covers, spacing))
        hatching.moveTo(x1 + floor.dx, y1 + floor.dy).lineTo(x2 + floor.dx, y2 + floor.dy);
      hatching.stroke({ color: this.#colours.hatching, width: spacing * 0.28 });
    }
  }

  #drawBorders(): void {
    const px = 1 / this.#scale;
    this.borders.clear();
    for (const { rings, floor } of this.#drawn.values())
      trace(this.borders, rings, floor).stroke({ color: this.#colours.border, width: 1.5 * px });
    const chosen = this.#selected === undefined ? undefined : this.#drawn.get(this.#selected);
    if (chosen !== undefined)
      trace(this.borders, chosen.rings, chosen.floor).stroke({
        color: this.#colours.selected,
        width: 5 * px,
      });
  }
}

export function trace(graphics: Graphics, rings: Rings, { dx, dy }: PlacedFloor): Graphics {
  for (const ring of rings)
    graphics.poly(
      ring.flatMap(([x, y]) => [x + dx, y + dy]),
      true,
    );
  return graphics;
}
