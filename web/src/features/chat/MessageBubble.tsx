import { useId, useState } from "react";
import { Prose } from "@/components/Prose";
import { useText } from "@/lib/language";

const MAX_LINES = 16;
const MAX_CHARS = 1_200;

type BubbleProps = { content: string; pending?: boolean; own?: boolean };

/** The text of the reader's message as Markdown; a long one is collapsed. `pending` while it is being sent. */
export function MessageBubble({ content, pending = false, own = true }: BubbleProps) {
  const text = useText();
  const id = useId();
  const [open, setOpen] = useState(false);
  const beginning = beginningOf(content);
  const isLong = beginning.length < content.length;
  return (
    <div
      className={`max-w-[min(36rem,88%)] min-w-0 rounded-2xl px-4 py-2.5 transition-opacity ${own ? "rounded-br-md bg-tint" : "rounded-bl-md border border-line bg-raised"} ${pending ? "opacity-60" : ""}`}
    >
      <div id={id} className={isLong && !open ? "-ml-4 max-h-96 overflow-hidden mask-b-from-60% pl-4" : undefined}>
        <Prose text={open ? content : beginning} breaks />
      </div>
      {isLong && (
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
          className="mt-1 min-h-8 text-sm font-medium text-wave underline-offset-4 hover:underline"
        >
          {open ? text.chat.showLess : text.chat.showAll}
        </button>
      )}
    </div>
  );
}

/** The first lines of a long text; all of a short one. */
function beginningOf(content: string): string {
  const lines = content.split("\n", MAX_LINES + 1);
  const beginning = lines.slice(0, MAX_LINES).join("\n");
  if (beginning.length > MAX_CHARS) return beginning.slice(0, MAX_CHARS).replace(/[\uD800-\uDBFF]$/, "");
  return lines.length > MAX_LINES ? beginning : content;
}
