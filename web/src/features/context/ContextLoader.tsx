import { useEffect, useState } from "react";
import { EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { useText } from "@/lib/language";
import { type RequestFailure, toFailure } from "@/lib/request";
import { type Assembled, ContextView } from "./ContextView";

type State = { context: Assembled | null; failure: RequestFailure | null; loading: boolean };

/** Loads and shows the context of a model call; `read` must be memoised. */
export function ContextLoader({ read }: { read: () => Promise<Assembled | null> }) {
  const text = useText();
  const [state, setState] = useState<State>({ context: null, failure: null, loading: true });
  const [times, setTimes] = useState(0);
  useEffect(() => {
    let current = true;
    read().then(
      (context) => current && setState({ context, failure: null, loading: false }),
      (error: unknown) => current && setState({ context: null, failure: toFailure(error), loading: false }),
    );
    return () => {
      current = false;
    };
  }, [read, times]);
  const { context, failure, loading } = state;
  if (failure) {
    return <LoadFailed title={text.context.failed} failure={failure} onRetry={() => setTimes((now) => now + 1)} />;
  }
  if (context) return <ContextView context={context} />;
  if (loading) return <Loading />;
  return <EmptyState icon="layers" title={text.context.none} hint={text.context.noneHint} />;
}
