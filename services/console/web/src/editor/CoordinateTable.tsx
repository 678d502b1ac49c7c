import { useWords } from '../shared/i18n.js';
import { ringsOf, type Draft, type Point, type ShapeRef } from './document.js';
import { NumberField } from './fields.js';
import { cornersOf } from './geometry.js';
import { insertCorner, moveCorner, removeCorner } from './operations.js';
import type { EditorAction } from './state.js';
import { words } from './words.js';

/** Every corner as numbers: the keyboard's way to draw. */
export function CoordinateTable({
  plan,
  shape,
  act,
  isReadOnly,
}: {
  readonly plan: Draft;
  readonly shape: ShapeRef;
  readonly act: (action: EditorAction) => void;
  readonly isReadOnly: boolean;
}) {
  const t = useWords(words);
  const isLine = shape.list === 'lines';
  return (
    <fieldset className="group">
      <legend>{t.coordinates}</legend>
      {ringsOf(plan, shape).map((ring, r) => {
        const corners = cornersOf(ring);
        return (
          <table key={r} className="coordinates">
            {r > 0 ? <caption>{t.ring(String(r))}</caption> : null}
            <thead>
              <tr>
                <th scope="col">
                  <span aria-hidden="true">#</span>
                  <span className="visually-hidden">{t.cornerWord}</span>
                </th>
                <th scope="col">{t.x}</th>
                <th scope="col">{t.y}</th>
                {isLine || isReadOnly ? null : (
                  <th scope="col">
                    <span className="visually-hidden">
                      {t.add}, {t.remove}
                    </span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {corners.map((point, i) => {
                const ref = { ...shape, ring: r, corner: i };
                const name = t.corner(String(i + 1));
                const set = (to: Point, axis: string): void =>
                  act({
                    type: 'change',
                    change: (before) => moveCorner(before, ref, to),
                    about: `corner ${shape.list} ${shape.index} ${r} ${i} ${axis}`,
                  });
                const next = corners[(i + 1) % corners.length] ?? point;
                return (
                  <tr
                    key={i}
                    onFocus={() => act({ type: 'select', shape, corner: { ring: r, corner: i } })}
                  >
                    <th scope="row">{i + 1}</th>
                    <td>
                      <NumberField
                        label={`${name} ${t.x}`}
                        isLabelHidden
                        step={0.1}
                        value={point[0]}
                        isReadOnly={isReadOnly}
                        onChange={(x) => x !== undefined && set([x, point[1]], 'x')}
                      />
                    </td>
                    <td>
                      <NumberField
                        label={`${name} ${t.y}`}
                        isLabelHidden
                        step={0.1}
                        value={point[1]}
                        isReadOnly={isReadOnly}
                        onChange={(y) => y !== undefined && set([point[0], y], 'y')}
                      />
                    </td>
                    {isLine || isReadOnly ? null : (
                      <td className="coordinates-tools">
                        <button
                          type="button"
                          className="button icon small"
                          aria-label={`${name}: ${t.addCorner}`}
                          title={t.addCorner}
                          onClick={() =>
                            act({
                              type: 'change',
                              change: (before) =>
                                insertCorner(before, ref, [
                                  (point[0] + next[0]) / 2,
                                  (point[1] + next[1]) / 2,
                                ]),
                            })
                          }
                        >
                          ＋
                        </button>
                        <button
                          type="button"
                          className="button icon small"
                          aria-label={`${name}: ${t.removeCorner}`}
                          title={t.removeCorner}
                          disabled={r === 0 && corners.length <= 3}
                          onClick={() =>
                            act({ type: 'change', change: (before) => removeCorner(before, ref) })
                          }
                        >
                          ×
                        </button>
                      </td>
                    )}
                  </tr>
                );
              })}
            </tbody>
          </table>
        );
      })}
    </fieldset>
  );
}
