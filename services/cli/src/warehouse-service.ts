import { join } from 'node:path';
import { integer, operationsShape, text, type Service } from '@hitonami/service';
import { startEmbeddedWarehouse } from '@hitonami/warehouse';
import { z } from 'zod';
import { WAREHOUSE_FOLDER } from './data-folder.js';

const warehouseSchema = z.object({
  ...operationsShape,
  /** `HITONAMI_DATA`: the folder that everything embedded lives in. */
  data: text('give the path of a folder').default('.hitonami'),
  /** `HITONAMI_WAREHOUSE_PORT`: where the ClickHouse HTTP interface is answered, on this machine alone. */
  warehousePort: integer(0, 65_535).prefault('8123'),
});

type WarehouseConfig = z.output<typeof warehouseSchema>;

/** The embedded warehouse as a process of its own, for services that run apart on one machine without a ClickHouse server. */
export const warehouseService: Service<WarehouseConfig> & { schema: typeof warehouseSchema } = {
  name: 'warehouse',
  schema: warehouseSchema,
  async start({ config, logger, own }) {
    const engine = await startEmbeddedWarehouse({
      folder: join(config.data, WAREHOUSE_FOLDER),
      port: config.warehousePort,
      onCrash: (what) => {
        logger.error(what, 'the warehouse engine ended by itself');
      },
    });
    own({ name: 'engine', disconnect: () => engine.stop() });
    logger.info({ url: engine.url, version: engine.version }, 'the warehouse answers');
  },
};
