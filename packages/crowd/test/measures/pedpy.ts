import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Trajectories } from '../../src/index.js';

const FOLDER = fileURLToPath(new URL('../../../../../shared/data/pedpy/', import.meta.url));

export const isPedPyPresent = existsSync(`${FOLDER}bottleneck/traj.txt`);

/** The rows of a file of the reference: numbers between white space, comments left out. */
export function rowsOf(file: string): number[][] {
  return readFileSync(FOLDER + file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => line.trim().split(/\s+/).map(Number));
}

export function trajectoriesOf(folder: string): Trajectories {
  const rows = rowsOf(`${folder}/traj.txt`);
  const column = (i: number): Float64Array => Float64Array.from(rows, (row) => row[i] as number);
  return new Trajectories({ person: column(0), frame: column(1), x: column(2), y: column(3) }, 16);
}
