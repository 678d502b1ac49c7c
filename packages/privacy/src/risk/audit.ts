import { attackGateLogByLegs } from './gate-log-legs.js';
import {
  attackGateLog,
  outsideGates,
  passagesOf,
  passagesTold,
  type Gate,
  type GateAttack,
  type Passage,
} from './gate-log.js';
import { judgeRebuilt, shareOf, SIGHTINGS_MIN, type WholeShare } from './judge.js';
import { SeededRandom } from './random.js';
import { rebuildPaths, type RebuiltPaths } from './rebuild.js';
import { rejoin, type Rejoined } from './rejoin.js';
import { pick, trailsOf, type Sightings } from './sightings.js';
import {
  RESOLUTIONS,
  unicityOfLegs,
  unicityOfPaths,
  type Resolution,
  type StoredLeg,
  type Unicity,
} from './unicity.js';

/** What is attacked. */
export interface AuditData {
  sightings: Sightings;
  /** Who each position is, where the truth is known: to judge the attack itself. */
  person?: Int32Array;
  legs: readonly StoredLeg[];
  /** Step of the stored times of legs, s. */
  legTimeStepS: number;
  gates: readonly Gate[];
  /** Of each gate: the areas that it lies in, the lines that lie at it. */
  placesOfGates: readonly (readonly string[])[];
  /** What the operator's own gate log says, where it was given; no names are needed. */
  passages?: readonly Passage[];
}

export interface AuditOptions {
  /** Of everything that is drawn by chance. */
  seed: number;
  /** Instants at which paths are cut. Default 200. */
  cuts?: number;
  /** Paths that are tried for unicity. Default 2,000. */
  samples?: number;
  resolutions?: readonly Resolution[];
}

export interface RiskFigures {
  positions: number;
  legs: number;
  pseudonyms: number;
  rebuilt: {
    paths: number;
    medianS: number | null;
    /**
     * Mean chance that a path is one person's, of those of at least 5 positions, by how likely the other ways to put the
     * positions together would have been: the share of people rebuilt, as far as it can be told without the truth.
     */
    estimatedShare: number | null;
    /** Judged by the truth; null where nobody knows it. */
    people: WholeShare | null;
  };
  /** Judged by the truth, or by the rebuilt paths. */
  rejoined: Rejoined[];
  unicity: { paths: Unicity[]; legs: Omit<Unicity, 'cellM'>[] };
  gateLog: {
    gates: number;
    /** Where the passages are from: a log, the truth, or told from the paths themselves. */
    passagesFrom: 'log' | 'truth' | 'paths';
    /** By what is stored, which is nothing within 5 m of a gate. */
    paths: GateAttack;
    /** If everything were stored; null where it is not at hand. */
    pathsWithoutExclusion: GateAttack | null;
    legs: GateAttack;
  } | null;
}

/** For how long nobody is seen behind a cut, s. */
export const DARK_S = [0, 1, 2] as const;
const CUTS = 200;

/** Attacks what is stored as an adversary would. The same data and seed give the same figures. */
export function auditRisk(data: AuditData, options: AuditOptions): RiskFigures {
  const { legs, legTimeStepS } = data;
  const { seed, cuts = CUTS, resolutions = RESOLUTIONS } = options;
  const random = new SeededRandom(seed);
  const draw = { random, ...(options.samples !== undefined && { samples: options.samples }) };
  const kept = outsideGates(data.sightings, data.gates);
  const stored = pick(data.sightings, kept);
  const person = data.person && picked(data.person, kept);
  const rebuilt = rebuildPaths(stored);
  const labels = person ?? rebuilt.pathOf;
  const steps = [...new Set(resolutions.map(({ stepS }) => Math.max(stepS, legTimeStepS)))];
  return {
    positions: stored.count,
    legs: legs.length,
    pseudonyms: new Set(legs.map(({ pseudonym }) => pseudonym)).size,
    rebuilt: {
      ...pathFigures(stored, rebuilt),
      people: person ? judgeRebuilt(person, rebuilt.pathOf) : null,
    },
    rejoined: DARK_S.map((darkS) => rejoin(stored, labels, { darkS, cuts, random })),
    unicity: {
      paths: resolutions.map((resolution) =>
        unicityOfPaths(stored, rebuilt.pathOf, resolution, draw),
      ),
      legs: steps.map((stepS) => unicityOfLegs(legs, stepS, draw)),
    },
    gateLog: data.gates.length === 0 ? null : gateLog(data, stored, person, rebuilt),
  };
}

function gateLog(
  data: AuditData,
  stored: Sightings,
  person: Int32Array | undefined,
  { pathOf }: RebuiltPaths,
): NonNullable<RiskFigures['gateLog']> {
  const { gates, sightings } = data;
  const truth = data.person && passagesOf(sightings, data.person, gates);
  const passages = data.passages ?? truth ?? passagesTold(stored, pathOf, gates);
  const from = truth ? 'truth' : 'paths';
  const everything =
    truth === undefined
      ? null
      : attackGateLog(sightings, rebuildPaths(sightings).pathOf, gates, passages, data.person);
  return {
    gates: gates.length,
    passagesFrom: data.passages ? 'log' : from,
    paths: attackGateLog(stored, pathOf, gates, passages, person),
    pathsWithoutExclusion: everything,
    legs: attackGateLogByLegs(data.legs, data.placesOfGates, passages, data.legTimeStepS),
  };
}

function pathFigures(
  s: Sightings,
  { count, pathOf, chance }: RebuiltPaths,
): Omit<RiskFigures['rebuilt'], 'people'> {
  const trails = trailsOf(pathOf);
  const lengths: number[] = [];
  let [judged, likely] = [0, 0];
  for (let path = 0; path < trails.count; path++) {
    const trail = trails.of(path);
    lengths.push((s.atS[trail.at(-1) ?? 0] ?? 0) - (s.atS[trail[0] ?? 0] ?? 0));
    if (trail.length < SIGHTINGS_MIN) continue;
    judged += 1;
    likely += chance[path] ?? 0;
  }
  lengths.sort((a, b) => a - b);
  const medianS = lengths[Math.floor(lengths.length / 2)] ?? null;
  return { paths: count, medianS, estimatedShare: shareOf(likely, judged) };
}

function picked(labels: Int32Array, kept: Uint32Array): Int32Array {
  return Int32Array.from(kept, (i) => labels[i] as number);
}
