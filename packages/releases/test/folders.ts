import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReleaseManifest } from '@hitonami/model';
import { afterAll } from 'vitest';
import {
  openPublicFolder,
  openPublishedFolder,
  type FolderProblem,
  type PublishedFolder,
  type ReleaseDraft,
} from '../src/index.js';
import { areaCells, draftOf } from './releases.js';

/** Of `publish`, what is first. */
export const CSV = 'test_crowding_2026-10-01_v1.csv';

/** Folders of one test file, which go with it. @returns a new one each time */
export function folders(): { root: string; newFolder: () => string } {
  const root = mkdtempSync(join(tmpdir(), 'hitonami-folder-'));
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });
  return { root, newFolder: () => mkdtempSync(join(root, 'f-')) };
}

export async function publish(
  folder: string,
  draft: ReleaseDraft = draftOf(),
): Promise<ReleaseManifest> {
  const writer = await openPublicFolder(folder).begin(draft);
  for (const cells of areaCells(3)) await writer.write(cells);
  return writer.finish({ isCountOfProtectedTold: true });
}

/** A reader that looks every time. */
export function reader(folder: string, problems: FolderProblem[] = []): PublishedFolder {
  return openPublishedFolder(folder, {
    lookEveryMs: 0,
    onProblem: (problem) => problems.push(problem),
  });
}

export function visible(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !name.startsWith('.') && statSync(join(folder, name)).isFile(),
  );
}

export function rewrite(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}
