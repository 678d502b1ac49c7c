/** What pointers, the wheel and keys ask of a plan. Positions and distances are CSS pixels of the element. */
export interface Gestures {
  readonly pan: (dx: number, dy: number) => void;
  readonly zoom: (factor: number, x: number, y: number) => void;
  readonly fit: () => void;
  readonly tap: (x: number, y: number) => void;
}

const TAP_MAX_PX = 6;
const KEY_PAN_PX = 60;
const KEY_ZOOM = 1.3;
const WHEEL_ZOOM = 0.0016;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Listens on an element; returns what ends it. */
export function listen(element: HTMLElement, asks: Gestures): () => void {
  const pointers = new Map<number, Point>();
  let travelled = 0;
  const where = (event: MouseEvent): Point => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    travelled = 0;
    pointers.set(event.pointerId, where(event));
    element.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId);
    if (before === undefined) return;
    const now = where(event);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    travelled += Math.hypot(now.x - before.x, now.y - before.y);
    if (other === undefined) {
      asks.pan(now.x - before.x, now.y - before.y);
      return;
    }
    const distance = (p: Point) => Math.max(1, Math.hypot(p.x - other.x, p.y - other.y));
    asks.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    asks.zoom(distance(now) / distance(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
  };
  const up = (event: PointerEvent) => {
    const at = pointers.get(event.pointerId);
    pointers.delete(event.pointerId);
    if (
      at !== undefined &&
      event.type === 'pointerup' &&
      travelled < TAP_MAX_PX &&
      pointers.size === 0
    )
      asks.tap(at.x, at.y);
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const { x, y } = where(event);
    const px = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * 16;
    asks.zoom(Math.exp(-px * WHEEL_ZOOM), x, y);
  };
  const key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const middle: Point = { x: element.clientWidth / 2, y: element.clientHeight / 2 };
    const deeds: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => asks.pan(KEY_PAN_PX, 0),
      ArrowRight: () => asks.pan(-KEY_PAN_PX, 0),
      ArrowUp: () => asks.pan(0, KEY_PAN_PX),
      ArrowDown: () => asks.pan(0, -KEY_PAN_PX),
      '+': () => asks.zoom(KEY_ZOOM, middle.x, middle.y),
      ';': () => asks.zoom(KEY_ZOOM, middle.x, middle.y),
      '-': () => asks.zoom(1 / KEY_ZOOM, middle.x, middle.y),
      '0': () => asks.fit(),
    };
    const deed = deeds[event.key];
    if (deed === undefined) return;
    event.preventDefault();
    deed();
  };
  element.addEventListener('pointerdown', down);
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', up);
  element.addEventListener('pointercancel', up);
  element.addEventListener('wheel', wheel, { passive: false });
  element.addEventListener('keydown', key);
  return () => {
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', up);
    element.removeEventListener('pointercancel', up);
    element.removeEventListener('wheel', wheel);
    element.removeEventListener('keydown', key);
  };
}
