import type { PointerEvent } from 'react';
import {
  ringsOf,
  sameShape,
  type Draft,
  type ShapeList,
  type ShapeRef,
  type Text,
} from './document.js';
import { cornersOf, middleOf } from './geometry.js';
import { shapeKey, type PlanIssue } from './issues.js';

/** Cameras lie under areas, lines on top: what is small must be reached. */
const ORDER: readonly ShapeList[] = ['cameras', 'areas', 'lines'];

/** Every shape of a floor. */
export function Shapes({
  plan,
  floor,
  selected,
  issues,
  unit,
  say,
  onPress,
}: {
  readonly plan: Draft;
  readonly floor: string;
  readonly selected: ShapeRef | undefined;
  readonly issues: ReadonlyMap<string, readonly PlanIssue[]>;
  /** Metres of a pixel. */
  readonly unit: number;
  readonly say: (text: Text) => string;
  readonly onPress: (event: PointerEvent, ref: ShapeRef) => void;
}) {
  return ORDER.map((list) =>
    plan[list].map((shape, index) => {
      if (shape.floor !== floor) return null;
      const ref = { list, index };
      const rings = ringsOf(plan, ref);
      const isSelected = sameShape(ref, selected);
      const wrong = issues.get(shapeKey(ref));
      const name = 'name' in shape ? say(shape.name as Text) : shape.id;
      const { x, y, anchor } = labelPlace(list, rings[0] ?? [], unit);
      return (
        <g
          key={shapeKey(ref)}
          className={`shape ${list} ${isSelected ? 'is-selected' : ''} ${wrong ? 'is-wrong' : ''}`}
          onPointerDown={(event) => onPress(event, ref)}
        >
          {list === 'lines' ? (
            <LineShape ring={rings[0] ?? []} unit={unit} />
          ) : (
            <path
              d={rings
                .map(
                  (ring) =>
                    `M${cornersOf(ring)
                      .map(([px, py]) => `${px} ${-py}`)
                      .join('L')}Z`,
                )
                .join('')}
              fillRule="evenodd"
            />
          )}
          <text
            x={x}
            y={-y}
            fontSize={(list === 'cameras' ? 11 : 13) * unit}
            strokeWidth={3 * unit}
            textAnchor={anchor}
            dominantBaseline="middle"
          >
            {wrong ? '⚠ ' : ''}
            {name}
          </text>
        </g>
      );
    }),
  );
}

/** A count line with an arrow to its left: forward. */
function LineShape({
  ring,
  unit,
}: {
  readonly ring: readonly (readonly [number, number])[];
  readonly unit: number;
}) {
  const [a, b] = ring;
  if (a === undefined || b === undefined) return null;
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  const [ux, uy] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
  const [mx, my] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const [nx, ny] = [-uy, ux];
  const [tipX, tipY] = [mx + nx * 20 * unit, my + ny * 20 * unit];
  const [neckX, neckY] = [mx + nx * 12 * unit, my + ny * 12 * unit];
  const w = 5 * unit;
  return (
    <>
      <path className="line-grip" d={`M${a[0]} ${-a[1]}L${b[0]} ${-b[1]}`} />
      <path className="line-stroke" d={`M${a[0]} ${-a[1]}L${b[0]} ${-b[1]}`} />
      <path
        className="line-arrow"
        d={`M${mx} ${-my}L${neckX} ${-neckY}M${tipX} ${-tipY}L${neckX + ux * w} ${-(neckY + uy * w)}L${neckX - ux * w} ${-(neckY - uy * w)}Z`}
      />
    </>
  );
}

type Ring = readonly (readonly [number, number])[];

/**
 * Where a name stands: an area's in its middle, a camera's at its northernmost corner (coverages overlap, their middles lie
 * together), a line's behind it, where its arrow is not.
 */
function labelPlace(
  list: ShapeList,
  ring: Ring,
  unit: number,
): { x: number; y: number; anchor: 'start' | 'middle' | 'end' } {
  const [a, b] = ring;
  const [mx, my] = middleOf(ring);
  if (list === 'cameras') {
    const top = ring.reduce((best, point) => (point[1] > best[1] ? point : best), a ?? [mx, my]);
    return { x: top[0], y: top[1] + 8 * unit, anchor: 'middle' };
  }
  if (list === 'areas' || a === undefined || b === undefined)
    return { x: mx, y: my, anchor: 'middle' };
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  const [nx, ny] = [-(b[1] - a[1]) / length, (b[0] - a[0]) / length];
  const anchor = nx > 0.5 ? 'end' : nx < -0.5 ? 'start' : 'middle';
  return { x: mx - nx * 8 * unit, y: my - ny * 14 * unit, anchor };
}
