import { type KeyboardEvent, useRef } from "react";

const AFTER_COMPOSITION_MS = 100;

/** The key code of a key that the input method has taken; no other sign of it reaches every browser. */
// eslint-disable-next-line @typescript-eslint/no-deprecated
const isTaken = (event: KeyboardEvent) => event.nativeEvent.isComposing || event.keyCode === 229;

/** Handlers for a text field, and whether a key press belongs to the input method rather than to us. */
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
      // Safari ends the composition before the keydown of the Enter that confirmed it; others after.
      // So the flag stands until that key is released, or shortly when no key was pressed at all.
      onCompositionEnd: () => {
        timer.current = setTimeout(end, AFTER_COMPOSITION_MS);
      },
      onKeyUp: (event: KeyboardEvent) => {
        if (!isTaken(event)) end();
      },
    },
  };
}
