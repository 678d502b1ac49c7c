/** Undo and redo over whole values: values are shared and never changed, so each step costs what it changed. */
export interface Undoable<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
  /** What the last step was about: steps about the same thing (typing in one field) are one. */
  readonly about: string | undefined;
}

/** Steps that are kept. */
export const UNDO_MAX = 200;

export const undoable = <T>(present: T): Undoable<T> => ({
  past: [],
  present,
  future: [],
  about: undefined,
});

/** A step to another value. Where it is about the same as the last, the last is replaced. */
export function step<T>(history: Undoable<T>, present: T, about?: string): Undoable<T> {
  if (Object.is(present, history.present)) return history;
  const isSame = about !== undefined && about === history.about && history.past.length > 0;
  const past = isSame ? history.past : [...history.past, history.present].slice(-UNDO_MAX);
  return { past, present, future: [], about };
}

export function undo<T>(history: Undoable<T>): Undoable<T> {
  if (history.past.length === 0) return history;
  return {
    past: history.past.slice(0, -1),
    present: history.past[history.past.length - 1] as T,
    future: [history.present, ...history.future],
    about: undefined,
  };
}

export function redo<T>(history: Undoable<T>): Undoable<T> {
  if (history.future.length === 0) return history;
  return {
    past: [...history.past, history.present],
    present: history.future[0] as T,
    future: history.future.slice(1),
    about: undefined,
  };
}

export const canUndo = (history: Undoable<unknown>): boolean => history.past.length > 0;
export const canRedo = (history: Undoable<unknown>): boolean => history.future.length > 0;
