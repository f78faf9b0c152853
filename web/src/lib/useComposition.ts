import { type KeyboardEvent, useRef } from "react";

const AFTER_COMPOSITION_MS = 100;

/** Whether the input method handles the key; only key code 229 shows it in every browser. */
// eslint-disable-next-line @typescript-eslint/no-deprecated
const isTaken = (event: KeyboardEvent) => event.nativeEvent.isComposing || event.keyCode === 229;

/** Event handlers for a text field, and a check whether a key press belongs to the input method. */
export function useComposition() {
  const composing = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const end = () => {
    clearTimeout(timer.current);
    composing.current = false;
  };
  return {
    isComposing: (event: KeyboardEvent) => composing.current || isTaken(event),
    handlers: {
      onCompositionStart: () => {
        clearTimeout(timer.current);
        composing.current = true;
      },
      // Safari ends the composition before the keydown of the confirming Enter, other browsers after it.
      // So the flag is kept until the key is released, or for a short time when no key was pressed.
      onCompositionEnd: () => {
        timer.current = setTimeout(end, AFTER_COMPOSITION_MS);
      },
      onKeyUp: (event: KeyboardEvent) => {
        if (!isTaken(event)) end();
      },
    },
  };
}
