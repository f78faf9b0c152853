import { Toast } from "radix-ui";
import { type ReactNode, createContext, use, useCallback, useState } from "react";
import { IconButton } from "@/components/Button";
import { useFailureText } from "@/components/useFailureText";
import { useText } from "@/lib/language";
import { toFailure } from "@/lib/request";

export type Tone = "info" | "success" | "warning" | "error";
type ToastOptions = {
  title: string;
  body?: string;
  tone?: Tone;
  onOpen?: (() => void) | undefined;
  /** It stays until it is dismissed. */
  stays?: boolean;
  /** What can be done about it, below its text. */
  actions?: (close: () => void) => ReactNode;
};
type Shown = ToastOptions & { id: number };

const MAX_SHOWN = 3;
const SHOWN_MS = 6_000;

const stripes: Record<Tone, string> = { info: "bg-wave", success: "bg-moss", warning: "bg-ember", error: "bg-rust" };

const ToastContext = createContext<(toast: ToastOptions) => void>(() => {});
let nextId = 0;

/** Shows at most three toasts, besides those that stay; a new one replaces the oldest. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const text = useText();
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const showToast = useCallback((toast: ToastOptions) => {
    const id = nextId++;
    setShown((now) => {
      const others = now.filter((each) => each.title !== toast.title || each.body !== toast.body);
      const passing = [...others, { ...toast, id }].filter((each) => !each.stays);
      const dropped = new Set(passing.slice(0, -MAX_SHOWN).map((each) => each.id));
      return [...others, { ...toast, id }].filter((each) => !dropped.has(each.id));
    });
  }, []);
  const close = (id: number) => setShown((now) => now.filter((toast) => toast.id !== id));

  return (
    <ToastContext value={showToast}>
      <Toast.Provider duration={SHOWN_MS} swipeDirection="right" label={text.notifications.title}>
        {children}
        {shown.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onClose={() => close(toast.id)} />
        ))}
        <Toast.Viewport className="fixed top-14 right-3 z-60 flex max-h-[80dvh] w-[min(22rem,calc(100vw-1.5rem))] flex-col gap-2 overflow-y-auto outline-none lg:top-auto lg:bottom-4" />
      </Toast.Provider>
    </ToastContext>
  );
}

function ToastCard({ toast, onClose }: { toast: Shown; onClose: () => void }) {
  const text = useText();
  const open = () => {
    toast.onOpen?.();
    onClose();
  };
  const content = (
    <>
      <Toast.Title className="text-sm font-medium wrap-anywhere">{toast.title}</Toast.Title>
      {toast.body && (
        <Toast.Description className="mt-0.5 line-clamp-2 text-sm wrap-anywhere text-soft">
          {toast.body}
        </Toast.Description>
      )}
    </>
  );
  return (
    <Toast.Root
      {...(toast.stays ? { duration: Infinity } : {})}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      className="relative flex animate-rise items-start gap-2 overflow-hidden rounded-xl border border-line bg-raised py-3 pr-1.5 pl-4 shadow-lg"
    >
      <span className={`absolute inset-y-0 left-0 w-1 ${stripes[toast.tone ?? "info"]}`} />
      <div className="min-w-0 flex-1">
        {toast.onOpen ? (
          <button type="button" className="w-full rounded text-start" onClick={open}>
            {content}
          </button>
        ) : (
          content
        )}
        {toast.actions?.(onClose)}
      </div>
      <IconButton small icon="close" label={text.close} onClick={onClose} className="-my-1" />
    </Toast.Root>
  );
}

export function useToast() {
  return use(ToastContext);
}

/** Returns a function that runs an action and shows its failure as a toast; resolves to whether it succeeded. */
export function useAttempt() {
  const showToast = useToast();
  const reason = useFailureText();
  return useCallback(
    async (action: () => Promise<unknown>): Promise<boolean> => {
      try {
        await action();
        return true;
      } catch (error) {
        showToast({ title: reason(toFailure(error)), tone: "error" });
        return false;
      }
    },
    [showToast, reason],
  );
}
