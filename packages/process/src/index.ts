export { lockFolder, type FolderLock, type LockTimes } from './folder-lock.js';
export { isGone, thisProcess, type ProcessIdentity } from './process-identity.js';
