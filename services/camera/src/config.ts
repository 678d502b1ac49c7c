import {
  address,
  byteSize,
  durationMs,
  grpcSecurityShape,
  integer,
  operationsShape,
  text,
} from '@hitonami/service';
import { z } from 'zod';
import {
  CAMERA_LIMITS_DEFAULT,
  FRAMES_PER_S_MAX,
  FRAMES_PER_S_MIN,
  VIDEO_OPTIONS_DEFAULT,
  isStreamAddress,
  type CameraConfig,
} from './camera-config.js';

const FRAMES_PER_S_EXPECTED = `must be a number from ${FRAMES_PER_S_MIN} to ${FRAMES_PER_S_MAX}`;
const MIB = 1_024 * 1_024;

/** Everything that the camera agent can be told, each key under `HITONAMI_`. */
export const cameraSchema = z
  .object({
    ...grpcSecurityShape,
    ...operationsShape,
    /** `HITONAMI_CAMERA_SITE` and `HITONAMI_CAMERA_ID`: as in the site plan. */
    cameraSite: text('give the id of the site'),
    cameraId: text('give the id of the camera in the site plan'),
    /** `HITONAMI_CAMERA_SOURCE`: a video file, a folder of pictures, or a stream's address. */
    cameraSource: text('give a video file, a folder of pictures, or an rtsp:// address'),
    /** `HITONAMI_CAMERA_INGESTOR`: where frames are taken. */
    cameraIngestor: address().prefault('127.0.0.1:50051'),
    /** `HITONAMI_CAMERA_FRAMES_PER_S`. */
    cameraFramesPerS: z
      .string()
      .regex(/^\d+(\.\d+)?$/, FRAMES_PER_S_EXPECTED)
      .transform(Number)
      .refine((n) => n >= FRAMES_PER_S_MIN && n <= FRAMES_PER_S_MAX, FRAMES_PER_S_EXPECTED)
      .prefault('5'),
    /** `HITONAMI_CAMERA_MODE`: `live`, or `lossless` for the replay of a file or folder. */
    cameraMode: z.enum(['live', 'lossless']).default('live'),
    /** `HITONAMI_CAMERA_START`: capture time of a replay's first frame, ISO 8601 with its zone. */
    cameraStart: z.iso
      .datetime({
        offset: true,
        error: 'must be a time with its zone, such as 2026-04-01T08:00:00Z',
      })
      .optional(),
    cameraMaxAge: durationMs(1, 3_600_000).prefault(`${CAMERA_LIMITS_DEFAULT.maxAgeMs}ms`),
    cameraInFlight: integer(1, 64).prefault(String(CAMERA_LIMITS_DEFAULT.inFlightMax)),
    cameraFrameBytes: byteSize().prefault(`${CAMERA_LIMITS_DEFAULT.frameBytesMax / MIB}MiB`),
    cameraFfmpeg: text('give the path of the program').default(VIDEO_OPTIONS_DEFAULT.ffmpeg),
    cameraQuality: integer(2, 31).prefault(String(VIDEO_OPTIONS_DEFAULT.quality)),
    /** `HITONAMI_CAMERA_MAX_WIDTH`: wider pictures are made smaller, pixels; 0 for no limit. */
    cameraMaxWidth: integer(0, 16_384).prefault('0'),
  })
  .superRefine((config, context) => {
    const refuse = (path: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message });
    };
    const isLossless = config.cameraMode === 'lossless';
    if (isLossless && isStreamAddress(config.cameraSource)) {
      refuse('cameraMode', 'a stream cannot be sent lossless, since it does not wait');
    }
    if (isLossless && config.cameraStart === undefined) {
      refuse('cameraStart', 'with HITONAMI_CAMERA_MODE=lossless, give the time of the first frame');
    }
    if (!isLossless && config.cameraStart !== undefined) {
      refuse('cameraStart', 'has no meaning with HITONAMI_CAMERA_MODE=live: unset it');
    }
  });

/** A file or folder, also where it is written as an address. What plays behind another address cannot be told. */
function isRecording(source: string): boolean {
  return !isStreamAddress(source) || /^(?:file|concatf?|subfile|data|cache|crypto):/i.test(source);
}

export type CameraServiceConfig = z.output<typeof cameraSchema>;

/** The agent's own configuration out of that of the service. */
export function cameraConfigOf(config: CameraServiceConfig): CameraConfig {
  return {
    site: config.cameraSite,
    camera: config.cameraId,
    source: config.cameraSource,
    isRecorded: isRecording(config.cameraSource),
    ingestor: config.cameraIngestor,
    security: config,
    framesPerS: config.cameraFramesPerS,
    mode: config.cameraMode,
    ...(config.cameraStart === undefined
      ? {}
      : { startUs: Date.parse(config.cameraStart) * 1_000 }),
    limits: {
      maxAgeMs: config.cameraMaxAge,
      inFlightMax: config.cameraInFlight,
      frameBytesMax: config.cameraFrameBytes,
    },
    video: {
      ffmpeg: config.cameraFfmpeg,
      quality: config.cameraQuality,
      maxWidth: config.cameraMaxWidth,
    },
  };
}
