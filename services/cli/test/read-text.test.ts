import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../test/support/command.js';
import { planText } from '../../../test/support/plans.js';
import { check } from '../src/commands/check.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hitonami-text-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function checked(name: string, bytes: Uint8Array): Promise<string> {
  const plan = join(folder, name);
  await writeFile(plan, bytes);
  const lines: string[] = [];
  await check(plan, (line) => lines.push(line), Date.now());
  return lines.join('\n');
}

describe('a plan in another encoding', () => {
  // '駅' in Shift JIS.
  const shiftJis = Buffer.concat([
    Buffer.from(planText({ name: { ja: '@', en: 'x' } }).split('@')[0] ?? ''),
    Buffer.from([0x89, 0x77]),
    Buffer.from(planText({ name: { ja: '@', en: 'x' } }).split('@')[1] ?? ''),
  ]);

  it('is refused where it is Shift JIS or UTF-16: its notices would be unreadable', async () => {
    await expect(checked('sjis.json', shiftJis)).rejects.toThrow(
      /sjis\.json is not UTF-8: save it as UTF-8/,
    );
    const utf16 = Buffer.from(`\uFEFF${planText()}`, 'utf16le');
    await expect(checked('utf16.json', utf16)).rejects.toThrow(/is not UTF-8: save it as UTF-8/);
  });

  it('is taken with a byte order mark', async () => {
    expect(await checked('bom.json', Buffer.from(`\uFEFF${planText()}`))).toMatch(/is valid/);
  });

  it('is refused by notice, too', async () => {
    const plan = join(folder, 'sjis.json');
    await writeFile(plan, shiftJis);
    const told = await run(['notice', plan, '--out', join(folder, 'out'), '--no-pdf']);
    expect(told.complaints).toMatch(/sjis\.json is not UTF-8/);
    expect(told.code).toBe(1);
  });
});
