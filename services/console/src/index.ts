export { consoleSchema, type ConsoleConfig } from './config.js';
export { consoleService, consoleServiceWith, type Served } from './service.js';
