import { join } from 'node:path';
import { polygonArea, type ReleasedCell } from '@hitonami/model';
import { AnchoredPlane } from '../earth/anchored.js';
import { isDayOffInJapan } from '../earth/holidays.js';
import { isInJapansMesh, meshAreaM2, thirdMeshOf } from '../earth/mesh.js';
import { OutputFile } from '../files/output-file.js';
import { releaseFile, type Format, type ReleaseContext } from './format.js';
import { meshColumns } from './mesh-columns.js';
import { insideOf } from './shapes.js';
import { schemaFile } from './table-schema.js';

/** From here on a mesh cell counts as wholly observed. */
const WHOLE_SHARE = 0.999;
/** Under this a value is absent, as the ministry has it; or under the release's own k. */
const POPULATION_MIN = 10;
const HOUR_S = 3_600;
/** 0: the hours from 11 to 14 o'clock; 1: from 1 to 4 o'clock; 2: all day. */
const TIMEZONES = [
  (hour: number) => hour >= 11 && hour <= 14,
  (hour: number) => hour >= 1 && hour <= 4,
];
const ALL = 2;

/** One mesh cell, and the mean of its people by dayflag and timezone. */
interface Mesh {
  readonly code: string;
  readonly areas: ReadonlySet<string>;
  readonly observedShare: number;
  readonly sums: { people: number; told: number; steps: number }[];
}

/**
 * The layout of the ministry's (MLIT) people-flow mesh file, of a month of areas in Japan. An area counts for the mesh cell in which
 * its middle lies. A station never sees a whole square kilometre: then the file has another name and two columns more, the share of
 * the cell's ground that was observed and the share of its steps that were told. Municipality codes are not in the plan: they are
 * absent. It is computed from what the other files tell and from nothing else.
 */
export const meshCsv: Format = async (context) => {
  const { folder, stem } = context;
  const meshes = meshesOf(context);
  if (meshes === undefined) return undefined;
  const isWhole = isWholly(meshes);
  const name = `${stem}.${isWhole ? 'mesh' : 'mesh-partial'}.csv`;
  const file = await OutputFile.create(join(folder, name));
  const fold = stepFold(context, meshes);
  return {
    take: ({ cells }) => {
      for (const cell of cells) fold.take(cell);
      return Promise.resolve();
    },
    finish: async () => {
      fold.endStep();
      const lines = meshes.flatMap((mesh) => linesOf(mesh, context, isWhole));
      const header = meshColumns(isWhole).map((column) => column.name);
      await file.text(`${header.join(',')}\r\n${lines.join('')}`);
      return releaseFile(name, 'mesh-csv', await file.finish(), lines.length);
    },
    close: () => file.close(),
  };
};

/** The dictionary of the mesh file, as a Frictionless Table Schema of its own. */
export const meshSchema: Format = async (context) => {
  const meshes = meshesOf(context);
  if (meshes === undefined) return undefined;
  const columns = meshColumns(isWholly(meshes));
  return schemaFile('mesh-table-schema.json', columns, context);
};

function isWholly(meshes: readonly Mesh[]): boolean {
  return meshes.every(({ observedShare }) => observedShare >= WHOLE_SHARE);
}

/** Undefined where the file cannot be made: of other subjects, of days, and where an area is outside the grid of Japan. */
function meshesOf({ draft, places }: ReleaseContext): Mesh[] | undefined {
  const isMonth = draft.dataset.period === 'month' && /^\d{4}-\d{2}$/.test(draft.period);
  if (draft.dataset.subject !== 'areas' || !isMonth || places.size === 0) return undefined;
  if (isDayOffInJapan(`${draft.period}-01`) === undefined) return undefined;
  const plane = new AnchoredPlane(draft.plan.anchor);
  const groups = new Map<string, { areas: Set<string>; m2: number }>();
  for (const { id, outline } of places.values()) {
    if (!('polygon' in outline)) continue;
    const middle = plane.toEarth(insideOf(outline.polygon));
    if (!isInJapansMesh(middle)) return undefined;
    const code = thirdMeshOf(middle);
    const group = groups.get(code) ?? { areas: new Set<string>(), m2: 0 };
    group.areas.add(id);
    group.m2 += polygonArea(outline.polygon);
    groups.set(code, group);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { areas, m2 }]) => ({
      code,
      areas,
      // Floors above one another may add up to more ground than there is.
      observedShare: Math.min(1, m2 / meshAreaM2(code)),
      sums: Array.from({ length: 9 }, () => ({ people: 0, told: 0, steps: 0 })),
    }));
}

/** Takes cells step by step: a mesh cell's people are those of the whole where all areas lie in it, else the sum over its areas if all are told. */
function stepFold(
  { draft, places, times }: ReleaseContext,
  meshes: readonly Mesh[],
): { take: (cell: ReleasedCell) => void; endStep: () => void } {
  let stepMs: number | undefined;
  let whole: number | undefined;
  const told = new Map<string, number>();
  const endStep = (): void => {
    if (stepMs === undefined) return;
    const groups = groupsOf(times.text(stepMs), draft.dataset.stepS);
    for (const mesh of meshes) {
      const people =
        mesh.areas.size === places.size && whole !== undefined ? whole : sumOf(mesh, told);
      for (const group of groups) {
        const sum = mesh.sums[group];
        if (sum === undefined) continue;
        sum.steps++;
        if (people === undefined) continue;
        sum.told++;
        sum.people += people;
      }
    }
    whole = undefined;
    told.clear();
  };
  return {
    take: ({ key, absent, measures }) => {
      if (key.startMs !== stepMs) {
        endStep();
        stepMs = key.startMs;
      }
      const people = measures.occupancy;
      if (absent !== undefined || typeof people !== 'number') return;
      const [place] = key.places;
      if (place === undefined) whole = people;
      else told.set(place, people);
    },
    endStep,
  };
}

function sumOf({ areas }: Mesh, told: ReadonlyMap<string, number>): number | undefined {
  let sum = 0;
  for (const area of areas) {
    const people = told.get(area);
    if (people === undefined) return undefined;
    sum += people;
  }
  return sum;
}

/**
 * Which of the nine (dayflag × timezone) a step belongs to.
 *
 * @param start local, ISO 8601
 */
function groupsOf(start: string, stepS: number): number[] {
  const dayflags = [isDayOffInJapan(start.slice(0, 10)) === true ? 0 : 1, 2];
  const timezones = [ALL];
  if (stepS <= HOUR_S) {
    const hour = Number(start.slice(11, 13));
    TIMEZONES.forEach((holds, timezone) => {
      if (holds(hour)) timezones.push(timezone);
    });
  }
  return dayflags.flatMap((dayflag) => timezones.map((timezone) => dayflag * 3 + timezone));
}

function linesOf(mesh: Mesh, { draft }: ReleaseContext, isWhole: boolean): string[] {
  const [year, month] = draft.period.split('-');
  const least = Math.max(POPULATION_MIN, draft.protection.k);
  const share = (value: number): string => String(Math.round(value * 1e6) / 1e6);
  return mesh.sums.flatMap(({ people, told, steps }, group) => {
    if (steps === 0) return [];
    const mean = told === 0 ? 0 : Math.round(people / told);
    const population = mean < least ? '' : String(mean);
    const cells = [mesh.code, '', '', year, month, Math.floor(group / 3), group % 3, population];
    if (!isWhole) cells.push(share(mesh.observedShare), share(told / steps));
    return [`${cells.join(',')}\r\n`];
  });
}
