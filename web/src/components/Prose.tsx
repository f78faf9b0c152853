import { Suspense, lazy, useDeferredValue } from "react";

// The page is usable before the Markdown renderer has arrived: until then the text stands as written.
const Markdown = lazy(() => import("./Markdown").then((module) => ({ default: module.Markdown })));

/** Markdown as it is to be read, also while it is still being written. */
export function Prose({ text }: { text: string }) {
  // Parsing gives way to typing and scrolling while pieces come fast.
  const shown = useDeferredValue(text);
  return (
    <div className="prose-reply">
      <Suspense fallback={<p className="whitespace-pre-wrap">{shown}</p>}>
        <Markdown text={shown} />
      </Suspense>
    </div>
  );
}
