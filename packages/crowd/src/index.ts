export * from './los.js';
export * from './rows.js';
