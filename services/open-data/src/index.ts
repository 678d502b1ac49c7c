export { openDataSchema, type OpenDataConfig } from './config.js';
export { openDataService, type OpenDataOptions } from './service.js';
