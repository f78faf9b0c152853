import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { fieldLook } from "@/components/Field";
import { useText } from "@/lib/language";
import { useFieldSave } from "./useFieldSave";
import type { Intent } from "./useIntents";
import { returnFocus } from "./useWorkbench";

/** The description as a field in its place: Enter saves, Escape leaves it as it was, and leaving the field saves too. */
export function TitleEditor({ intent, onDone }: { intent: Intent; onDone: () => void }) {
  const text = useText();
  const saving = useFieldSave(intent, "description");
  const problem = useId();
  const [title, setTitle] = useState(intent.description);
  const [before] = useState(intent.description);
  const ended = useRef(false);
  // The link exists again only when this field is gone.
  useEffect(
    () => () => {
      if (ended.current) focusLink(intent.id);
    },
    [intent.id],
  );
  const end = () => {
    ended.current = true;
    onDone();
  };
  const save = async () => {
    if (ended.current) return;
    const description = title.trim();
    if (description === "" || description === before) {
      end();
      return;
    }
    ended.current = true;
    // A change that was refused stays in the field, so that it can be copied or tried again.
    if (await saving.save({ description })) onDone();
    else ended.current = false;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void save();
    } else if (event.key === "Escape") end();
  };
  return (
    <>
      <textarea
        autoFocus
        aria-label={text.intents.editTitleHere}
        aria-describedby={problem}
        rows={2}
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => {
          if (saving.problem === null) void save();
        }}
        onFocus={(event) => event.target.select()}
        className={`${fieldLook} relative z-10 field-sizing-content max-h-40 resize-none px-2 py-1`}
      />
      <p id={problem} role="alert" className="relative z-10 text-xs wrap-anywhere text-rust empty:hidden">
        {saving.problem}
      </p>
    </>
  );
}

/** Gives the focus to the link that takes the place of the field again, unless it is where the reader went. */
function focusLink(id: string) {
  const link = document.querySelector<HTMLElement>(`[data-item="${id}"] [data-item-link]`);
  if (link) returnFocus(link);
}
