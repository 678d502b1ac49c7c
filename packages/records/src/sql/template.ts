import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';

/**
 * An empty database as the engine makes it, made once when hitonami is built: to copy it takes a tenth of the time and
 * none of the memory that making one takes. It belongs to one version of the engine.
 */
export const TEMPLATE = join(
  fileURLToPath(new URL('../../dist', import.meta.url)),
  `empty-database-${engineVersion()}`,
);

/** Does nothing where it is there. @returns whether it was made */
export async function makeTemplate(): Promise<boolean> {
  if (existsSync(TEMPLATE)) return false;
  await mkdir(dirname(TEMPLATE), { recursive: true });
  const unfinished = await mkdtemp(`${TEMPLATE}.`);
  try {
    await makeEmpty(unfinished);
    await rename(unfinished, TEMPLATE);
    return true;
  } catch (error) {
    // Somebody else may have been quicker.
    if (existsSync(TEMPLATE)) return false;
    throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** An empty database in a folder: a copy of the template, or made anew where there is none. */
export async function makeEmpty(folder: string, template?: string): Promise<void> {
  if (template !== undefined && existsSync(template))
    await cp(template, folder, { recursive: true });
  else await (await PGlite.create({ dataDir: folder })).close();
}

function engineVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '../package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
