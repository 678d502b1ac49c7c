import { SHAPE_LISTS, type Draft, type ShapeList, type ShapeRef } from './document.js';

/** One fault of a plan as the server tells it: the path of the key, what is wrong, how to mend it. */
export interface PlanIssue {
  key: string;
  problem: string;
  mend: string;
}

/** Where in the editor an issue is shown. */
export interface IssuePlace {
  issue: PlanIssue;
  shape: ShapeRef | undefined;
  /** The rest of the path inside the shape, such as `polygon.coordinates[0]`. */
  within: string;
}

const KEY = /^([a-zA-Z]+)\[(\d+)\]\.?(.*)$/s;

/** `areas[2].polygon.coordinates[0]` is the third area; `dangerBands` is of the plan. */
export function placeOf(issue: PlanIssue): IssuePlace {
  const match = KEY.exec(issue.key);
  const list = SHAPE_LISTS.find((name) => name === match?.[1]);
  if (!match || list === undefined) return { issue, shape: undefined, within: issue.key };
  return { issue, shape: { list, index: Number(match[2]) }, within: match[3] ?? '' };
}

/** Issues by shape, `areas:2`; those of the plan itself under the empty string. */
export function issuesByShape(issues: readonly PlanIssue[]): Map<string, PlanIssue[]> {
  const by = new Map<string, PlanIssue[]>();
  for (const issue of issues) {
    const { shape } = placeOf(issue);
    const key = shape ? shapeKey(shape) : '';
    const list = by.get(key);
    if (list) list.push(issue);
    else by.set(key, [issue]);
  }
  return by;
}

export const shapeKey = ({ list, index }: ShapeRef): string => `${list}:${index}`;

/** What people call the thing that an issue is about: its id where it has one. */
export function subjectOf(plan: Draft, issue: PlanIssue): string {
  const { shape, within } = placeOf(issue);
  if (shape === undefined) return within;
  const items: readonly { id: string }[] = plan[shape.list];
  return items[shape.index]?.id ?? issue.key;
}

export type { ShapeList };
