export { consoleSchema, type ConsoleConfig } from './config.js';
export { consoleService, type Served } from './service.js';
