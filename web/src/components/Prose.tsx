import { Suspense, lazy, useDeferredValue } from "react";
import { useMountedDuringFastScroll } from "@/components/fastScroll";

// The page is usable before the Markdown renderer has loaded: until then the source text is shown.
const Markdown = lazy(() => import("./markdown/Markdown").then((module) => ({ default: module.Markdown })));

type ProseProps = {
  text: string;
  /** Whether the text is still streaming. */
  unfinished?: boolean;
  /** Whether each line break of the source is shown. */
  breaks?: boolean;
};

/** Rendered Markdown. */
export function Prose({ text, unfinished = false, breaks = false }: ProseProps) {
  const mountedWhileScrolling = useMountedDuringFastScroll();
  // Parsing is deferred while text streams in and for rows mounted during a fast scroll, so input stays responsive.
  const shown = useDeferredValue<string | null>(text, mountedWhileScrolling ? null : text);
  const source = <p className="whitespace-pre-wrap">{text}</p>;
  return (
    <div className="prose-reply">
      {shown === null ? (
        source
      ) : (
        <Suspense fallback={source}>
          <Markdown text={shown} unfinished={unfinished || shown !== text} breaks={breaks} />
        </Suspense>
      )}
    </div>
  );
}
