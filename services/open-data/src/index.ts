export { openDataSchema, type OpenDataConfig } from './config.js';
export { openDataService, type OpenDataOptions } from './service.js';
export { buyerMetrics } from './buyers/metrics.js';
export { openDataMetrics } from './metrics.js';
