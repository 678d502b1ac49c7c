import { startForgetting, type Metrics, type Service } from '@hitonami/service';
import { cameraConfigOf, cameraSchema, type CameraServiceConfig } from './config.js';
import type { CameraEvent, CameraSummary } from './ledger.js';
import { runCamera } from './run-camera.js';

/**
 * The camera agent as a service. A live one runs until it is stopped; one whose source ended stays up, idle, so that
 * its last figures can be read, and calls `onEnd`.
 */
export function cameraService(
  onEnd?: (summary: CameraSummary) => void,
): Service<CameraServiceConfig> & { schema: typeof cameraSchema } {
  return {
    name: 'camera',
    schema: cameraSchema,
    start(context) {
      const { config, logger, metrics, signal } = context;
      const { cameraSite: site, cameraId: camera } = config;
      const count = countEvents(metrics, { site, camera });
      const forgetting = startForgetting();
      context.own({
        name: 'forgetting',
        disconnect: () => {
          forgetting.stop();
        },
      });
      const onEvent = (event: CameraEvent): void => {
        count(event);
        if (isOver(event)) forgetting.letGo();
      };
      const running = runCamera(cameraConfigOf(config), { logger, signal, onEvent }).then(
        (summary) => onEnd?.(summary),
        (error: unknown) => {
          context.fail(error);
        },
      );
      context.own({ name: 'camera', finish: () => running });
      return Promise.resolve();
    },
  };
}

/** Whether a frame's picture has just been overwritten. */
function isOver({ kind }: CameraEvent): boolean {
  return kind === 'receipt' || kind === 'shed' || kind === 'unanswered';
}

/** Turns events into counters. */
export function countEvents(
  metrics: Metrics,
  labels: { site: string; camera: string },
): (event: CameraEvent) => void {
  const frames = metrics.counter({
    name: 'hitonami_camera_frames_total',
    help: 'Frames of the camera agent by what happened: captured, sent, resent, shed, processed, shed_by_ingestor, rejected, unanswered.',
    labels: ['site', 'camera', 'outcome'],
  });
  const faults = metrics.counter({
    name: 'hitonami_camera_faults_total',
    help: 'Times that the connection to the ingestor or the source broke.',
    labels: ['site', 'camera', 'reason'],
  });
  const connected = metrics.gauge({
    name: 'hitonami_camera_connected',
    help: '1 while the camera agent has a stream to the ingestor.',
    labels: ['site', 'camera'],
  });
  connected.set(labels, 0);
  return (event) => {
    if (event.kind === 'connected') connected.set(labels, 1);
    else if (event.kind === 'disconnected') {
      connected.set(labels, 0);
      faults.inc({ ...labels, reason: 'ingestor' });
    } else if (event.kind === 'source failed') faults.inc({ ...labels, reason: 'source' });
    else frames.inc({ ...labels, outcome: outcomeOf(event) });
  };
}

function outcomeOf(
  event: Exclude<CameraEvent, { kind: 'connected' | 'disconnected' | 'source failed' }>,
): string {
  if (event.kind === 'sent') return event.isAgain ? 'resent' : 'sent';
  if (event.kind !== 'receipt') return event.kind;
  if (event.receipt.processed !== undefined) return 'processed';
  return event.receipt.shed === undefined ? 'rejected' : 'shed_by_ingestor';
}
