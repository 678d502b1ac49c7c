import type { SitePlan } from '@hitonami/model';
import { SiteGeometry } from './geometry.js';

const US_PER_MINUTE = 60_000_000;

/** The versions of one site's plan, each in force from an instant of event time. */
export class PlanHistory {
  private versions: { plan: SitePlan; fromUs: number; geometry?: SiteGeometry }[] = [];

  /** Adds a version; one that is there already is replaced. */
  add(plan: SitePlan, inForceFromUs: number): void {
    this.versions = [
      ...this.versions.filter((item) => item.plan.version !== plan.version),
      { plan, fromUs: inForceFromUs },
    ].sort((a, b) => a.fromUs - b.fromUs || a.plan.version - b.plan.version);
  }

  /** The plan of a version, undefined where it is not known. */
  version(version: number): SitePlan | undefined {
    return this.versions.find(({ plan }) => plan.version === version)?.plan;
  }

  /**
   * The plan in force in the window that starts at `startUs`: the newest that is in force by then. A version with
   * another window length waits for a full minute, so that windows never overlap. Undefined before the first.
   */
  inForce(startUs: number, current?: SiteGeometry): SiteGeometry | undefined {
    const due = this.versions.filter((item) => item.fromUs <= startUs);
    const newest = due.at(-1);
    if (newest === undefined) return current;
    const otherLength = current !== undefined && newest.plan.windowS !== current.plan.windowS;
    if (otherLength && startUs % US_PER_MINUTE !== 0) return current;
    return (newest.geometry ??= new SiteGeometry(newest.plan));
  }
}
