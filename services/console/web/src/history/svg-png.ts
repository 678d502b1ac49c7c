/** Longest side of a saved picture, px. */
const SIDE_MAX = 2_400;

/** An SVG of the page as a PNG `data:` URL. It must carry its colours as attributes: style sheets do not travel with it. */
export async function svgToPng(svg: SVGSVGElement, background: string): Promise<string> {
  const { width, height } = svg.viewBox.baseVal;
  const scale = SIDE_MAX / Math.max(width, height);
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute('width', String(width * scale));
  copy.setAttribute('height', String(height * scale));
  const text = new XMLSerializer().serializeToString(copy);
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await picture.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (context === null) return '';
  context.fillStyle = background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png');
}
