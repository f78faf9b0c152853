import { Suspense, lazy } from "react";
import { Loading } from "@/components/Notice";

// The comparison is a library of its own, loaded when something is compared first.
const Lines = lazy(() => import("./DiffLines").then((module) => ({ default: module.DiffLines })));

/** What was taken out of a text and what was put in, line by line. */
export function Diff(props: { before: string; after: string }) {
  return (
    <Suspense fallback={<Loading />}>
      <Lines {...props} />
    </Suspense>
  );
}
