import type { MermaidConfig } from "mermaid";

const MAX_CHARS = 10_000;

const config: MermaidConfig = {
  startOnLoad: false,
  securityLevel: "strict",
  suppressErrorRendering: true,
  htmlLabels: false,
  maxTextSize: MAX_CHARS,
  maxEdges: 200,
  // A diagram cannot change these settings.
  secure: [
    "secure",
    "securityLevel",
    "startOnLoad",
    "maxTextSize",
    "maxEdges",
    "suppressErrorRendering",
    "htmlLabels",
    "themeCSS",
    "themeVariables",
    "fontFamily",
    "altFontFamily",
    "dompurifyConfig",
    "logLevel",
  ],
};

/** An image of a diagram: its address, and its size in CSS pixels. */
export type Drawing = { src: string; width: number; height: number };

let drawn = 0;

/**
 * Draws a Mermaid diagram as an image, in which no script, link or style can act on the page. The library is loaded for
 * the first one. Throws when the source is invalid or too long.
 */
export async function drawDiagram(source: string, dark: boolean): Promise<Drawing> {
  if (source.length > MAX_CHARS) throw new Error("The diagram is too long.");
  const { default: mermaid } = await import("mermaid");
  mermaid.initialize({ ...config, theme: dark ? "dark" : "neutral" });
  drawn += 1;
  const { svg } = await mermaid.render(`diagram-${drawn}`, source);
  const [, width = 600, height = 400] = /viewBox="[-\d.e]+ [-\d.e]+ ([\d.e]+) ([\d.e]+)"/.exec(svg)?.map(Number) ?? [];
  // Without a width of its own, an image is stretched.
  const sized = svg.replace(/^<svg /, `<svg height="${height}" `).replace(/ width="100%"/, ` width="${width}"`);
  return { src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(sized)}`, width, height };
}
