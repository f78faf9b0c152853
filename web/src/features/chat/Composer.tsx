import { type KeyboardEvent, type ReactNode, type Ref, useImperativeHandle, useRef } from "react";
import { useText } from "@/lib/language";
import { Icon } from "@/components/Icon";

export type ComposerHandle = { focus: () => void };

type ComposerProps = {
  ref?: Ref<ComposerHandle>;
  draft: string;
  onDraft: (text: string) => void;
  onSend: () => void;
  /** Set while a reply is being written. */
  onStop?: (() => void) | undefined;
  /** Rendered next to the key hints, for example the context preview. */
  foot?: ReactNode;
};

/** The message field: Enter sends, Shift+Enter starts a new line. */
export function Composer({ ref, draft, onDraft, onSend, onStop, foot }: ComposerProps) {
  const text = useText();
  const field = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus() }), []);
  const blank = draft.trim() === "";

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    if (!blank) onSend();
  };
  return (
    <form
      className="mx-auto w-full max-w-3xl px-4 pb-[max(0.75rem,env(safe-area-inset-bottom))]"
      onSubmit={(event) => {
        event.preventDefault();
        if (!blank) onSend();
      }}
    >
      <div className="flex items-end gap-1 rounded-2xl border border-edge bg-raised p-1.5 pl-4 shadow-sm transition-colors focus-within:border-wave">
        <textarea
          ref={field}
          rows={1}
          value={draft}
          autoFocus
          aria-label={text.chat.messageField}
          aria-describedby="composer-keys"
          placeholder={text.chat.placeholder}
          onChange={(event) => onDraft(event.target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-[40dvh] min-h-10 flex-1 resize-none py-2 outline-none placeholder:text-faint"
        />
        {onStop && blank ? (
          <RoundButton label={text.chat.stop} icon="stop" onClick={onStop} />
        ) : (
          <RoundButton label={text.chat.send} icon="send" submit disabled={blank} />
        )}
      </div>
      <div className="mt-1.5 flex min-h-5 items-center justify-center gap-3 text-xs text-faint">
        <p id="composer-keys" className="max-md:sr-only">
          {text.chat.keys}
        </p>
        {foot}
      </div>
    </form>
  );
}

type RoundProps = { label: string; icon: "send" | "stop"; submit?: boolean; disabled?: boolean; onClick?: () => void };

function RoundButton({ label, icon, submit = false, ...rest }: RoundProps) {
  return (
    <button
      type={submit ? "submit" : "button"}
      aria-label={label}
      title={label}
      className="flex size-10 shrink-0 items-center justify-center rounded-xl bg-wave text-on-wave transition hover:brightness-110 disabled:bg-hover disabled:text-faint"
      {...rest}
    >
      <Icon name={icon} className={`size-5 ${icon === "stop" ? "fill-current" : ""}`} />
    </button>
  );
}
