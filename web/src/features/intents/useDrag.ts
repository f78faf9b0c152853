import {
  type PointerEvent as ReactPointerEvent,
  type RefObject,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import type { IntentStatus } from "@/gql/graphql";
import type { Intent } from "./useIntents";

const STARTS_AFTER_PX = 6;
const EDGE_PX = 48;
const SCROLL_PX = 14;

/** The item that is dragged, and the column under the pointer. */
export type Dragged = { intent: Intent; over: IntentStatus | null };

/**
 * Holds what is dragged outside of React: only the columns that show it are rendered, once when it enters or leaves one,
 * and the moving card is a copy that the pointer moves by itself.
 */
class Drag {
  private readonly listeners = new Set<() => void>();
  dragged: Dragged | null = null;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  set(dragged: Dragged | null) {
    this.dragged = dragged;
    for (const listener of [...this.listeners]) listener();
  }
}

export type { Drag };

/** The dragged item as a column needs to know it. */
export function useDragged(drag: Drag): Dragged | null {
  return useSyncExternalStore(drag.subscribe, () => drag.dragged);
}

type Options = {
  board: RefObject<HTMLElement | null>;
  /** The item of a card element. */
  find: (card: HTMLElement) => Intent | undefined;
  onDrop: (intent: Intent, to: IntentStatus) => void;
};

/** Dragging cards between columns with a mouse or a pen. On a touch screen a drag scrolls; the menu of a card moves it. */
export function useDrag({ board, find, onDrop }: Options) {
  const [drag] = useState(() => new Drag());
  const [end] = useState<{ current: (() => void) | null }>({ current: null });
  useEffect(() => () => end.current?.(), [end]);

  const onPointerDown = (event: ReactPointerEvent) => {
    const target = event.target as HTMLElement;
    if (event.button !== 0 || event.pointerType === "touch" || !board.current) return;
    const card = target.closest<HTMLElement>("[data-card]");
    const intent = card && find(card);
    if (!card || !intent || target.closest("[data-no-drag], textarea, input")) return;
    end.current = follow({ board: board.current, card, intent, drag, event, onDrop });
  };
  return { drag, onPointerDown };
}

type Follow = {
  board: HTMLElement;
  card: HTMLElement;
  intent: Intent;
  drag: Drag;
  event: ReactPointerEvent;
  onDrop: (intent: Intent, to: IntentStatus) => void;
};

/** Follows the pointer until it is released or Escape is pressed; returns how to end it early. */
function follow({ board, card, intent, drag, event, onDrop }: Follow): () => void {
  const from = { x: event.clientX, y: event.clientY };
  let copy: HTMLElement | null = null;
  let columns: readonly { status: IntentStatus; left: number; right: number }[] = [];
  let at = from;
  let frame = 0;
  const measure = () => {
    columns = [...board.querySelectorAll<HTMLElement>("[data-column]")].map((column) => {
      const { left, right } = column.getBoundingClientRect();
      return { status: column.dataset.column as IntentStatus, left, right };
    });
  };
  const start = () => {
    copy = copyOf(card);
    card.style.opacity = "0.4";
    document.body.style.userSelect = "none";
    getSelection()?.removeAllRanges();
    measure();
    drag.set({ intent, over: null });
    frame = requestAnimationFrame(scroll);
  };
  const scroll = () => {
    const { left, right } = board.getBoundingClientRect();
    const step = at.x < left + EDGE_PX ? -SCROLL_PX : at.x > right - EDGE_PX ? SCROLL_PX : 0;
    if (step !== 0) {
      board.scrollLeft += step;
      measure();
    }
    frame = requestAnimationFrame(scroll);
  };
  const onMove = (moved: PointerEvent) => {
    at = { x: moved.clientX, y: moved.clientY };
    if (!copy && Math.hypot(at.x - from.x, at.y - from.y) < STARTS_AFTER_PX) return;
    if (!copy) start();
    if (copy) copy.style.translate = `${at.x - from.x}px ${at.y - from.y}px`;
    const over = columns.find(({ left, right }) => at.x >= left && at.x < right)?.status ?? null;
    if (drag.dragged && over !== drag.dragged.over) drag.set({ intent, over });
  };
  const stop = () => {
    cancelAnimationFrame(frame);
    for (const [name, listener] of Object.entries(listeners))
      removeEventListener(name, listener as EventListener, true);
    if (!copy) return;
    copy.remove();
    card.style.opacity = "";
    document.body.style.userSelect = "";
    drag.set(null);
    // The release is followed by a click, which would open the card.
    addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }));
  };
  const onUp = () => {
    const over = drag.dragged?.over ?? null;
    stop();
    if (over !== null && over !== intent.status) onDrop(intent, over);
  };
  const onKey = (pressed: KeyboardEvent) => {
    if (pressed.key !== "Escape") return;
    pressed.preventDefault();
    pressed.stopPropagation();
    stop();
  };
  const listeners = { pointermove: onMove, pointerup: onUp, pointercancel: stop, keydown: onKey };
  for (const [name, listener] of Object.entries(listeners)) addEventListener(name, listener as EventListener, true);
  return stop;
}

function swallow(event: Event) {
  event.preventDefault();
  event.stopPropagation();
}

/** A copy of the card above the page, which no screen reader and no pointer sees. */
function copyOf(card: HTMLElement): HTMLElement {
  const { left, top, width } = card.getBoundingClientRect();
  const copy = card.cloneNode(true) as HTMLElement;
  copy.inert = true;
  copy.setAttribute("aria-hidden", "true");
  Object.assign(copy.style, {
    position: "fixed",
    left: `${left}px`,
    top: `${top}px`,
    width: `${width}px`,
    zIndex: "70",
    pointerEvents: "none",
    boxShadow: "0 12px 32px rgb(0 0 0 / 0.25)",
    willChange: "translate",
  });
  document.body.append(copy);
  return copy;
}
