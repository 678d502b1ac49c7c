import { encode } from 'uqr';
import { html, type Markup } from './html.js';

/** Light modules around the code (ISO/IEC 18004 asks for four). */
const QUIET_MODULES = 4;

/** A QR code as SVG; a quarter of it may be scratched off. */
export function qrCode(text: string): Markup {
  const { data, size } = encode(text, { ecc: 'Q', border: QUIET_MODULES });
  const path = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  return html`<svg
    class="qr"
    viewBox="0 0 ${size} ${size}"
    role="img"
    aria-label="QR code: ${text}"
    shape-rendering="crispEdges"
  >
    <rect width="${size}" height="${size}" fill="#fff" />
    <path d="${path}" fill="#000" />
  </svg>`;
}
