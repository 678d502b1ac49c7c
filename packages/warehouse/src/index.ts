export {
  type EmbeddedWarehouse,
  type EmbeddedWarehouseOptions,
  findEmbeddedWarehouse,
  startEmbeddedWarehouse,
} from './embedded.js';
