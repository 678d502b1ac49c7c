import { useEffect, useLayoutEffect, useState, type RefObject } from 'react';
import type { Point } from './document.js';
import type { Box } from './geometry.js';

/** What part of the floor is shown: metres, y north. */
export interface View {
  x: number;
  y: number;
  width: number;
  height: number;
}

const ZOOM_STEP = 1.25;
const WIDTH_MIN_M = 1;
const WIDTH_MAX_M = 20_000;

export function viewOf(box: Box | undefined): View {
  const { minX, minY, maxX, maxY } = box ?? { minX: 0, minY: 0, maxX: 20, maxY: 12 };
  const margin = 0.06 * Math.max(maxX - minX, maxY - minY) + 0.5;
  return {
    x: minX - margin,
    y: minY - margin,
    width: maxX - minX + 2 * margin,
    height: maxY - minY + 2 * margin,
  };
}

/** Nearer or farther about a point that stays where it is. */
export function zoomed(view: View, about: Point, steps: number): View {
  const factor = ZOOM_STEP ** -steps;
  const width = Math.min(WIDTH_MAX_M, Math.max(WIDTH_MIN_M, view.width * factor));
  const by = width / view.width;
  return {
    x: about[0] - (about[0] - view.x) * by,
    y: about[1] - (about[1] - view.y) * by,
    width,
    height: view.height * by,
  };
}

/** The view of a drawing, its scale (metres per pixel, and per sixteenth of the page's font), and the wheel (with Ctrl) that changes it. */
export function useView(svg: RefObject<SVGSVGElement | null>, whole: View, floor: string) {
  const [kept, setKept] = useState({ view: whole, floor });
  const view = kept.floor === floor ? kept.view : whole;
  const [size, setSize] = useState({ width: 800, height: 500 });
  const setView = (change: (view: View) => View): void =>
    setKept((before) => ({ floor, view: change(before.floor === floor ? before.view : whole) }));
  useLayoutEffect(() => {
    const box = svg.current;
    if (box === null) return undefined;
    const observer = new ResizeObserver(() =>
      setSize({ width: box.clientWidth, height: box.clientHeight }),
    );
    observer.observe(box);
    return () => observer.disconnect();
  }, [svg]);
  useEffect(() => {
    const box = svg.current;
    if (box === null) return undefined;
    // React listens passively: the page would zoom along.
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const about = floorPoint(box, event.clientX, event.clientY);
      setKept((before) => ({
        ...before,
        view: zoomed(before.view, about, event.deltaY < 0 ? 1 : -1),
      }));
    };
    box.addEventListener('wheel', onWheel, { passive: false });
    return () => box.removeEventListener('wheel', onWheel);
  }, [svg]);
  const metresPerPx = Math.max(
    view.width / Math.max(1, size.width),
    view.height / Math.max(1, size.height),
  );
  // What is written and grasped grows with the page: a wall of screens is looked at from afar.
  const grown = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
  return { view, setView, metresPerPx, unit: metresPerPx * grown };
}

/** Where on the floor a place of the screen is. The drawing's y points down, the floor's north. */
export function floorPoint(svg: SVGSVGElement, clientX: number, clientY: number): Point {
  const matrix = svg.getScreenCTM();
  if (matrix === null) return [0, 0];
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse());
  return [x, -y];
}
