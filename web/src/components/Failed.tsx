import type { ReactNode } from "react";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { ErrorBoundary } from "@/components/ErrorBoundary";
import { useText } from "@/lib/language";

type BoundaryProps = {
  /** Another value renders the children again. */
  resetKey: string;
  children: ReactNode;
};

/** A part of the page; when it cannot be shown, the rest of the page stays usable. */
export function ViewBoundary({ resetKey, children }: BoundaryProps) {
  return (
    <ErrorBoundary resetKey={resetKey} fallback={(retry) => <Failed onRetry={retry} />}>
      {children}
    </ErrorBoundary>
  );
}

/** One message or record; when it cannot be shown, its text is shown as it was written. */
export function TextBoundary({ resetKey, source, children }: BoundaryProps & { source: string }) {
  return (
    <ErrorBoundary resetKey={resetKey} fallback={(retry) => <Failed onRetry={retry} source={source} />}>
      {children}
    </ErrorBoundary>
  );
}

function Failed({ onRetry, source }: { onRetry: () => void; source?: string }) {
  const text = useText();
  return (
    <div className="m-4 space-y-3">
      <Banner
        role="alert"
        tone="error"
        title={text.broken.title}
        actions={
          <>
            <Button icon="again" onClick={onRetry}>
              {text.retry}
            </Button>
            <Button onClick={() => location.reload()}>{text.broken.reload}</Button>
          </>
        }
      >
        <p className="text-soft">{text.broken.hint}</p>
      </Banner>
      {source !== undefined && <p className="wrap-anywhere whitespace-pre-wrap">{source}</p>}
    </div>
  );
}
