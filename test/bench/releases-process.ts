import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openPublicFolder, type ReleaseDraft } from '@hitonami/releases';
import type { ReleasedCell, ReleaseFile } from '@hitonami/model';
import { rectangle, testPlan } from '../support/plans.js';
import { answerParent } from './child.js';
import { secondsSince } from './measure.js';

/** Writes releases of areas by the hour, and their bytes bare, and says what both took; a process of its own, for its memory. */

const AREAS = 1_000;
const HOUR_MS = 3_600_000;
/** 2026-01-01T00:00:00+09:00 */
const FROM_MS = Date.UTC(2025, 11, 31, 15);
const BARE_BYTES = 1024 * 1024;

export interface ReleaseOrder {
  readonly folder: string;
  readonly hours: number;
}
export interface ReleaseAnswer {
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly bareSeconds: number;
  /** Before the first release, and at most from the start of the process to now. */
  readonly rssBeforeMib: number;
  readonly rssMib: number;
}

const names = Array.from({ length: AREAS }, (_, i) => `area-${i}`);
const label = (i: number): { ja: string; en: string } => ({ ja: `通路 ${i}`, en: `Passage ${i}` });
const plan = testPlan({
  areas: names.map((id, i) => ({
    id,
    floor: 'f1',
    name: label(i),
    kind: 'walkway',
    polygon: rectangle(
      (i % 40) * 10,
      Math.floor(i / 40) * 10,
      (i % 40) * 10 + 10,
      Math.floor(i / 40) * 10 + 10,
    ),
  })),
  lines: [],
  cameras: [],
});

function draftOf(hours: number): ReleaseDraft {
  const words = { ja: '10人未満の値はありません', en: 'no value of fewer than ten people' };
  return {
    site: plan.site,
    siteName: plan.name,
    publisher: plan.operator.name,
    contact: plan.operator.contact,
    timeZone: plan.timeZone,
    dataset: {
      id: 'crowding',
      title: words,
      description: words,
      keywords: [],
      subject: 'areas',
      stepS: 3_600,
      period: 'month',
      startsOn: '2026-01-01',
      purpose: 'safety',
      audience: 'open',
      licence: 'CC-BY-4.0',
      legalClass: 'statistical-information',
      roundedTo: 1,
    },
    period: '2026-01',
    fromMs: FROM_MS,
    toMs: FROM_MS + hours * HOUR_MS,
    planVersions: [1],
    protection: { k: 10, rule: 'suppression', roundedTo: 1, words },
    plan,
  };
}

/** Values with digits as measured ones have, one in eight absent. */
function cellsOf(hour: number): ReleasedCell[] {
  const startMs = FROM_MS + hour * HOUR_MS;
  return [...names, undefined].map((area, i) => {
    const n = (hour * 7_919 + i * 104_729) % 100_003;
    const key = { places: area === undefined ? [] : [area], startMs, lengthMs: HOUR_MS };
    const quality = {
      coverage: 1 - (n % 89) / 1_000,
      doubtful: (n % 11) / 100,
      saturation: n % 3 === 0 ? null : (n % 97) / 1_000,
    };
    if (n % 8 === 0) return { key, absent: 'protected', measures: {}, quality };
    const occupancy = Math.round(n / 97) / 10 + 10;
    return {
      key,
      measures: {
        occupancy,
        occupancyMax: Math.ceil(occupancy * 1.6),
        density: Math.round(occupancy * 10) / 1_000,
        los: 'ABCDEF'[n % 6] ?? 'A',
        meanSpeedMS: 0.3 + (n % 1_301) / 1_000,
      },
      quality,
    };
  });
}

async function measure({ folder, hours }: ReleaseOrder): Promise<ReleaseAnswer> {
  const place = mkdtempSync(join(folder, 'release-'));
  const rssBeforeMib = process.memoryUsage.rss() / 2 ** 20;
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const writer = await openPublicFolder(place).begin(draftOf(hours));
  for (let hour = 0; hour < hours; hour++) await writer.write(cellsOf(hour));
  const { quality, files } = await writer.finish({ isCountOfProtectedTold: true });
  const seconds = secondsSince(startMs);
  const { user, system } = process.cpuUsage(cpu);
  const rssMib = process.resourceUsage().maxRSS / 1024;
  rmSync(place, { recursive: true });
  return {
    rows: quality.cells,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    seconds,
    cpuSeconds: (user + system) / 1e6,
    bareSeconds: bare(folder, files),
    rssBeforeMib,
    rssMib,
  };
}

/** As many bytes in as many files, synced: what no format can do without. */
function bare(folder: string, files: readonly ReleaseFile[]): number {
  const block = Buffer.alloc(BARE_BYTES, 'hitonami ');
  const startMs = performance.now();
  for (const { bytes } of files) {
    const path = join(folder, 'bare');
    const fd = openSync(path, 'w');
    for (let left = bytes; left > 0;) left -= writeSync(fd, block, 0, Math.min(left, BARE_BYTES));
    fsyncSync(fd);
    closeSync(fd);
  }
  const seconds = secondsSince(startMs);
  rmSync(join(folder, 'bare'));
  return seconds;
}

answerParent<ReleaseOrder>(measure, () => undefined);
