import fs, { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRecords } from '../src/index.js';
import { CHEAP, PASSWORD, report } from './support.js';

/**
 * A disk that forgets whatever it was not asked to keep: beside the folder lies what a loss of power would leave of it.
 * A file comes there as it is when it is synced, a name when its folder is; the worst that a file system may do.
 */
class ForgetfulDisk {
  readonly folder: string;
  readonly #left: string;
  readonly #sync = fs.fsyncSync;
  syncs = 0;

  constructor(folder: string, left: string) {
    this.folder = folder;
    this.#left = left;
    cpSync(folder, left, { recursive: true });
    fs.fsyncSync = (descriptor) => {
      this.#sync(descriptor);
      this.#keep(fs.readlinkSync(`/proc/self/fd/${descriptor}`));
    };
    syncBuiltinESMExports();
  }

  /** What is left of it; the process that had it is gone too. */
  cutPower(): string {
    for (const name of readdirSync(this.#left))
      if (name.startsWith('owner-')) rmSync(join(this.#left, name));
    fs.fsyncSync = this.#sync;
    syncBuiltinESMExports();
    return this.#left;
  }

  #keep(path: string): void {
    const kept = join(this.#left, relative(this.folder, path));
    if (!path.startsWith(`${this.folder}/`) || !existsSync(dirname(kept))) return;
    this.syncs += 1;
    if (statSync(path).isFile()) cpSync(path, kept);
    else for (const name of readdirSync(kept)) this.#forget(join(path, name), join(kept, name));
  }

  #forget(path: string, kept: string): void {
    if (!existsSync(path)) rmSync(kept, { recursive: true });
  }
}

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hitonami-power-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

it.skipIf(!existsSync('/proc/self/fd'))(
  'what was acknowledged, saved or audited outlives a loss of power; what is told again does not wait for the disk',
  async () => {
    const folder = join(root, 'records');
    const records = await openRecords({ folder, passwordCost: CHEAP });
    await records.migrate();
    const disk = new ForgetfulDisk(folder, join(root, 'left'));
    const asked = async (deed: () => Promise<unknown>): Promise<number> => {
      const before = disk.syncs;
      await deed();
      return disk.syncs - before;
    };
    const alert = report({ id: 'a1', severity: 'critical' });
    expect(await asked(() => records.alerts.upsert(alert))).toBe(0);
    const user = await records.users.create({ name: 'aoi', password: PASSWORD, role: 'operator' });
    const { token } = await records.sessions.start(user.id);
    const later = new Date(Date.now() + 120_000);
    expect(await asked(() => records.sessions.use(token, later))).toBe(0);
    expect(await asked(() => records.alerts.acknowledge('a1', { user: 'aoi' }))).toBeGreaterThan(0);
    const entry = { user: 'aoi', action: 'alert.acknowledge', subject: 'a1', detail: '' };
    expect(await asked(() => records.audit.append({ ...entry, address: '::1' }))).toBeGreaterThan(
      0,
    );
    const debit = { site: 's', day: '2026-10-05', dataset: 'd', period: '2026-10-05', version: 1 };
    expect(
      await asked(() => records.ledger.debit({ ...debit, epsilon: 1, budget: 1 })),
    ).toBeGreaterThan(0);
    const link = 'a-token-that-is-secret';
    const buyer = { site: 's', organisation: 'Aoi', contact: 'a', intent: 'b' };
    const application = { ...buyer, language: 'en' as const, wanted: [], token: link };
    expect(await asked(() => records.buyers.apply(application))).toBeGreaterThan(0);

    const left = disk.cutPower();
    await records.close();
    const after = await openRecords({ folder: left });
    expect(await after.migrate()).toEqual([]);
    expect(await after.alerts.get('a1')).toMatchObject({ acknowledgedBy: 'aoi' });
    expect(await after.audit.list()).toMatchObject([entry]);
    expect(await after.buyers.byToken(link)).toMatchObject({ buyer });
    expect(await after.ledger.spent('s', '2026-10-05')).toBe(1);
    expect(await after.sessions.use(token)).toMatchObject({ user: { name: 'aoi' } });
    await after.close();
  },
  60_000,
);
