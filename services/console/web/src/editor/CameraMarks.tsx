import type { PointerEvent } from 'react';
import { placeOfCamera } from '@hitonami/model';
import { withValue, type Draft, type Point, type ShapeRef } from './document.js';

/** What of a camera can be moved: where it hangs, or one of its calibration points. */
export type Mark = { camera: number } & ({ kind: 'place' } | { kind: 'point'; point: number });

/** The plan with a mark at another place of the floor. A camera's own place then is stated, and follows from nothing. */
export function markMoved(plan: Draft, mark: Mark, [x, y]: Point): Draft {
  const camera = plan.cameras[mark.camera];
  if (camera === undefined) return plan;
  if (mark.kind === 'place') {
    const heightM = Math.round((placeOfCamera(camera)?.heightM ?? 3) * 100) / 100;
    return withValue(plan, ['cameras', mark.camera, 'position'], { x, y, heightM });
  }
  const point = camera.calibration?.points?.[mark.point];
  if (point === undefined) return plan;
  const path = ['cameras', mark.camera, 'calibration', 'points', mark.point];
  return withValue(plan, path, { ...point, x, y });
}

/** Where the cameras of a floor hang, and the calibration points of the one that is selected. */
export function CameraMarks({
  plan,
  floor,
  selected,
  unit,
  onPress,
}: {
  readonly plan: Draft;
  readonly floor: string;
  readonly selected: ShapeRef | undefined;
  /** Metres of a pixel. */
  readonly unit: number;
  readonly onPress: (event: PointerEvent, mark: Mark) => void;
}) {
  return plan.cameras.map((camera, index) => {
    if (camera.floor !== floor) return null;
    const place = placeOfCamera(camera);
    const isSelected = selected?.list === 'cameras' && selected.index === index;
    const r = 7 * unit;
    return (
      <g key={index} className={isSelected ? 'camera-mark is-selected' : 'camera-mark'}>
        {place === undefined ? null : (
          <g
            transform={`translate(${place.x} ${-place.y}) scale(${unit})`}
            onPointerDown={(event) => onPress(event, { camera: index, kind: 'place' })}
          >
            <circle r={14} className="grip" />
            <path d="M-10 -6H3V6H-10ZM4 -2L10 -6V6L4 2Z" />
          </g>
        )}
        {(isSelected ? (camera.calibration?.points ?? []) : []).map(({ x, y }, i) => (
          <g
            key={i}
            className="calibration-point"
            onPointerDown={(event) => onPress(event, { camera: index, kind: 'point', point: i })}
          >
            <circle cx={x} cy={-y} r={2 * r} className="grip" />
            <path d={`M${x - r} ${-y}H${x + r}M${x} ${-y - r}V${-y + r}`} />
            <text x={x + r} y={-y - r} fontSize={12 * unit}>
              {i + 1}
            </text>
          </g>
        ))}
      </g>
    );
  });
}
