import { useId, type Ref } from 'react';
import type { SitePlan } from '@hitonami/model';
import { boxOf, cornersOf, middleOf, type Box } from '../editor/geometry.js';
import type { Palette } from '../charts/palette.js';
import { isLevel, LOS_FILL, LOS_TEXT } from '../shared/los.js';
import type { AreaState, LineState } from './state.js';

/** Arrows lie on bright levels and on the ground of either theme: dark with a bright edge is seen on each. */
const INK = '#10181f';
const HALO = '#ffffff';
/** Width of a line for so many persons/min, metres; no wider than this. */
const LINE_M_MAX = 1.2;
const FLOW_FULL = 120;

/**
 * One floor with areas by level and lines by flow. Colours are attributes, not styles: the same picture is saved as PNG.
 * Text is sized to the drawing, so that it is read on a phone and on a wall.
 */
export function PlanPicture({
  plan,
  floor,
  areas,
  lines,
  palette,
  label,
  say,
  ref,
}: {
  readonly plan: SitePlan;
  readonly floor: string;
  readonly areas: ReadonlyMap<string, AreaState>;
  readonly lines: ReadonlyMap<string, LineState>;
  readonly palette: Palette;
  readonly label: string;
  readonly say: (text: SitePlan['name']) => string;
  readonly ref?: Ref<SVGSVGElement>;
}) {
  const id = useId();
  const shownAreas = plan.areas.filter((area) => area.floor === floor);
  const shownLines = plan.lines.filter((line) => line.floor === floor);
  const shownCameras = plan.cameras.filter((camera) => camera.floor === floor);
  const box = boxOf(
    [
      ...shownAreas.map((area) => area.polygon.coordinates.flat()),
      ...shownLines.map((line) => [...line.line.coordinates]),
      ...shownCameras.map((camera) => camera.coverage.coordinates.flat()),
    ].flat(),
  ) ?? { minX: 0, minY: 0, maxX: 10, maxY: 10 };
  const [width, height] = [box.maxX - box.minX, box.maxY - box.minY];
  const margin = 0.03 * Math.max(width, height) + 0.5;
  const font = Math.max(0.45, Math.min(width, 2 * height) / 32);
  const y = (value: number): number => -value;
  const path = (rings: readonly (readonly (readonly [number, number])[])[]): string =>
    rings
      .map(
        (ring) =>
          `M${cornersOf(ring)
            .map(([px, py]) => `${px} ${y(py)}`)
            .join('L')}Z`,
      )
      .join('');
  return (
    <svg
      ref={ref}
      className="plan-picture"
      role="img"
      aria-label={label}
      viewBox={`${box.minX - margin} ${-box.maxY - margin} ${width + 2 * margin} ${height + 2 * margin}`}
      xmlns="http://www.w3.org/2000/svg"
      fontFamily="system-ui, 'Hiragino Sans', 'Noto Sans JP', 'Noto Sans CJK JP', Meiryo, sans-serif"
    >
      <defs>
        <pattern
          id={`${id}hatch`}
          width={font}
          height={font}
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width={font} height={font} fill={palette.surface} />
          <rect width={font * 0.3} height={font} fill={palette.unseen} />
        </pattern>
      </defs>
      {shownCameras.map((camera) => (
        <path
          key={camera.id}
          d={path(camera.coverage.coordinates)}
          fill="none"
          stroke={palette.grid}
          strokeWidth={font * 0.06}
          strokeDasharray={`${font * 0.3} ${font * 0.3}`}
        />
      ))}
      {shownAreas.map((area) => {
        const state = areas.get(area.id);
        const level = isLevel(state?.level) ? state.level : undefined;
        const [cx, cy] = middleOf(area.polygon.coordinates[0] ?? []);
        const name = say(area.name);
        const size = fitted(font, name, boxOf(area.polygon.coordinates[0] ?? []));
        const ink = level === undefined ? palette.text : LOS_TEXT[level];
        const halo = level === undefined ? palette.surface : LOS_FILL[level];
        return (
          <g key={area.id}>
            <path
              d={path(area.polygon.coordinates)}
              fillRule="evenodd"
              fill={level === undefined ? `url(#${id}hatch)` : LOS_FILL[level]}
              stroke={palette.text}
              strokeWidth={font * 0.08}
              strokeDasharray={
                state?.isDoubtful === true ? `${font * 0.5} ${font * 0.25}` : undefined
              }
            />
            <text
              x={cx}
              y={y(cy)}
              fontSize={size}
              textAnchor="middle"
              fill={ink}
              stroke={halo}
              strokeWidth={size * 0.25}
              paintOrder="stroke"
            >
              <tspan x={cx}>{name}</tspan>
              <tspan x={cx} dy={size * 1.15} fontWeight="bold">
                {state?.text ?? ''}
              </tspan>
            </text>
          </g>
        );
      })}
      {shownLines.map((line) => (
        <FlowLine
          key={line.id}
          ends={line.line.coordinates}
          state={lines.get(line.id)}
          font={font}
          palette={palette}
        />
      ))}
    </svg>
  );
}

/** Smaller where the name would not fit across its area; never so small that nobody reads it. */
function fitted(font: number, name: string, box: Box | undefined): number {
  if (box === undefined) return font;
  const wide = Array.from(name).reduce((sum, letter) => sum + (letter > '\u2e7f' ? 1 : 0.56), 0);
  return Math.max(font * 0.5, Math.min(font, (0.92 * (box.maxX - box.minX)) / Math.max(1, wide)));
}

type Point = readonly [number, number];

/** A count line with an arrow each way, as wide as its flow. Forward crosses to the left of its direction. */
function FlowLine({
  ends: [a, b],
  state,
  font,
  palette,
}: {
  readonly ends: readonly [Point, Point];
  readonly state: LineState | undefined;
  readonly font: number;
  readonly palette: Palette;
}) {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  const [ux, uy] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
  const middle: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  // Left of the direction, on a floor with y north.
  const left: Point = [-uy, ux];
  const arrow = (sign: 1 | -1, perMin: number | null | undefined, shift: number) => {
    if (perMin == null || perMin <= 0) return null;
    const wide = Math.max(
      0.12 * font,
      LINE_M_MAX * font * Math.sqrt(Math.min(1, perMin / FLOW_FULL)) * 0.5,
    );
    const from: Point = [
      middle[0] + ux * shift - left[0] * sign * font * 0.5,
      middle[1] + uy * shift - left[1] * sign * font * 0.5,
    ];
    const tip: Point = [
      from[0] + left[0] * sign * font * 2.2,
      from[1] + left[1] * sign * font * 2.2,
    ];
    const neck: Point = [
      tip[0] - left[0] * sign * font * 0.9,
      tip[1] - left[1] * sign * font * 0.9,
    ];
    const head = wide * 0.5 + font * 0.3;
    return (
      <g key={sign} fill={INK} stroke={HALO} strokeWidth={font * 0.12} paintOrder="stroke">
        <line
          x1={from[0]}
          y1={-from[1]}
          x2={neck[0]}
          y2={-neck[1]}
          stroke={HALO}
          strokeWidth={wide + font * 0.12}
        />
        <line
          x1={from[0]}
          y1={-from[1]}
          x2={neck[0]}
          y2={-neck[1]}
          stroke={INK}
          strokeWidth={wide}
        />
        <path
          d={`M${tip[0]} ${-tip[1]}L${neck[0] + ux * head} ${-(neck[1] + uy * head)}L${neck[0] - ux * head} ${-(neck[1] - uy * head)}Z`}
        />
        <text
          x={tip[0] + left[0] * sign * font * 0.7}
          y={-(tip[1] + left[1] * sign * font * 0.7) + font * 0.3}
          fontSize={font * 0.8}
          textAnchor="middle"
          strokeWidth={font * 0.3}
          paintOrder="stroke"
        >
          {Math.round(perMin)}
        </text>
      </g>
    );
  };
  return (
    <g>
      <line
        x1={a[0]}
        y1={-a[1]}
        x2={b[0]}
        y2={-b[1]}
        stroke={state === undefined ? palette.unseen : palette.text}
        strokeWidth={font * 0.16}
        strokeDasharray={state === undefined ? `${font * 0.3} ${font * 0.3}` : undefined}
      />
      {arrow(1, state?.forwardPerMin, -0.22 * length)}
      {arrow(-1, state?.backwardPerMin, 0.22 * length)}
    </g>
  );
}
