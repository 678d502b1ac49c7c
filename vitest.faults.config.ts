import { defineConfig } from 'vitest/config';
import { common } from './vitest.config.js';

/** Brokers, warehouses, disks and power that go away and come back: mostly waiting, and so kept out of `npm test`. */
export default defineConfig({
  test: { ...common, include: ['**/*.faults.test.ts'], exclude: ['**/node_modules/**'] },
});
