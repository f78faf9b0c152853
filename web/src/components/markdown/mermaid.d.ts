// What the client uses of the library. Its own types refer to hundreds of files and slow each type check down.
declare module "mermaid" {
  export type MermaidConfig = {
    startOnLoad: boolean;
    securityLevel: "strict";
    suppressErrorRendering: boolean;
    htmlLabels: boolean;
    maxTextSize: number;
    maxEdges: number;
    /** The names of the settings that a diagram cannot change. */
    secure: string[];
    theme?: "dark" | "neutral";
  };
  const mermaid: {
    initialize(config: MermaidConfig): void;
    /** Draws one diagram at a time. Rejects when the source is invalid. */
    render(id: string, source: string): Promise<{ svg: string }>;
  };
  export default mermaid;
}
