import {
  address,
  checkEventLog,
  eventLogShape,
  grpcSecurityShape,
  integer,
  operationsShape,
  text,
} from '@hitonami/service';
import { z } from 'zod';

/** Everything that the ingestor can be told, each key under `HITONAMI_`. */
export const ingestorSchema = z
  .object({
    ...eventLogShape,
    ...grpcSecurityShape,
    ...operationsShape,
    /** `HITONAMI_GRPC_ADDRESS`: where frames, positions and counts come in. */
    grpcAddress: address().prefault('127.0.0.1:50051'),
    /**
     * `HITONAMI_MODEL`: the detector (ONNX); default: the one that is shipped. `none`: frames are refused, positions and
     * counts are taken.
     */
    model: text('give the path of an ONNX file, or none').optional(),
    /** `HITONAMI_INFERENCE_WORKERS`: threads that detect, one session each. More than cores is slower. */
    inferenceWorkers: integer(1, 64).prefault('2'),
    /** `HITONAMI_CAMERA_QUEUE`: frames of one camera that may wait; over it the newest wins. */
    cameraQueue: integer(1, 64).prefault('2'),
    /** `HITONAMI_TICKS`: `off` where event time is not the clock's, as in a replay. */
    ticks: z.enum(['on', 'off']).default('on'),
  })
  .superRefine(checkEventLog);

export type IngestorConfig = z.output<typeof ingestorSchema>;
