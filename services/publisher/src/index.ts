export { publisherSchema, type PublisherConfig } from './config.js';
export { publisherMetrics } from './metrics.js';
export { makeReleaser, openFolder, openOwnRecords, openStore, publicFolderOf } from './parts.js';
export type { Releaser, ReleaseLine } from './releases/releaser.js';
export {
  answerRequests,
  askPublisher,
  isPublisherRunning,
  sayRunning,
  type PublisherRequest,
} from './requests.js';
export { answer, publisherService, type PublisherOptions } from './service.js';
