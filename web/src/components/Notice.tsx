import type { ReactNode } from "react";
import { Button } from "@/components/Button";
import { Icon, type IconName } from "@/components/Icon";
import { Logo } from "@/components/Logo";
import { useFailureText } from "@/components/useFailureText";
import { useText } from "@/lib/language";
import type { RequestFailure } from "@/lib/request";

type EmptyProps = { title: string; hint: string; icon?: IconName; children?: ReactNode };

/** Shown in place of an empty list: what belongs there, and as `children` what the reader can do about it. */
export function EmptyState({ title, hint, icon, children }: EmptyProps) {
  return (
    <div className="flex flex-col items-center px-6 py-10 text-center text-faint">
      {icon ? <Icon name={icon} className="size-7 opacity-70" /> : <Logo className="size-8 opacity-70" />}
      <p className="mt-3 text-sm font-medium text-soft">{title}</p>
      <p className="mt-1 max-w-80 text-sm text-balance">{hint}</p>
      {children}
    </div>
  );
}

/** Shown in place of a list that could not be loaded, with the reason and a retry button. */
export function LoadFailed({
  title,
  failure,
  onRetry,
}: {
  title: string;
  failure: RequestFailure;
  onRetry: () => void;
}) {
  const text = useText();
  const reason = useFailureText();
  return (
    <div role="alert" className="flex flex-col items-center gap-1 px-6 py-8 text-center text-sm">
      <p className="font-medium">{title}</p>
      <p className="text-soft">{reason(failure)}</p>
      <Button icon="again" className="mt-3" onClick={onRetry}>
        {text.retry}
      </Button>
    </div>
  );
}

export function Loading() {
  const text = useText();
  return (
    <div role="status" className="flex justify-center py-10 text-wave">
      <Logo live className="size-8" />
      <span className="sr-only">{text.loading}</span>
    </div>
  );
}

export function Badge({ children, tone = "text-soft" }: { children: ReactNode; tone?: string }) {
  return (
    <span className={`inline-flex items-center gap-1.5 rounded-full bg-hover px-2 py-0.5 text-xs font-medium ${tone}`}>
      {children}
    </span>
  );
}
