export * from './geometry.js';
export * from './live.js';
export * from './los.js';
export * from './passage.js';
export * from './plans.js';
export * from './rows.js';
export * from './site-stream.js';
export * from './watermark.js';
