import { z } from 'zod';
import { ANSWER_LENGTH_MAX, INQUIRY_KINDS } from './constants.js';

/** What somebody of the public asked or said; they need not say who they are. */
export const inquiry = z.object({
  /** The number that the inquirer was given. */
  id: z.number(),
  kind: z.enum(INQUIRY_KINDS),
  /** The language that an answer should have. */
  language: z.enum(['ja', 'en']),
  at: z.iso.datetime(),
  text: z.string(),
  /** Empty: none was given; the answer is read behind a secret link all the same. */
  contact: z.string(),
  answer: z.string().nullable(),
  answeredBy: z.string().nullable(),
  answeredAt: z.iso.datetime().nullable(),
});
export type Inquiry = z.output<typeof inquiry>;

export const inquiries = z.object({
  open: z.number(),
  /** The newest first. */
  inquiries: z.array(inquiry),
  /** By month (`YYYY-MM`), the newest first; these stay when the texts are erased. */
  counts: z.array(z.object({ month: z.string(), kind: z.enum(INQUIRY_KINDS), count: z.number() })),
  /** What is and is not held of a person, from the plan: an answer to begin with. */
  heldReply: z.object({ ja: z.string(), en: z.string() }),
  /** After its answer each is kept for so long, days. */
  keptDays: z.number(),
});
export type Inquiries = z.output<typeof inquiries>;

export const inquiryAnswer = z.object({
  answer: z.string().trim().min(1).max(ANSWER_LENGTH_MAX),
});
