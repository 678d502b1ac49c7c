/** Everything that the editor knows, and what can happen to it. Pure. */
import { shapeAt, type Draft, type Point, type ShapeList, type ShapeRef } from './document.js';
import { addShape, removeCorner, removeShape } from './operations.js';
import { redo, step, undo, undoable, type Undoable } from './undo.js';

export type Tool = 'select' | ShapeList;

export interface EditorState {
  plan: Undoable<Draft>;
  /** What is edited began as this: the version in force, or the one that was saved last. */
  base: Draft;
  floor: string;
  tool: Tool;
  selected: ShapeRef | undefined;
  /** A corner of the selected shape. */
  corner: { ring: number; corner: number } | undefined;
  /** Corners of a shape that is being drawn. */
  drawing: readonly Point[];
  isSnapping: boolean;
  /** Spacing of the grid, metres; 0: none. */
  gridM: number;
}

export type EditorAction =
  | { type: 'change'; change: (plan: Draft) => Draft; about?: string }
  | { type: 'undo' }
  | { type: 'redo' }
  | { type: 'select'; shape: ShapeRef | undefined; corner?: { ring: number; corner: number } }
  | { type: 'tool'; tool: Tool }
  | { type: 'floor'; floor: string }
  | { type: 'draw'; point: Point }
  | { type: 'finish' }
  | { type: 'cancel' }
  | { type: 'add'; list: ShapeList; corners: readonly Point[] }
  | { type: 'remove' }
  | { type: 'snapping'; isOn: boolean }
  | { type: 'grid'; gridM: number }
  /** Begins again from another plan: the newest of the server. */
  | { type: 'load'; plan: Draft }
  /** What is edited was saved as this version. */
  | { type: 'saved'; version: number };

export function editorState(plan: Draft): EditorState {
  return {
    plan: undoable(plan),
    base: plan,
    floor: plan.floors[0]?.id ?? '',
    tool: 'select',
    selected: undefined,
    corner: undefined,
    drawing: [],
    isSnapping: true,
    gridM: 0.5,
  };
}

export function edit(state: EditorState, action: EditorAction): EditorState {
  switch (action.type) {
    case 'change': {
      const plan = step(state.plan, action.change(state.plan.present), action.about);
      return { ...state, plan, floor: floorOf(plan.present, state.floor) };
    }
    case 'undo':
      return settled({ ...state, plan: undo(state.plan), drawing: [] });
    case 'redo':
      return settled({ ...state, plan: redo(state.plan), drawing: [] });
    case 'select': {
      const shape = action.shape && shapeAt(state.plan.present, action.shape);
      return {
        ...state,
        selected: shape && action.shape,
        corner: shape && action.corner,
        floor: shape?.floor ?? state.floor,
      };
    }
    case 'tool':
      return { ...state, tool: action.tool, drawing: [], ...(action.tool !== 'select' && nothing) };
    case 'floor':
      return { ...state, floor: action.floor, drawing: [], ...nothing };
    case 'draw': {
      if (state.tool === 'select') return state;
      const drawing = [...state.drawing, action.point];
      const isWhole = state.tool === 'lines' && drawing.length === 2;
      return isWhole ? added(state, state.tool, drawing) : { ...state, drawing };
    }
    case 'finish':
      return state.tool === 'select' ? state : added(state, state.tool, state.drawing);
    case 'cancel':
      return state.drawing.length > 0
        ? { ...state, drawing: [] }
        : { ...state, tool: 'select', ...nothing };
    case 'add':
      return added(state, action.list, action.corners);
    case 'remove':
      return removed(state);
    case 'snapping':
      return { ...state, isSnapping: action.isOn };
    case 'grid':
      return { ...state, gridM: action.gridM };
    case 'load': {
      const fresh = editorState(action.plan);
      return { ...fresh, floor: floorOf(action.plan, state.floor) };
    }
    case 'saved': {
      const base = { ...state.plan.present, version: action.version };
      return { ...state, base, plan: { ...state.plan, present: base } };
    }
  }
}

const nothing = { selected: undefined, corner: undefined } as const;

/** After undo a shape that was selected may be gone. */
function settled(state: EditorState): EditorState {
  const isThere = state.selected && shapeAt(state.plan.present, state.selected);
  const floor = floorOf(state.plan.present, state.floor);
  return { ...state, floor, corner: undefined, ...(isThere ? {} : nothing) };
}

/** The floor that was shown, or the first where that is gone. */
function floorOf(plan: Draft, floor: string): string {
  return plan.floors.some(({ id }) => id === floor) ? floor : (plan.floors[0]?.id ?? '');
}

function added(state: EditorState, list: ShapeList, corners: readonly Point[]): EditorState {
  const made = addShape(state.plan.present, list, state.floor, corners);
  if (made === undefined) return { ...state, drawing: [] };
  return {
    ...state,
    plan: step(state.plan, made.plan),
    selected: made.ref,
    corner: undefined,
    tool: 'select',
    drawing: [],
  };
}

function removed(state: EditorState): EditorState {
  const { selected, corner } = state;
  if (selected === undefined) return state;
  const { present } = state.plan;
  if (corner !== undefined) {
    const next = removeCorner(present, { ...selected, ...corner });
    return { ...state, plan: step(state.plan, next), corner: undefined };
  }
  return { ...state, plan: step(state.plan, removeShape(present, selected)), ...nothing };
}
