import { Toast } from "radix-ui";
import { type ReactNode, createContext, use, useCallback, useState } from "react";
import { Button, IconButton } from "@/components/Button";
import { closeLastOpened } from "@/components/useEscape";
import { useFailureText } from "@/components/useFailureText";
import { useText } from "@/lib/language";
import { toFailure } from "@/lib/request";

export type Tone = "info" | "success" | "warning" | "error";
type ToastOptions = {
  title: string;
  body?: string;
  tone?: Tone;
  onOpen?: (() => void) | undefined;
  /** Identifies what it is about, so that it can be closed when that is settled in another place. */
  tag?: string;
  /** It stays until it is dismissed. */
  stays?: boolean;
  /** What can be done about it, below its text. */
  actions?: (close: () => void) => ReactNode;
};
/** What a button of the toast takes back. Changes of one group that follow each other at once share a toast. */
type Undo = { group: string; title: (n: number) => string; body?: string; run: () => Promise<unknown> };
type Shown = ToastOptions & { id: number; undo?: { group: string; at: number; runs: Undo["run"][] } };

const MAX_SHOWN = 3;
const SHOWN_MS = 6_000;
const UNDO_MS = 12_000;
const SAME_CHANGE_MS = 1_000;

const stripes: Record<Tone, string> = { info: "bg-wave", success: "bg-moss", warning: "bg-ember", error: "bg-rust" };

const ToastContext = createContext<(toast: ToastOptions) => void>(() => {});
const CloseContext = createContext<(tags: readonly string[]) => void>(() => {});
const UndoContext = createContext<(undo: Undo) => void>(() => {});
let nextId = 0;

/** The last three, besides those that stay. */
function latest(toasts: readonly Shown[]): readonly Shown[] {
  const passing = toasts.filter((each) => !each.stays);
  const dropped = new Set(passing.slice(0, -MAX_SHOWN).map((each) => each.id));
  return toasts.filter((each) => !dropped.has(each.id));
}

/** Shows at most three toasts, besides those that stay; a new one replaces the oldest. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const text = useText();
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const showToast = useCallback((toast: ToastOptions) => {
    const id = nextId++;
    setShown((now) => {
      const others = now.filter(
        (each) => each.title !== toast.title || each.body !== toast.body || each.tag !== toast.tag,
      );
      return latest([...others, { ...toast, id }]);
    });
  }, []);
  const offerUndo = useCallback(({ group, title, body, run }: Undo) => {
    const [id, at] = [nextId++, Date.now()];
    setShown((now) => {
      const last = now.at(-1);
      if (last?.undo?.group === group && at - last.undo.at < SAME_CHANGE_MS) {
        const runs = [...last.undo.runs, run];
        return [...now.slice(0, -1), { id: last.id, title: title(runs.length), undo: { group, at, runs } }];
      }
      const added = { id, title: title(1), ...(body ? { body } : {}), undo: { group, at, runs: [run] } };
      return latest([...now, added]);
    });
  }, []);
  const closeTags = useCallback((tags: readonly string[]) => {
    setShown((now) => now.filter(({ tag }) => tag === undefined || !tags.includes(tag)));
  }, []);
  const close = (id: number) => setShown((now) => now.filter((toast) => toast.id !== id));

  return (
    <ToastContext value={showToast}>
      <UndoContext value={offerUndo}>
        <Toast.Provider duration={SHOWN_MS} swipeDirection="right" label={text.notifications.title}>
          <CloseContext value={closeTags}>{children}</CloseContext>
          {shown.map((toast) => (
            <ToastCard key={toast.id} toast={toast} onClose={() => close(toast.id)} />
          ))}
          <Toast.Viewport
            label={`${text.notifications.title} ({hotkey})`}
            className="fixed top-14 right-3 z-60 flex max-h-[80dvh] w-[min(22rem,calc(100vw-1.5rem))] flex-col gap-2 overflow-y-auto outline-none lg:top-auto lg:bottom-4"
          />
        </Toast.Provider>
      </UndoContext>
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
      {...(toast.stays ? { duration: Infinity } : toast.undo ? { duration: UNDO_MS } : {})}
      data-toast
      onEscapeKeyDown={(event) => {
        const hasFocus = event.target instanceof Element && event.target.closest("[data-toast]");
        if (!hasFocus && closeLastOpened()) event.preventDefault();
      }}
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
      {toast.undo && <UndoButton runs={toast.undo.runs} onDone={onClose} />}
      <IconButton small icon="close" label={text.close} onClick={onClose} className="-my-1" />
    </Toast.Root>
  );
}

function UndoButton({ runs, onDone }: { runs: readonly Undo["run"][]; onDone: () => void }) {
  const text = useText();
  const attempt = useAttempt();
  return (
    <Toast.Action asChild altText={text.trash.undoHint}>
      <Button
        look="quiet"
        icon="undo"
        className="-my-1.5 shrink-0 px-2 text-wave"
        onClick={() => {
          for (const run of runs) void attempt(run);
          onDone();
        }}
      >
        {text.trash.undo}
      </Button>
    </Toast.Action>
  );
}

/** Returns a function that shows what was changed, with a button that takes it back. */
export function useOfferUndo() {
  return use(UndoContext);
}

export function useToast() {
  return use(ToastContext);
}

/** Closes the toasts with these tags. */
export function useCloseToasts() {
  return use(CloseContext);
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
