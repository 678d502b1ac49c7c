import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openEmbeddedLog } from '../src/index.js';
import { eventLogContract } from './contract.js';

const folder = mkdtempSync(join(tmpdir(), 'hitonami-log-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

eventLogContract('embedded', () =>
  Promise.resolve({ open: () => openEmbeddedLog({ folder, onFault: () => undefined }) }),
);
