/** What the console's server and its web application say to each other. Only zod is imported here: the browser reads it too. */
export * from './alerts.js';
export * from './live.js';
export * from './measures.js';
export * from './session.js';
export * from './site.js';
