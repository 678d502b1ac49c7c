import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedWarehouse } from '@hitonami/warehouse';
import { warehouseContract } from './contract.js';

warehouseContract('embedded', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hitonami-test-'));
  const engine = await startEmbeddedWarehouse({ folder });
  return {
    options: { url: engine.url },
    stop: async () => {
      await engine.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
});

const server = process.env['CLICKHOUSE_URL'];
if (server === undefined) {
  console.warn('not proven: the warehouse on a ClickHouse server, for CLICKHOUSE_URL is not set');
} else {
  warehouseContract('server', () =>
    Promise.resolve({
      options: {
        url: server,
        username: process.env['CLICKHOUSE_USER'] ?? 'default',
        password: process.env['CLICKHOUSE_PASSWORD'] ?? '',
      },
      stop: () => Promise.resolve(),
    }),
  );
}
