import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where an engine that owns a folder says how it is reached. */
const FILE = 'engine.json';

export interface Address {
  url: string;
  pid: number;
  instance: string;
}

export async function writeAddress(folder: string, address: Address): Promise<void> {
  const path = join(folder, FILE);
  await writeFile(`${path}.new`, `${JSON.stringify(address)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

export async function removeAddress(folder: string): Promise<void> {
  await rm(join(folder, FILE), { force: true });
}

/** What the folder's address file says; undefined where there is none or it is not one. */
export async function readAddress(folder: string): Promise<Address | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const said = JSON.parse(text) as Partial<Address>;
    if (typeof said.url !== 'string' || typeof said.pid !== 'number') return undefined;
    return { url: said.url, pid: said.pid, instance: String(said.instance) };
  } catch {
    return undefined;
  }
}
