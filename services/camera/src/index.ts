export {
  CAMERA_LIMITS_DEFAULT,
  VIDEO_OPTIONS_DEFAULT,
  type CameraConfig,
  type CameraLimits,
  type VideoOptions,
} from './camera-config.js';
export { cameraConfigOf, cameraSchema, type CameraServiceConfig } from './config.js';
export { clipPictures } from './ffmpeg-source.js';
export { pictureNames } from './folder-source.js';
export type { CameraEvent, CameraSummary } from './ledger.js';
export { runCamera, type CameraRun } from './run-camera.js';
export { cameraService } from './service.js';
