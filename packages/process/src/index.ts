export { isGone, thisProcess, type ProcessIdentity } from './process-identity.js';
