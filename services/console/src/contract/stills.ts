import { z } from 'zod';

/** The picture of a camera's empty place, as it is kept; the picture itself is at `…/cameras/:camera/still`. */
export const still = z.object({
  camera: z.string(),
  width: z.number(),
  height: z.number(),
  savedBy: z.string(),
  savedAt: z.iso.datetime(),
  /** From then on it is gone. */
  eraseAt: z.iso.datetime(),
  /** Another picture has another one. */
  digest: z.string(),
});
export type Still = z.output<typeof still>;
