import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { HitonamiError } from '@hitonami/model';

/** The contracts lie beside the packages, at the root of the repository and of the container image alike. */
const FOLDER = fileURLToPath(new URL('../../../../proto/', import.meta.url));

/** @throws HitonamiError `CONFIG` where the folder did not come along. */
export function protoFolder(): string {
  if (!existsSync(FOLDER)) {
    throw new HitonamiError(
      'CONFIG',
      `The wire contracts are not at ${FOLDER}: put the folder proto beside the folder packages.`,
    );
  }
  return FOLDER;
}
