import { plansInForce, type PlanInForce, type SitePlan } from '@hitonami/model';
import { SiteGeometry } from './geometry.js';

/** `inForceFromUs` is the instant from which it truly is in force: see `plansInForce`. */
interface Version extends PlanInForce {
  /** As it was published, µs. */
  readonly publishedUs: number;
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
    if (known?.publishedUs === inForceFromUs) return;
    const fresh: Version = {
      plan,
      publishedUs: inForceFromUs,
      inForceFromUs,
      cameras: new Set(plan.cameras.map(({ id }) => id)),
      counters: new Set(plan.counters.map(({ id }) => id)),
    };
    const others = this.versions.filter((item) => item !== known);
    this.versions = plansInForce(
      [...others, fresh].map((item) => ({ ...item, inForceFromUs: item.publishedUs })),
    );
  }

  /** The plan of a version, undefined where it is not known. */
  version(version: number): SitePlan | undefined {
    return this.versions.find(({ plan }) => plan.version === version)?.plan;
  }

  /** Start of the first window of the first version, µs; `Infinity` where there is none. */
  get beginUs(): number {
    return this.versions[0]?.inForceFromUs ?? Infinity;
  }

  /** When the plan next changes after an instant, µs; `Infinity` where no later version is known. */
  nextChangeUs(afterUs: number): number {
    return this.versions.find((item) => item.inForceFromUs > afterUs)?.inForceFromUs ?? Infinity;
  }

  /** The plan in force at an instant, undefined before the first. */
  inForce(atUs: number): SiteGeometry | undefined {
    const version = this.at(atUs);
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
      if (version.inForceFromUs <= timeUs) return version;
    }
    return undefined;
  }
}
