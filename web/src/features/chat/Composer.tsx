import {
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import { IconButton } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { useDroppedFiles } from "@/lib/droppedFiles";
import { useText } from "@/lib/language";
import { DraftFileList } from "./DraftFileList";
import type { DraftFile } from "./draftFiles";

export type ComposerHandle = { focus: () => void };

type ComposerProps = {
  ref?: Ref<ComposerHandle>;
  draft: string;
  onDraft: (text: string) => void;
  onSend: () => void;
  files: readonly DraftFile[];
  onFiles: (files: File[]) => void;
  onRemoveFile: (key: string) => void;
  onRetryFile: (key: string) => void;
  /** Set while a reply is being written. */
  onStop?: (() => void) | undefined;
  /** Rendered next to the key hints, for example the context preview. */
  foot?: ReactNode;
};

/** The message field: Enter sends, Shift+Enter starts a new line. Files are chosen, dropped or pasted. */
export function Composer({ ref, draft, onDraft, onSend, onStop, foot, ...given }: ComposerProps) {
  const text = useText();
  const field = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus() }), []);
  const { files, onFiles } = given;
  const isOver = useDroppedFiles(onFiles);
  const chooser = useRef<HTMLInputElement>(null);
  const empty = draft.trim() === "" && files.length === 0;
  // A message without one of its files would be misunderstood: it waits for uploads, and for a decision about failed ones.
  const sendable = !empty && files.every((file) => file.stored !== null);
  // What is sent by itself as soon as its files are stored; typing more or adding a file takes that back.
  const [asked, setAsked] = useState<{ draft: string; keys: readonly string[] } | null>(null);
  const isAsked = asked?.draft === draft && !empty && files.every(({ key }) => asked.keys.includes(key));
  const waits = isAsked && !sendable;
  const ready = isAsked && sendable;
  const sendAsked = useEffectEvent(onSend);
  useEffect(() => {
    if (ready) sendAsked();
  }, [ready]);
  const send = () => {
    if (sendable) onSend();
    else if (!empty) setAsked({ draft, keys: files.map(({ key }) => key) });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    send();
  };
  const onPaste = (event: ClipboardEvent) => {
    // Spreadsheets copy a picture of their text too.
    if (event.clipboardData.files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    onFiles([...event.clipboardData.files]);
  };
  return (
    <form
      className="mx-auto w-full max-w-3xl px-4 pb-[max(0.75rem,env(safe-area-inset-bottom))]"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div
        className={`rounded-2xl border bg-raised p-1.5 shadow-sm transition-colors focus-within:border-wave ${isOver ? "border-wave" : "border-edge"}`}
      >
        {isOver && (
          <p role="status" className="px-2 py-1 text-sm text-wave">
            {text.chat.files.drop}
          </p>
        )}
        <DraftFileList files={files} onRemove={given.onRemoveFile} onRetry={given.onRetryFile} />
        <p role="status" className="px-2 pb-1.5 text-xs text-soft empty:hidden">
          {waits && (files.some((file) => file.failure) ? text.chat.files.failedFirst : text.chat.files.sentAfter)}
        </p>
        <div className="flex items-end gap-1">
          <input
            ref={chooser}
            type="file"
            multiple
            hidden
            onChange={(event) => {
              onFiles([...(event.target.files ?? [])]);
              event.target.value = ""; // so that the same file can be chosen again
              field.current?.focus();
            }}
          />
          <IconButton icon="clip" label={text.chat.files.attach} onClick={() => chooser.current?.click()} />
          <textarea
            ref={field}
            rows={1}
            value={draft}
            autoFocus
            aria-label={text.chat.messageField}
            aria-describedby="composer-keys"
            placeholder={text.chat.placeholder}
            onChange={(event) => {
              setAsked(null);
              onDraft(event.target.value);
            }}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
            className="field-sizing-content max-h-[40dvh] min-h-10 flex-1 resize-none py-2 outline-none placeholder:text-faint"
          />
          {onStop && empty ? (
            <RoundButton label={text.chat.stop} icon="stop" onClick={onStop} />
          ) : (
            <RoundButton label={text.chat.send} icon="send" submit disabled={empty || waits} />
          )}
        </div>
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
