import { Suspense, lazy, useDeferredValue } from "react";
import { useMountedDuringFastScroll } from "@/components/fastScroll";

// The page is usable before the Markdown renderer has loaded: until then the source text is shown.
const Markdown = lazy(() => import("./Markdown").then((module) => ({ default: module.Markdown })));

/** Rendered Markdown; `unfinished` while the text is still streaming. */
export function Prose({ text, unfinished = false }: { text: string; unfinished?: boolean }) {
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
          <Markdown text={shown} unfinished={unfinished || shown !== text} />
        </Suspense>
      )}
    </div>
  );
}
