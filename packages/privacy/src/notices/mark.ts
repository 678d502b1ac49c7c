import { Markup } from './html.js';

/**
 * The mark of a place where people are counted: a camera looks at a floor, and on it are dots. Drawn for this project;
 * no face, no figure. One colour on white, so that it prints on anything.
 */
export const MARK = new Markup(
  `<svg class="mark" viewBox="0 0 120 120" role="img" aria-label="camera to dots"><rect x="2" y="2" width="116" height="116" rx="22" fill="#0f3d5c"/><path d="M60 39 L22 95 A44 15 0 0 0 110 95 Z" fill="#2f7f9e" opacity="0.8"/><ellipse cx="66" cy="94" rx="44" ry="14" fill="#bfe3ea"/><path d="M15 13 v28 M15 27 h12" stroke="#fff" stroke-width="6" stroke-linecap="round"/><g transform="rotate(28 44 30)"><rect x="22" y="18" width="36" height="22" rx="5" fill="#fff"/><rect x="58" y="22" width="8" height="14" rx="2" fill="#fff"/><circle cx="50" cy="29" r="3.5" fill="#e4572e"/></g><g fill="#e4572e"><circle cx="46" cy="93" r="6"/><circle cx="67" cy="100" r="6"/><circle cx="87" cy="91" r="6"/><circle cx="65" cy="87" r="5"/></g></svg>`,
);

const icon = (body: string): Markup =>
  new Markup(`<svg class="icon" viewBox="0 0 64 64" aria-hidden="true">${body}</svg>`);

/** What happens, in three pictures: seen, turned into dots, the picture gone. */
export const STEP_ICONS = {
  camera: icon(
    '<rect x="8" y="20" width="34" height="24" rx="5" fill="#0f3d5c"/><path d="M42 28 l14 -8 v24 l-14 -8 z" fill="#0f3d5c"/><circle cx="18" cy="32" r="4" fill="#fff"/>',
  ),
  dots: icon(
    '<path d="M12 46 L22 18 H54 L44 46 Z" fill="#bfe3ea" stroke="#0f3d5c" stroke-width="2.5" stroke-linejoin="round"/><g fill="#e4572e"><circle cx="25" cy="38" r="4"/><circle cx="36" cy="26" r="4"/><circle cx="40" cy="38" r="4"/></g>',
  ),
  gone: icon(
    '<rect x="12" y="16" width="40" height="32" rx="4" fill="#fff" stroke="#0f3d5c" stroke-width="3" stroke-dasharray="5 4"/><path d="M20 22 L44 42 M44 22 L20 42" stroke="#e4572e" stroke-width="5" stroke-linecap="round"/>',
  ),
} as const;
