import { useEffect, useRef, useState } from "react";

/** Whether an editor is open in the place of a value; when it closes, the focus returns to the button that opened it. */
export function useReturningFocus() {
  const [editing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const was = useRef(editing);
  useEffect(() => {
    const closed = was.current && !editing;
    was.current = editing;
    // The reader may have gone to another element meanwhile. A dialog takes the focus of what is removed from it.
    const active = document.activeElement;
    if (closed && (active === null || active === document.body || active.matches("[role=dialog]")))
      button.current?.focus();
  }, [editing]);
  return { editing, setEditing, button };
}
