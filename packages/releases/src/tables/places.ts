import type {
  BothLanguages,
  DatasetSubject,
  PlanDataset,
  Point,
  Polygon,
  SitePlan,
} from '@hitonami/model';

/** An area or a count line, as far as a release tells of it. */
export interface Place {
  readonly id: string;
  readonly floor: string;
  readonly name: BothLanguages;
  /** Metres, on its floor's plane. */
  readonly outline: { readonly polygon: Polygon } | { readonly line: readonly [Point, Point] };
}

export type Places = ReadonlyMap<string, Place>;

/** Places that a dataset may tell of, in the plan's order. */
export function placesOf(plan: SitePlan, dataset: PlanDataset): Places {
  const kinds: Record<DatasetSubject, Place[]> = {
    areas: areas(plan),
    lines: lines(plan),
    movements: [...areas(plan), ...lines(plan)],
    sequences: areas(plan),
  };
  const wanted = dataset.places === undefined ? undefined : new Set(dataset.places);
  return new Map(
    kinds[dataset.subject].flatMap((place) =>
      wanted === undefined || wanted.has(place.id) ? [[place.id, place] as const] : [],
    ),
  );
}

function areas(plan: SitePlan): Place[] {
  return plan.areas.map(({ id, floor, name, polygon }) => ({
    id,
    floor,
    name,
    outline: { polygon: polygon.coordinates },
  }));
}

function lines(plan: SitePlan): Place[] {
  return plan.lines.map(({ id, floor, name, line }) => ({
    id,
    floor,
    name,
    outline: { line: line.coordinates },
  }));
}
