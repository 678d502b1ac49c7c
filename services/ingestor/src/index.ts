export { ingestorSchema, type IngestorConfig } from './config.js';
export { ingestorService, type IngestorHandle } from './service.js';
