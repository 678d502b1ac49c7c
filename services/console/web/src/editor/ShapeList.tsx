import { useSay, useWords } from '../shared/i18n.js';
import {
  SHAPE_LISTS,
  sameShape,
  type Draft,
  type Point,
  type ShapeList as List,
  type ShapeRef,
  type Text,
} from './document.js';
import { boxOf } from './geometry.js';
import { shapeKey, type PlanIssue } from './issues.js';
import type { EditorAction, EditorState } from './state.js';
import { words } from './words.js';

/** Every shape of the floor to choose from, and a way to add one without drawing. */
export function ShapeList({
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
  const plan = state.plan.present;
  const heads = { areas: t.areasMany, lines: t.linesMany, cameras: t.camerasMany };
  return (
    <div className="shape-lists">
      {SHAPE_LISTS.map((list) => (
        <section key={list}>
          <div className="row shape-list-head">
            <h2>{heads[list]}</h2>
            {isReadOnly ? null : (
              <button
                type="button"
                className="button small"
                onClick={() =>
                  act({ type: 'add', list, corners: firstCorners(plan, state.floor, list) })
                }
              >
                ＋ {t.add}
                <span className="visually-hidden"> {t[list]}</span>
              </button>
            )}
          </div>
          <ul>
            {plan[list].map((shape, index) => {
              const ref: ShapeRef = { list, index };
              if (shape.floor !== state.floor) return null;
              const wrong = issues.get(shapeKey(ref));
              const name = 'name' in shape ? say(shape.name as Text) : '';
              return (
                <li key={shapeKey(ref)}>
                  <button
                    type="button"
                    className="shape-choice"
                    aria-pressed={sameShape(ref, state.selected)}
                    onClick={() => act({ type: 'select', shape: ref })}
                  >
                    {wrong ? '⚠ ' : ''}
                    {name} <span className="quiet">{shape.id}</span>
                  </button>
                </li>
              );
            })}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** A square of 4 m, or a line of 2 m, in the middle of what is there: to be typed or dragged into place. */
function firstCorners(plan: Draft, floor: string, list: List): Point[] {
  const box = boxOf(
    plan.areas
      .filter((area) => area.floor === floor)
      .flatMap((area) => area.polygon.coordinates.flat()),
  ) ?? { minX: 0, minY: 0, maxX: 4, maxY: 4 };
  const [x, y] = [Math.round((box.minX + box.maxX) / 2), Math.round((box.minY + box.maxY) / 2)];
  return list === 'lines'
    ? [
        [x, y - 1],
        [x, y + 1],
      ]
    : [
        [x - 2, y - 2],
        [x + 2, y - 2],
        [x + 2, y + 2],
        [x - 2, y + 2],
      ];
}
