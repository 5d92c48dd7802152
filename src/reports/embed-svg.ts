import { escapeHtml } from "./escape-html.js";

/**
 * SVG for a page that holds several: its definitions get names of their own, and a text for readers who cannot see it.
 */
export function embedSvg(svg: string, prefix: string, description: string): string {
  const title = `<title>${escapeHtml(description)}</title>`;
  return svg
    .replace(/<\?xml[^>]*\?>/, "")
    .replace(/\bid="([^"]+)"/g, `id="${prefix}-$1"`)
    .replace(/url\(#([^)]+)\)/g, `url(#${prefix}-$1)`)
    .replace(/xlink:href="#([^"]+)"/g, `xlink:href="#${prefix}-$1"`)
    .replace(/<svg([^>]*)>/, (_, attributes: string) => `<svg role="img"${attributes}>${title}`);
}
