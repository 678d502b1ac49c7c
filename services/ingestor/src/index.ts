export { ingestorSchema, type IngestorConfig } from './config.js';
export { locate } from './locate.js';
export { trackerOptions, weakestUseful } from './tracker-options.js';
export { ingestorService, type IngestorHandle } from './service.js';
