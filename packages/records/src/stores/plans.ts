import { LIMITS, id, instant, name, rows, text } from '../limits.js';
import type { Database } from '../sql/port.js';

/** Who saved which version of a site plan when, and why. */
export interface SavedPlan {
  readonly site: string;
  readonly version: number;
  readonly savedBy: string;
  readonly savedAt: Date;
  readonly note: string;
}

/** `detail` of the `INPUT` error where somebody else saved this version meanwhile. */
export const PLAN_VERSION_TAKEN = 'plans_version_taken';

export interface Plans {
  /** `document`: the plan as it was saved, JSON. `detail` `plans_version_taken` where the version exists. */
  save(plan: Omit<SavedPlan, 'savedAt'> & { document: string; savedAt?: Date }): Promise<SavedPlan>;
  /** The newest first. */
  list(site: string, limit?: number): Promise<SavedPlan[]>;
  /** The plan of one version as it was saved, JSON. */
  document(site: string, version: number): Promise<string | undefined>;
  /** Takes back a version that could not be put in force. */
  withdraw(site: string, version: number): Promise<void>;
}

const COLUMNS = 'site, version, saved_by AS "savedBy", saved_at AS "savedAt", note';
const ROWS_DEFAULT = 100;

export function plans(database: Database): Plans {
  return {
    async save({ site, version, savedBy, note, document, savedAt = new Date() }) {
      const [row] = await database.query<SavedPlan>(
        `INSERT INTO plans (site, version, saved_by, saved_at, note, document) VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${COLUMNS}`,
        [
          id('site', site),
          version,
          name('user', savedBy),
          instant('savedAt', savedAt),
          text('note', note),
          text('document', document, LIMITS.document),
        ],
      );
      return row as SavedPlan;
    },
    list: async (site, limit = ROWS_DEFAULT) =>
      database.query<SavedPlan>(
        `SELECT ${COLUMNS} FROM plans WHERE site = $1 ORDER BY version DESC LIMIT $2`,
        [id('site', site), rows(limit)],
      ),
    async document(site, version) {
      const [row] = await database.query<{ document: string }>(
        'SELECT document FROM plans WHERE site = $1 AND version = $2',
        [id('site', site), version],
      );
      return row?.document;
    },
    async withdraw(site, version) {
      await database.query('DELETE FROM plans WHERE site = $1 AND version = $2', [
        id('site', site),
        version,
      ]);
    },
  };
}
