import type { Markup } from './html.js';

/** The documents, by the guidebook's names for them. */
export const NOTICE_NAMES = [
  'prior-notice',
  'poster',
  'sticker',
  'page',
  'explanation',
  'register',
  'briefing',
  'assessment',
] as const;
export type NoticeName = (typeof NOTICE_NAMES)[number];

/** A part of a section, as plain text; only drawings are markup. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'points'; readonly points: readonly string[] }
  /** A name and what there is to say about it. */
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [string, string])[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'drawings'; readonly drawings: readonly Markup[] }
  /** What a person has to write by hand. */
  | { readonly kind: 'fill'; readonly labels: readonly string[] };

export interface Section {
  /** Which of the guidebook's questions it answers. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export const text = (...texts: readonly string[]): Block[] =>
  texts.map((one) => ({ kind: 'text', text: one }));
export const points = (all: readonly string[]): Block => ({ kind: 'points', points: all });
export const facts = (rows: readonly (readonly [string, string])[]): Block => ({
  kind: 'facts',
  rows,
});
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): Block => ({
  kind: 'table',
  head,
  rows,
});
