import { startChild } from './child.js';
import type { BenchOptions, Figure } from './measure.js';
import type { ReleaseAnswer, ReleaseOrder } from './releases-process.js';

const DAY_H = 24;
/** What is written before the clock starts, h: so that it is compiled as it is in a long run. */
const WARM_H = 24;

/** A year of a thousand areas by the hour in every format (a week in the short form), over a bare write of the same bytes. */
export async function releases({ quick, folder, say }: BenchOptions): Promise<Figure[]> {
  const hours = (quick ? 7 : 365) * DAY_H;
  say(`releases: ${quick ? 'a week' : 'a year'} of 1,000 areas by the hour, in every format`);
  const child = await startChild('./releases-process.js', {});
  try {
    await child.ask<ReleaseAnswer>({ folder, hours: WARM_H } satisfies ReleaseOrder);
    const done = await child.ask<ReleaseAnswer>({ folder, hours } satisfies ReleaseOrder);
    const rows = done.rows.toLocaleString('en');
    const gib = (done.bytes / 2 ** 30).toFixed(1);
    return [
      {
        key: 'release_rows_per_s',
        value: done.rows / done.seconds,
        unit: 'rows/s',
        what: `${rows} rows into every format at once, ${gib} GiB, synced and hashed`,
      },
      {
        key: 'release_rows_per_cpu_s',
        value: done.rows / done.cpuSeconds,
        unit: 'rows/s',
        what: '… by CPU time',
      },
      {
        key: 'release_limit_ratio',
        value: done.bareSeconds / done.seconds,
        unit: '',
        what: '… over a bare write and sync of as many bytes',
      },
      {
        key: 'release_rss_mib',
        value: done.rssMib,
        unit: 'MiB',
        what: `… most memory of the process; ${Math.round(done.rssBeforeMib)} MiB after a first day`,
      },
    ];
  } finally {
    await child.stop();
  }
}
