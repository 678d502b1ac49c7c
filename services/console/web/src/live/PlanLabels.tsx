import { useMemo } from 'react';
import type { CSSProperties } from 'react';
import { figure } from '../shared/format.js';
import { useSay, useWords } from '../shared/i18n.js';
import { isLevel, LOS_FILL, LOS_TEXT } from '../shared/los.js';
import { usePlan } from '../shared/site.js';
import { areasNow } from './danger.js';
import type { AreaNow } from './danger.js';
import { cameraPoint, labelPoint, labelRoom } from './layout.js';
import type { PlacedFloor } from './layout.js';
import { usePicture } from './LiveProvider.js';
import type { Layers } from './scene/plan-scene.js';
import { words } from './words.js';

/** Where a label stands on the plan, metres; the overlay's properties turn them into pixels. */
function at(x: number, y: number, room?: readonly [number, number]): CSSProperties {
  return {
    '--at-x': x,
    '--at-y': y,
    ...(room === undefined ? {} : { '--room-w': room[0], '--room-h': room[1] }),
  } as CSSProperties;
}

/** Everything written over the plan. For the eye alone: the tables beside it say the same. */
export function PlanLabels({
  floors,
  layers,
}: {
  readonly floors: readonly PlacedFloor[];
  readonly layers: Layers;
}) {
  const plan = usePlan();
  const say = useSay();
  const picture = usePicture();
  const spots = useMemo(
    () =>
      new Map(
        plan.areas.map(({ id, polygon }) => {
          const point = labelPoint(polygon.coordinates);
          return [id, { point, room: labelRoom(polygon.coordinates, point) }];
        }),
      ),
    [plan],
  );
  const placed = (id: string) => floors.find(({ floor }) => floor === id);
  return (
    <>
      {floors.length < 2
        ? null
        : floors.map(({ floor, box }) => {
            const named = plan.floors.find(({ id }) => id === floor);
            return (
              <span key={floor} className="label-floor" style={at(box.left, box.top)}>
                {named === undefined ? floor : say(named.name)}
              </span>
            );
          })}
      {areasNow(plan, picture?.snapshot).map((area) => {
        const floor = placed(area.plan.floor);
        const spot = spots.get(area.plan.id);
        if (floor === undefined || spot === undefined) return null;
        const [x, y] = spot.point;
        return (
          <div
            key={area.plan.id}
            className="label-area-room"
            style={at(x + floor.dx, y + floor.dy, spot.room)}
          >
            <AreaLabel area={area} />
          </div>
        );
      })}
      {layers.lines ? <LineLabels placed={placed} /> : null}
      <CameraLabels placed={placed} all={layers.cameras} />
    </>
  );
}

function AreaLabel({
  area: { plan, live, isSeen, isAtLeast, isDoubtful },
}: {
  readonly area: AreaNow;
}) {
  const t = useWords(words);
  const say = useSay();
  const value = figure(live?.density, 2);
  return (
    <span className={isSeen ? 'label-area' : 'label-area is-unseen'}>
      {isSeen && isLevel(live?.los) ? (
        <span
          className="level"
          style={{ background: LOS_FILL[live.los], color: LOS_TEXT[live.los] }}
        >
          {live.los}
        </span>
      ) : (
        <span className="level label-unknown">?</span>
      )}
      <span className="label-name">{say(plan.name)}</span>
      <span className="label-value">
        {isSeen ? `${isAtLeast ? t.atLeast(value) : value} ${t.perM2}` : t.notSeen}
        {isSeen && isDoubtful ? <em> {t.doubtful}</em> : null}
      </span>
    </span>
  );
}

type Placed = (floor: string) => PlacedFloor | undefined;

function LineLabels({ placed }: { readonly placed: Placed }) {
  const t = useWords(words);
  const plan = usePlan();
  const picture = usePicture();
  return plan.lines.map(({ id, floor: floorId, line }) => {
    const floor = placed(floorId);
    if (floor === undefined) return null;
    const [[x1, y1], [x2, y2]] = line.coordinates;
    const now = picture?.snapshot.lines.find((each) => each.line === id);
    // At its lower end: the names of areas stand at their upper edge.
    // Forward is towards the left of the line's direction; the screen's y points down.
    const deg = (Math.atan2(-(x2 - x1), -(y2 - y1)) * 180) / Math.PI;
    return (
      <span
        key={id}
        className="label-line"
        style={at(
          ...(y1 < y2
            ? ([x1 + floor.dx, y1 + floor.dy] as const)
            : ([x2 + floor.dx, y2 + floor.dy] as const)),
        )}
      >
        <Way deg={deg} text={t.perMin(figure(now?.forwardPerMin))} />
        <Way deg={deg + 180} text={t.perMin(figure(now?.backwardPerMin))} />
      </span>
    );
  });
}

function Way({ deg, text }: { readonly deg: number; readonly text: string }) {
  return (
    <span className="label-way">
      <svg viewBox="-10 -10 20 20" style={{ rotate: `${deg}deg` }}>
        <path d="M-8 -2.500H1V-7L9 0L1 7V2.500H-8z" fill="currentColor" />
      </svg>
      {text}
    </span>
  );
}

/** Those that do not see, always; the others where cameras are asked for. */
function CameraLabels({ placed, all }: { readonly placed: Placed; readonly all: boolean }) {
  const t = useWords(words);
  const plan = usePlan();
  const picture = usePicture();
  return plan.cameras.map((camera) => {
    const { id, floor: floorId } = camera;
    const floor = placed(floorId);
    const now = picture?.snapshot.cameras.find((each) => each.camera === id);
    if (floor === undefined || picture === undefined) return null;
    const state = now?.state ?? 'silent';
    const isBad = state !== 'seeing' || now?.movedSince != null;
    if (!isBad && !all) return null;
    const [x, y] = cameraPoint(camera);
    return (
      <span
        key={id}
        className={isBad ? 'label-camera is-bad' : 'label-camera'}
        style={at(x + floor.dx, y + floor.dy)}
      >
        <svg viewBox="0 0 20 14" aria-hidden="true">
          <path d="M1 2h11v10H1zM13.500 5.500L19 2v10l-5.500-3.500z" fill="currentColor" />
        </svg>
        <span className="label-camera-words">
          {id}: {state === 'seeing' && now?.movedSince != null ? t.moved : t[state]}
        </span>
      </span>
    );
  });
}
