const AFTER_COMPOSITION_MS = 100;
const TAKEN_BY_INPUT_METHOD = 229;

/** Whether the input method handles the key; only key code 229 shows it in every browser. */
// eslint-disable-next-line @typescript-eslint/no-deprecated
const isTaken = (event: KeyboardEvent) => event.isComposing || event.keyCode === TAKEN_BY_INPUT_METHOD;

/**
 * Leaves every key to the input method while it composes: no key handler of the page sees it. Escape that cancels a
 * conversion closes no dialog, and Enter that confirms one sends nothing. Call it once per page, before anything else
 * listens for keys. Returns a function that ends it.
 */
export function leaveKeysToInputMethod(): () => void {
  let composing = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    clearTimeout(timer);
    composing = false;
  };
  const begin = () => {
    clearTimeout(timer);
    composing = true;
  };
  // Safari ends the composition before the keydown of the confirming Enter, other browsers after it.
  // So the state is kept until the key is released, or for a short time when no key was pressed.
  const endSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(end, AFTER_COMPOSITION_MS);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!composing && !isTaken(event)) return;
    // The window is the first to see the event, so nothing else does. The browser still passes it to the input method.
    event.stopImmediatePropagation();
    // The browser itself clears a search field on Escape.
    if (event.key === "Escape") event.preventDefault();
  };
  const onKeyUp = (event: KeyboardEvent) => {
    if (!isTaken(event)) end();
  };
  const listeners = { compositionstart: begin, compositionend: endSoon, keydown: onKeyDown, keyup: onKeyUp };
  for (const [name, listener] of Object.entries(listeners)) addEventListener(name, listener as EventListener, true);
  return () => {
    end();
    for (const [name, listener] of Object.entries(listeners))
      removeEventListener(name, listener as EventListener, true);
  };
}
