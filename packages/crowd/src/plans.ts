import type { SitePlan } from '@hitonami/model';
import { SiteGeometry } from './geometry.js';

const US_PER_MINUTE = 60_000_000;

interface Version {
  readonly plan: SitePlan;
  /** As it was published, µs. */
  readonly fromUs: number;
  /** As it comes in force, µs: see `effective`. */
  effectiveUs: number;
  readonly cameras: ReadonlySet<string>;
  readonly counters: ReadonlySet<string>;
  geometry?: SiteGeometry;
}

/** The versions of one site's plan, each in force from an instant of event time: a function of that time and nothing else. */
export class PlanHistory {
  private versions: Version[] = [];

  /** Adds a version; one that is there already, with the same instant, is left alone. */
  add(plan: SitePlan, inForceFromUs: number): void {
    const known = this.versions.find((item) => item.plan.version === plan.version);
    if (known?.fromUs === inForceFromUs) return;
    const fresh: Version = {
      plan,
      fromUs: inForceFromUs,
      effectiveUs: inForceFromUs,
      cameras: new Set(plan.cameras.map(({ id }) => id)),
      counters: new Set(plan.counters.map(({ id }) => id)),
    };
    this.versions = effective(
      [...this.versions.filter((item) => item !== known), fresh].sort(
        (a, b) => a.fromUs - b.fromUs || a.plan.version - b.plan.version,
      ),
    );
  }

  /** The plan of a version, undefined where it is not known. */
  version(version: number): SitePlan | undefined {
    return this.versions.find(({ plan }) => plan.version === version)?.plan;
  }

  /** Start of the first window of the first version, µs; `Infinity` where there is none. */
  get beginUs(): number {
    const first = this.versions[0];
    if (first === undefined) return Infinity;
    const lengthUs = first.plan.windowS * 1_000_000;
    return Math.ceil(first.effectiveUs / lengthUs) * lengthUs;
  }

  /** The plan in force in the window that starts at `startUs`, undefined before the first. */
  inForce(startUs: number): SiteGeometry | undefined {
    const version = this.at(startUs);
    return version && (version.geometry ??= new SiteGeometry(version.plan));
  }

  /** Whether what a camera or counter saw at an instant has a place in the plan then in force; undefined before the first plan. */
  admits(kind: 'cameras' | 'counters', id: string, atUs: number): boolean | undefined {
    return this.at(atUs)?.[kind].has(id);
  }

  private at(timeUs: number): Version | undefined {
    const { versions } = this;
    for (let i = versions.length - 1; i >= 0; i--) {
      const version = versions[i] as Version;
      if (version.effectiveUs <= timeUs) return version;
    }
    return undefined;
  }
}

/**
 * A version with another window length than the one before waits for a full minute, so that windows never overlap;
 * none comes in force before the one that it follows.
 */
function effective(versions: Version[]): Version[] {
  versions.forEach((version, i) => {
    const before = versions[i - 1];
    version.effectiveUs = version.fromUs;
    if (before === undefined) return;
    if (before.plan.windowS !== version.plan.windowS) {
      version.effectiveUs = Math.ceil(version.fromUs / US_PER_MINUTE) * US_PER_MINUTE;
    }
    version.effectiveUs = Math.max(version.effectiveUs, before.effectiveUs);
  });
  return versions;
}
