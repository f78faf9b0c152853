import { Suspense, lazy, useDeferredValue, useMemo } from "react";
import { type Citation, CitationsContext } from "@/components/citations/context";
import { useMountedDuringFastScroll } from "@/components/fastScroll";

// The page is usable before the Markdown renderer has loaded: until then the source text is shown.
const Markdown = lazy(() => import("./markdown/Markdown").then((module) => ({ default: module.Markdown })));

type ProseProps = {
  text: string;
  /** Whether the text is still streaming. */
  unfinished?: boolean;
  /** Whether each line break of the source is shown. */
  breaks?: boolean;
  /** What the text cites: `[3]` is a citation when its number is among them. */
  citations?: readonly Citation[] | undefined;
};

/** Rendered Markdown. */
export function Prose({ text, unfinished = false, breaks = false, citations }: ProseProps) {
  const mountedWhileScrolling = useMountedDuringFastScroll();
  // Parsing is deferred while text streams in and for rows mounted during a fast scroll, so input stays responsive.
  const shown = useDeferredValue<string | null>(text, mountedWhileScrolling ? null : text);
  const source = <p className="whitespace-pre-wrap">{text}</p>;
  const cited = useMemo(() => ({ citations: citations ?? [], unfinished }), [citations, unfinished]);
  return (
    <div className="prose-reply">
      {shown === null ? (
        source
      ) : (
        <Suspense fallback={source}>
          <CitationsContext value={cited}>
            <Markdown
              text={shown}
              unfinished={unfinished || shown !== text}
              breaks={breaks}
              cites={citations !== undefined}
            />
          </CitationsContext>
        </Suspense>
      )}
    </div>
  );
}
