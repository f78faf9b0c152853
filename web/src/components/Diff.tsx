import { Suspense, lazy } from "react";
import { Loading } from "@/components/Notice";

// The diff library is loaded when the first comparison is shown.
const Lines = lazy(() => import("./DiffLines").then((module) => ({ default: module.DiffLines })));

/** The removed and added lines between two texts. */
export function Diff(props: { before: string; after: string }) {
  return (
    <Suspense fallback={<Loading />}>
      <Lines {...props} />
    </Suspense>
  );
}
