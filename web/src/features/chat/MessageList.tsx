import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type Ref, useCallback, useEffect, useImperativeHandle, useRef, useState } from "react";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { TextBoundary } from "@/components/Failed";
import { FastScrollContext } from "@/components/fastScroll";
import { useText } from "@/lib/language";
import { MessageRow } from "./MessageRow";
import { OutgoingRow } from "./OutgoingRow";
import type { Queued } from "./outbox";
import type { MessageActions } from "./useMessageActions";
import type { Message } from "./useMessages";

const USUAL_ROW_PX = 140;
const GAP_PX = 24;
const NEAR_PX = 48;
const LOAD_WITHIN_ROWS = 6;

export type MessageListHandle = { toEnd: () => void };

type ListProps = {
  ref?: Ref<MessageListHandle>;
  messages: readonly Message[];
  outgoing: readonly Queued[];
  /** The id of the message to scroll to. */
  at: string | null;
  actions: MessageActions;
  below?: ((messageId: string) => ReactNode) | undefined;
  otherVersions?: ((message: Message) => ReactNode) | undefined;
  explanation?: ((messageId: string) => ReactNode) | undefined;
  hasOlder: boolean;
  loadingOlder: boolean;
  onOlder: () => void;
};

/**
 * The messages of a conversation; only the visible ones are in the document. The list stays at its end while the reader
 * is there, and keeps its position when they read further up, whatever is added above or below.
 */
export function MessageList({
  ref,
  messages,
  outgoing,
  actions,
  below,
  otherVersions,
  explanation,
  ...rest
}: ListProps) {
  const text = useText();
  const { at, hasOlder, loadingOlder, onOlder } = rest;
  const box = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const count = messages.length + outgoing.length;
  // React Compiler skips components that use the virtualizer; its functions are not passed to memoised components.
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    getItemKey: (index) => {
      const message = messages[index];
      return message ? rowKeyOf(message) : (outgoing[index - messages.length]?.key ?? index);
    },
    estimateSize: () => USUAL_ROW_PX,
    gap: GAP_PX,
    paddingStart: 24,
    paddingEnd: 24,
    overscan: 6,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: NEAR_PX,
    onChange: (instance) => setAtEnd(isNearEnd(instance)),
  });
  const shown = rows.getVirtualItems();
  // A jump to the end is not a fast scroll: the reader will read there.
  const isFastScroll = useCallback(() => rows.isScrolling && !isNearEnd(rows), [rows]);
  const first = shown[0]?.index;

  useImperativeHandle(ref, () => ({ toEnd: () => rows.scrollToEnd() }), [rows]);
  useOpening(rows, messages, at, hasOlder && !loadingOlder, onOlder);
  useFollowingVersion(rows, messages);
  const releaseEnd = useStayingAtEnd(rows, at === null);
  useEffect(() => {
    if (first !== undefined && first < LOAD_WITHIN_ROWS && hasOlder && !loadingOlder && at === null) onOlder();
  }, [first, hasOlder, loadingOlder, onOlder, at]);

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={box}
        role="log"
        aria-label={text.chat.log}
        aria-live="off"
        tabIndex={0}
        onWheel={releaseEnd}
        onTouchMove={releaseEnd}
        onPointerDown={releaseEnd}
        onKeyDown={releaseEnd}
        className="min-h-0 flex-1 overflow-y-auto -outline-offset-2 [overflow-anchor:none]"
      >
        {hasOlder && (
          <Button look="quiet" className="mx-auto mt-2 flex" disabled={loadingOlder} onClick={onOlder}>
            {loadingOlder ? text.loading : text.chat.older}
          </Button>
        )}
        <ol className="relative mx-auto w-full max-w-3xl" style={{ height: rows.getTotalSize() }}>
          <FastScrollContext value={isFastScroll}>
            {shown.map((item) => {
              const message = messages[item.index];
              const queued = outgoing[item.index - messages.length];
              return (
                <li
                  key={item.key}
                  ref={rows.measureElement}
                  data-index={item.index}
                  aria-setsize={count}
                  aria-posinset={item.index + 1}
                  className={`group/message absolute inset-x-0 top-0 px-4 ${message?.id === at ? "animate-pointed" : ""}`}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <TextBoundary
                    resetKey={message ? `${message.status} ${message.content}` : item.key.toString()}
                    source={message?.content ?? queued?.content ?? ""}
                  >
                    {message && (
                      <MessageRow
                        message={message}
                        actions={actions}
                        below={below}
                        otherVersions={otherVersions}
                        explanation={explanation}
                      />
                    )}
                    {queued && <OutgoingRow queued={queued} />}
                  </TextBoundary>
                </li>
              );
            })}
          </FastScrollContext>
        </ol>
      </div>
      {!atEnd && count > 0 && (
        <button
          type="button"
          onClick={() => rows.scrollToEnd()}
          aria-label={text.chat.toNewest}
          title={text.chat.toNewest}
          className="absolute bottom-3 left-1/2 flex size-9 -translate-x-1/2 animate-fade items-center justify-center rounded-full border border-line bg-raised text-soft shadow-md hover:text-ink"
        >
          <Icon name="down" className="size-4" />
        </button>
      )}
    </div>
  );
}

/** All versions of a message have the same row, so that the focus stays on its buttons when another one is shown. */
function rowKeyOf({ id, versions }: Message): string {
  return versions[0]?.id ?? id;
}

type Rows = ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>;

/** Uses the virtualizer's values: reading the document in each frame of a scroll would force a layout. */
function isNearEnd(rows: Pick<Rows, "getTotalSize" | "scrollOffset" | "scrollRect">): boolean {
  return rows.getTotalSize() - (rows.scrollOffset ?? 0) - (rows.scrollRect?.height ?? 0) <= NEAR_PX;
}

/** Scrolls to the message of the address, loading earlier pages as needed, or to the end. */
function useOpening(rows: Rows, messages: readonly Message[], at: string | null, canLoad: boolean, load: () => void) {
  const opened = useRef<string | null>(null);
  useEffect(() => {
    if (messages.length === 0 || opened.current === (at ?? "end")) return;
    const index = at === null ? messages.length - 1 : messages.findIndex((message) => message.id === at);
    if (index < 0 && canLoad) {
      load();
      return;
    }
    if (index < 0) return;
    opened.current = at ?? "end";
    if (at === null) rows.scrollToEnd();
    else rows.scrollToIndex(index, { align: "start" });
  }, [rows, messages, at, canLoad, load]);
}

/** Keeps a message in view when another version of it is shown, although what follows it is longer or shorter. */
function useFollowingVersion(rows: Rows, messages: readonly Message[]) {
  const shown = useRef<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    const before = shown.current;
    const index = messages.findIndex((message) => (before.get(rowKeyOf(message)) ?? message.id) !== message.id);
    shown.current = new Map(messages.map((message) => [rowKeyOf(message), message.id]));
    if (index >= 0) rows.scrollToIndex(index, { align: "auto" });
  }, [rows, messages]);
}

/**
 * Keeps a list that opens at its end there until the reader scrolls; the returned function reports that. Rows that are
 * measured before the first scroll event can make the virtualizer mistake its own scroll for the reader's.
 */
function useStayingAtEnd(rows: Rows, atEnd: boolean): () => void {
  const stays = useRef(atEnd);
  const size = useRef(0);
  useEffect(() => {
    const total = rows.getTotalSize();
    const changed = total !== size.current;
    size.current = total;
    if (!atEnd) stays.current = false;
    if (!stays.current || isNearEnd(rows)) return;
    // The browser scrolled to a match of its own page search.
    if (rows.scrollDirection === "backward" && !changed) stays.current = false;
    else rows.scrollToEnd();
  });
  return useCallback(() => {
    stays.current = false;
  }, []);
}
