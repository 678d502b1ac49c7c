/** What the console's server and its web application say to each other. The web application takes types, and values of `constants.ts` alone. */
export * from './alerts.js';
export * from './buyers.js';
export * from './constants.js';
export * from './inquiries.js';
export * from './live.js';
export * from './measures.js';
export * from './purposes.js';
export * from './session.js';
export * from './site.js';
export * from './stills.js';
