import type { PointerEvent } from 'react';
import { ringsOf, type Draft, type ShapeRef } from './document.js';
import type { Drag } from './drag.js';
import { cornersOf } from './geometry.js';

/** Corners of the selected shape to drag, and the middles of its edges for new ones. */
export function Handles({
  plan,
  shape,
  corner,
  unit,
  isReadOnly,
  onPress,
}: {
  readonly plan: Draft;
  readonly shape: ShapeRef;
  readonly corner: { ring: number; corner: number } | undefined;
  readonly unit: number;
  readonly isReadOnly: boolean;
  readonly onPress: (event: PointerEvent, drag: Drag) => void;
}) {
  if (isReadOnly) return null;
  return ringsOf(plan, shape).map((ring, r) => {
    const corners = cornersOf(ring);
    const isLine = shape.list === 'lines';
    return (
      <g key={r}>
        {isLine
          ? null
          : corners.map(([x, y], i) => {
              const next = corners[(i + 1) % corners.length] ?? [x, y];
              const [mx, my] = [(x + next[0]) / 2, (y + next[1]) / 2];
              return (
                <circle
                  key={`m${i}`}
                  className="handle-middle"
                  cx={mx}
                  cy={-my}
                  r={5 * unit}
                  onPointerDown={(event) =>
                    onPress(event, { kind: 'edge', ref: { ...shape, ring: r, corner: i } })
                  }
                />
              );
            })}
        {corners.map(([x, y], i) => (
          <circle
            key={`c${i}`}
            className={corner?.ring === r && corner.corner === i ? 'handle is-selected' : 'handle'}
            cx={x}
            cy={-y}
            r={7 * unit}
            onPointerDown={(event) =>
              onPress(event, { kind: 'corner', ref: { ...shape, ring: r, corner: i } })
            }
          />
        ))}
      </g>
    );
  });
}
