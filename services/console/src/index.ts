export { consoleSchema, type ConsoleConfig } from './config.js';
export { consoleService } from './service.js';
