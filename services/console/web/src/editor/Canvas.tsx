import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useSay, useWords } from '../shared/i18n.js';
import {
  sameShape,
  SHAPE_LISTS,
  shapeAt,
  type Draft,
  type Point,
  type ShapeRef,
  ringsOf,
} from './document.js';
import { dragged, type Drag } from './drag.js';
import { boxOf, distance, roundedPoint } from './geometry.js';
import { CameraMarks, markMoved, type Mark } from './CameraMarks.js';
import { shapeKey, type PlanIssue } from './issues.js';
import { moveCorner, moveShape } from './operations.js';
import { Shapes } from './Shapes.js';
import { Handles } from './Handles.js';
import { snap, snapTargets } from './snap.js';
import type { EditorAction, EditorState } from './state.js';
import { floorPoint, useView, viewOf, zoomed } from './use-view-box.js';
import { words } from './words.js';

/** How near the pointer must come to catch, px. */
const REACH_PX = 10;
const NUDGE_M = 0.1;
const NUDGE_FAR_M = 1;
/** A press that moves less is a click, px. */
const CLICK_PX = 4;

type Moving =
  | { kind: 'pan'; x: number; y: number; hasMoved: boolean }
  | { kind: 'mark'; mark: Mark }
  | { kind: 'drag'; drag: Drag; x: number; y: number; hasMoved: boolean };

/** The floor with its shapes, to draw and move them with pointer, pen, finger or keys. */
export function Canvas({
  state,
  act,
  issues,
  isReadOnly,
}: {
  readonly state: EditorState;
  readonly act: (action: EditorAction) => void;
  readonly issues: ReadonlyMap<string, readonly PlanIssue[]>;
  readonly isReadOnly: boolean;
}) {
  const t = useWords(words);
  const say = useSay();
  const svg = useRef<SVGSVGElement>(null);
  const { present } = state.plan;
  const whole = useMemo(() => viewOf(floorBox(present, state.floor)), [present, state.floor]);
  // What is whole is settled when the floor is opened: the picture must not jump while a shape is moved.
  const [opened, setOpened] = useState({ floor: state.floor, whole });
  if (opened.floor !== state.floor) setOpened({ floor: state.floor, whole });
  const { view, setView, metresPerPx, unit } = useView(svg, opened.whole, state.floor);
  const [moving, setMoving] = useState<Moving>();
  const [preview, setPreview] = useState<Draft>();
  const [pointer, setPointer] = useState<Point>();
  const except =
    moving?.kind === 'drag'
      ? { list: moving.drag.ref.list, index: moving.drag.ref.index }
      : undefined;
  const targets = useMemo(
    () => snapTargets(present, state.floor, except),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- by what the reference says, not by the object
    [present, state.floor, except?.list, except?.index],
  );
  const options = { reachM: REACH_PX * unit, gridM: state.gridM, isOn: state.isSnapping };
  const plan = preview ?? present;
  const at = (event: { clientX: number; clientY: number }): Point =>
    svg.current === null ? [0, 0] : floorPoint(svg.current, event.clientX, event.clientY);
  const isDrawing = state.tool !== 'select';
  const begin = (event: PointerEvent, drag?: Drag): void => {
    if (event.button !== 0) return;
    svg.current?.focus({ preventScroll: true });
    if (isDrawing) return;
    event.stopPropagation();
    svg.current?.setPointerCapture(event.pointerId);
    const { clientX: x, clientY: y } = event;
    if (drag === undefined) {
      setMoving({ kind: 'pan', x, y, hasMoved: false });
      return;
    }
    const { ref } = drag;
    act({
      type: 'select',
      shape: { list: ref.list, index: ref.index },
      ...(drag.kind === 'corner' && { corner: { ring: drag.ref.ring, corner: drag.ref.corner } }),
    });
    if (!isReadOnly) setMoving({ kind: 'drag', drag, x, y, hasMoved: false });
  };

  const move = (event: PointerEvent): void => {
    const place = at(event);
    if (isDrawing) setPointer(snap(place, targets, options).point);
    if (moving === undefined) return;
    if (moving.kind === 'mark') {
      setPreview(markMoved(present, moving.mark, roundedPoint(place)));
      return;
    }
    const hasMoved =
      moving.hasMoved || Math.hypot(event.clientX - moving.x, event.clientY - moving.y) > CLICK_PX;
    if (moving.kind === 'pan') {
      const [dx, dy] = [event.clientX - moving.x, event.clientY - moving.y];
      if (!hasMoved) return;
      setMoving({ kind: 'pan', x: event.clientX, y: event.clientY, hasMoved });
      setView((v) => ({ ...v, x: v.x - dx * metresPerPx, y: v.y + dy * metresPerPx }));
      return;
    }
    if (!hasMoved) return;
    if (!moving.hasMoved) setMoving({ ...moving, hasMoved });
    setPreview(dragged(present, moving.drag, place, targets, options));
  };

  const end = (): void => {
    if (moving?.kind === 'drag' && preview !== undefined) {
      const done = preview;
      act({ type: 'change', change: () => done });
      if (moving.drag.kind === 'edge') {
        const { ring, corner, list, index } = moving.drag.ref;
        act({ type: 'select', shape: { list, index }, corner: { ring, corner: corner + 1 } });
      }
    }
    if (moving?.kind === 'pan' && !moving.hasMoved) act({ type: 'select', shape: undefined });
    if (moving?.kind === 'mark' && preview !== undefined) {
      const done = preview;
      act({ type: 'change', change: () => done });
    }
    setMoving(undefined);
    setPreview(undefined);
  };

  const click = (event: PointerEvent): void => {
    if (!isDrawing || event.button !== 0 || isReadOnly) return;
    const { point } = snap(at(event), targets, options);
    const first = state.drawing[0];
    const isClosing =
      first !== undefined &&
      state.drawing.length >= 3 &&
      distance(first, at(event)) <= options.reachM;
    act(isClosing ? { type: 'finish' } : { type: 'draw', point });
  };

  const onKey = (event: KeyboardEvent): void => {
    const by = event.shiftKey ? NUDGE_FAR_M : NUDGE_M;
    const shift: Record<string, Point> = {
      ArrowLeft: [-by, 0],
      ArrowRight: [by, 0],
      ArrowUp: [0, by],
      ArrowDown: [0, -by],
    };
    const nudge = shift[event.key];
    const { selected, corner } = state;
    if (nudge !== undefined && selected !== undefined && !isReadOnly) {
      event.preventDefault();
      const about = `nudge ${shapeKey(selected)} ${corner === undefined ? '' : `${corner.ring} ${corner.corner}`}`;
      act({
        type: 'change',
        about,
        change: (before) => {
          if (corner === undefined) return moveShape(before, selected, ...nudge);
          const [x, y] = ringsOf(before, selected)[corner.ring]?.[corner.corner] ?? [0, 0];
          return moveCorner(before, { ...selected, ...corner }, [x + nudge[0], y + nudge[1]]);
        },
      });
      return;
    }
    const does: Record<string, EditorAction> = isReadOnly
      ? {}
      : { Delete: { type: 'remove' }, Backspace: { type: 'remove' }, Enter: { type: 'finish' } };
    const action = event.key === 'Escape' ? ({ type: 'cancel' } as const) : does[event.key];
    if (action === undefined) return;
    event.preventDefault();
    act(action);
  };

  // A picture that is being changed is given up when its window loses the pointer.
  useEffect(() => {
    const drop = (): void => {
      setMoving(undefined);
      setPreview(undefined);
    };
    window.addEventListener('blur', drop);
    return () => window.removeEventListener('blur', drop);
  }, []);

  const middle: Point = [view.x + view.width / 2, view.y + view.height / 2];
  const drawn = pointer === undefined || !isDrawing ? state.drawing : [...state.drawing, pointer];
  return (
    <div className="canvas-box">
      <svg
        ref={svg}
        className={`canvas ${isDrawing ? 'is-drawing' : ''}`}
        viewBox={`${view.x} ${-(view.y + view.height)} ${view.width} ${view.height}`}
        tabIndex={0}
        role="application"
        aria-label={t.canvas}
        aria-describedby="canvas-help"
        onPointerDown={(event) => begin(event)}
        onPointerMove={move}
        onPointerUp={(event) => {
          click(event);
          end();
        }}
        onPointerCancel={end}
        onDoubleClick={() => act({ type: 'finish' })}
        onKeyDown={onKey}
      >
        <Grid view={view} gridM={state.gridM} metresPerPx={metresPerPx} />
        <Shapes
          plan={plan}
          floor={state.floor}
          selected={state.selected}
          issues={issues}
          unit={unit}
          say={say}
          onPress={(event, ref) => begin(event, { kind: 'shape', ref, from: at(event) })}
        />
        {state.selected !== undefined && shapeAt(plan, state.selected)?.floor === state.floor ? (
          <Handles
            plan={plan}
            shape={state.selected}
            corner={state.corner}
            unit={unit}
            isReadOnly={isReadOnly}
            onPress={begin}
          />
        ) : null}
        <CameraMarks
          plan={plan}
          floor={state.floor}
          selected={state.selected}
          unit={unit}
          onPress={(event, mark) => {
            if (isDrawing || event.button !== 0) return;
            event.stopPropagation();
            const shape: ShapeRef = { list: 'cameras', index: mark.camera };
            const isSelected = sameShape(shape, state.selected);
            if (!isSelected) act({ type: 'select', shape });
            if (isReadOnly || !isSelected) return;
            svg.current?.setPointerCapture(event.pointerId);
            setMoving({ kind: 'mark', mark });
          }}
        />
        {drawn.length > 0 ? (
          <g className="drawing">
            <polyline points={drawn.map(([x, y]) => `${x},${-y}`).join(' ')} />
            {drawn.map(([x, y], i) => (
              <circle key={i} cx={x} cy={-y} r={4 * unit} />
            ))}
          </g>
        ) : null}
      </svg>
      <div className="canvas-zoom">
        <button
          type="button"
          className="button icon"
          aria-label={t.zoomIn}
          onClick={() => setView((v) => zoomed(v, middle, 1))}
        >
          ＋
        </button>
        <button
          type="button"
          className="button icon"
          aria-label={t.zoomOut}
          onClick={() => setView((v) => zoomed(v, middle, -1))}
        >
          －
        </button>
        <button
          type="button"
          className="button small"
          onClick={() => setView(() => viewOf(floorBox(present, state.floor)))}
        >
          {t.fit}
        </button>
      </div>
      <p id="canvas-help" className="quiet canvas-help">
        {isDrawing ? (state.tool === 'lines' ? t.drawingLine : t.drawing) : t.canvasHelp}
      </p>
    </div>
  );
}

function floorBox(plan: Draft, floor: string) {
  const points = SHAPE_LISTS.flatMap((list) =>
    plan[list].flatMap((_, index) => {
      const ref: ShapeRef = { list, index };
      return shapeAt(plan, ref)?.floor === floor ? ringsOf(plan, ref).flat() : [];
    }),
  );
  return boxOf(points);
}

/** Lines every so many metres, thinned so that they never fill the picture. */
function Grid({
  view,
  gridM,
  metresPerPx,
}: {
  readonly view: { x: number; y: number; width: number; height: number };
  readonly gridM: number;
  readonly metresPerPx: number;
}) {
  let every = gridM > 0 ? gridM : 1;
  while (every / metresPerPx < 14) every *= every.toString().startsWith('2') ? 2.5 : 2;
  const path: string[] = [];
  // The drawing keeps its proportions, so more than the view may show.
  const [left, right] = [view.x - view.width, view.x + 2 * view.width];
  const [bottom, top] = [view.y - view.height, view.y + 2 * view.height];
  for (let x = Math.ceil(left / every) * every; x <= right; x += every)
    path.push(`M${x} ${-top}V${-bottom}`);
  for (let y = Math.ceil(bottom / every) * every; y <= top; y += every)
    path.push(`M${left} ${-y}H${right}`);
  return <path className="grid-lines" d={path.join('')} aria-hidden="true" />;
}
