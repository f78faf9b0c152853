import { AlertDialog, Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { Button, IconButton } from "@/components/Button";
import { useEscape } from "@/components/useEscape";
import { useText } from "@/lib/language";

const overlay = "animate-fade fixed inset-0 z-40 bg-black/35";
const card =
  "animate-rise bg-raised border-line fixed top-1/2 left-1/2 z-50 max-h-[88dvh] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-2xl border p-6 shadow-xl";

const narrow = "w-[min(30rem,calc(100vw-2rem))]";

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  wide?: boolean;
  /** Returns the focus, where no trigger of the dialog does. */
  onClosed?: (() => void) | undefined;
  children: ReactNode;
};

/** A dialog with a title; Escape and a click outside close it. */
export function FormDialog({ open, onOpenChange, title, wide = false, onClosed, children }: DialogProps) {
  useEscape(open, () => onOpenChange(false));
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className={overlay} />
        <Dialog.Content
          className={`${card} ${wide ? "w-fit max-w-[calc(100vw-2rem)]" : narrow}`}
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            if (!onClosed) return;
            event.preventDefault();
            onClosed();
          }}
        >
          <Dialog.Title className="mb-4 text-lg font-semibold">{title}</Dialog.Title>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type ConfirmProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  hint: string;
  action: string;
  onConfirm: () => void;
};

/** Asks for confirmation of an action that cannot be undone. */
export function ConfirmDialog({ open, onOpenChange, title, hint, action, onConfirm }: ConfirmProps) {
  const text = useText();
  useEscape(open, () => onOpenChange(false));
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={overlay} />
        <AlertDialog.Content className={`${card} ${narrow}`}>
          <AlertDialog.Title className="text-lg font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-sm wrap-anywhere text-soft">{hint}</AlertDialog.Description>
          <div className="mt-6 flex justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>{text.cancel}</Button>
            </AlertDialog.Cancel>
            <AlertDialog.Action asChild>
              <Button look="danger" onClick={onConfirm}>
                {action}
              </Button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

type DrawerProps = DialogProps & { side: "left" | "right" };

/** A panel that slides in over the page. */
export function Drawer({ open, onOpenChange, title, side, wide = false, children }: DrawerProps) {
  const text = useText();
  useEscape(open, () => onOpenChange(false));
  const place = side === "left" ? "left-0 animate-slide-left border-r" : "right-0 animate-slide-right border-l";
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className={overlay} />
        <Dialog.Content
          aria-describedby={undefined}
          onEscapeKeyDown={(event) => {
            // An editor in the drawer closes by itself, without the drawer.
            if (event.target instanceof Element && event.target.closest("[data-own-escape]")) event.preventDefault();
          }}
          className={`fixed inset-y-0 z-50 flex ${wide ? "w-[min(38rem,100vw)]" : "w-[min(22rem,88vw)]"} flex-col border-line bg-shelf shadow-xl outline-none ${place}`}
        >
          <div className="flex h-14 shrink-0 items-center justify-between gap-2 pr-2.5 pl-4">
            <Dialog.Title className="truncate font-semibold">{title}</Dialog.Title>
            <Dialog.Close asChild>
              <IconButton icon="close" label={text.close} />
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
