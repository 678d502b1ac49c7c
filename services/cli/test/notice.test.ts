/** `hitonami notice`: what the public is told, as files. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scenario } from '@hitonami/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireOrSkip } from '../../../test/support/require.js';
import { notice } from '../src/commands/notice.js';
import { findChromium, printPdf } from '../src/print-pdf.js';

const { plan } = scenario('rush-hour');
let folder: string;
let planFile: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hitonami-notice-'));
  planFile = join(folder, 'site.json');
  await writeFile(planFile, JSON.stringify(plan));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function make(options: Partial<Parameters<typeof notice>[1]> = {}): Promise<{
  out: string;
  said: string;
}> {
  const out = await mkdtemp(join(folder, 'out-'));
  const lines: string[] = [];
  await notice(planFile, { out, pdf: false, ...options }, (line) => lines.push(line));
  return { out, said: lines.join('\n') };
}

describe('hitonami notice', () => {
  it('writes every document in both languages', async () => {
    const { out, said } = await make({ url: 'https://station.example.org/' });
    const names = 'assessment briefing explanation page poster prior-notice register sticker'.split(
      ' ',
    );
    expect((await readdir(out)).sort()).toEqual(
      names.flatMap((name) => [`${name}.en.html`, `${name}.ja.html`]),
    );
    expect(said).toContain('16 documents');
    // As long as the log has them, and no longer.
    expect(await readFile(join(out, 'page.en.html'), 'utf8')).toContain('at most 78 minutes');
  });

  it('says what has changed since the plan before', async () => {
    const before = join(folder, 'before.json');
    await writeFile(
      before,
      JSON.stringify({ ...plan, operator: { ...plan.operator, contact: 'old@example.org' } }),
    );
    const { out } = await make({ before });
    expect(await readFile(join(out, 'page.ja.html'), 'utf8')).toContain('old@example.org');
  });

  it('refuses a plan without a contact, another site’s report, and what is no address', async () => {
    const broken = join(folder, 'broken.json');
    await writeFile(broken, JSON.stringify({ ...plan, operator: { name: plan.operator.name } }));
    await expect(make({ before: broken })).rejects.toThrow(/broken\.json.*operator\.contact/s);
    const audit = join(folder, 'audit.json');
    await writeFile(audit, JSON.stringify({ format: 'hitonami-risk-1', site: 'other' }));
    await expect(make({ audit })).rejects.toThrow(/'other'/);
    await expect(make({ audit: join(folder, 'none.json') })).rejects.toThrow(/cannot be read/);
    await expect(make({ url: 'station' })).rejects.toThrow(/address/);
    await expect(make({ out: join(planFile, 'x') })).rejects.toThrow(/cannot be written/);
  });
});

const chromium = await findChromium();

describe('PDF', () => {
  it('is left out in one line where there is no Chromium', async () => {
    await expect(findChromium(['no-such-browser'])).resolves.toBeUndefined();
  });

  it.runIf(requireOrSkip('chromium', chromium !== undefined, 'apt-get install chromium'))(
    'the poster is one sheet of A4, the sticker one of A6',
    async () => {
      const { out } = await make({ url: 'https://station.example.org/' });
      const sheets = async (name: string): Promise<{ pages: number; size: string }> => {
        const pdfFile = join(out, `${name}.pdf`);
        await printPdf(chromium!, join(out, `${name}.html`), pdfFile);
        const pdf = (await readFile(pdfFile)).toString('latin1');
        const box = /\/MediaBox ?\[\s*0 0 ([\d.]+) ([\d.]+)/.exec(pdf);
        const mm = (points: string | undefined): number => Math.round((Number(points) / 72) * 25.4);
        return {
          pages: Number(/\/Count (\d+)/.exec(pdf)?.[1]),
          size: `${mm(box?.[1])}×${mm(box?.[2])}`,
        };
      };
      // The language with the longer words.
      expect(await sheets('poster.en')).toEqual({ pages: 1, size: '210×297' });
      expect(await sheets('sticker.ja')).toEqual({ pages: 1, size: '148×105' });
      await expect(
        printPdf('no-such-browser', join(out, 'page.ja.html'), join(out, 'page.ja.pdf')),
      ).rejects.toThrow(/did not print/);
    },
    60_000,
  );
});
