import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Button } from "@/components/Button";
import { EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { MemoryForm } from "./MemoryForm";
import { ReviewCard } from "./ReviewCard";
import type { Review } from "./useReview";
import type { Memory } from "./useMemories";

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** The memories to review, of which one has the focus: K keeps it, E edits it, F forgets it, arrow keys move. */
export function ReviewQueue({ review }: { review: Review }) {
  const text = useText();
  const attempt = useAttempt();
  const list = useRef<HTMLUListElement>(null);
  const [edited, setEdited] = useState<{ memory: Memory; place: number } | null>(null);
  const [editing, setEditing] = useState(false);
  const { waiting, loading, failure, reload, hasMore, loadMore } = review;
  const focusAt = (place: number) => list.current?.querySelectorAll<HTMLElement>(":scope > li")[place]?.focus();
  const isEmpty = waiting.length === 0;
  useEffect(() => {
    if (!isEmpty) list.current?.querySelector<HTMLElement>(":scope > li")?.focus({ preventScroll: true });
  }, [isEmpty]);

  /** Focuses the next memory before this one leaves the list; of the last one, the one before. */
  const settle = (place: number, action: () => Promise<void>) => {
    const at = document.activeElement;
    focusAt(place + 1 < waiting.length ? place + 1 : place - 1);
    void attempt(action).then((done) => {
      if (!done && at instanceof HTMLElement && at.isConnected) at.focus();
    });
  };
  const edit = (memory: Memory, place: number) => {
    setEdited({ memory, place });
    setEditing(true);
  };
  /** A memory that was changed has left the list; the one at its place has the focus then. */
  const onClosed = () => {
    const still = list.current?.querySelector<HTMLElement>(`:scope > [data-memory="${edited?.memory.id}"]`);
    if (still) still.focus();
    else focusAt(Math.min(edited?.place ?? 0, waiting.length - 1));
  };
  const onKeyDown = (event: KeyboardEvent, memory: Memory, place: number) => {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
    const step = steps[event.key];
    const key = event.key.toLowerCase();
    if (step !== undefined) focusAt(Math.max(0, place + step));
    else if (key === "k") settle(place, () => review.keep(memory));
    else if (key === "f") settle(place, () => review.forget(memory));
    else if (key === "e") edit(memory, place);
    else return;
    event.preventDefault();
  };
  return (
    <section aria-label={text.memory.review.title} className="pt-3">
      {!isEmpty && <p className="mb-3 text-sm text-soft">{text.memory.review.hint}</p>}
      <ul ref={list} className="space-y-2.5">
        {waiting.map((memory, place) => (
          <ReviewCard
            key={memory.id}
            memory={memory}
            onKeyDown={(event) => onKeyDown(event, memory, place)}
            onKeep={() => settle(place, () => review.keep(memory))}
            onEdit={() => edit(memory, place)}
            onForget={() => settle(place, () => review.forget(memory))}
          />
        ))}
      </ul>
      {failure && isEmpty && <LoadFailed title={text.memory.failed} failure={failure} onRetry={reload} />}
      {loading && isEmpty && <Loading />}
      {!loading && !failure && isEmpty && (
        <EmptyState icon="checks" title={text.memory.review.empty} hint={text.memory.review.emptyHint} />
      )}
      {hasMore && (
        <Button look="quiet" className="mt-3 w-full" onClick={loadMore}>
          {text.loadMore}
        </Button>
      )}
      {edited && (
        <MemoryForm
          key={edited.memory.id}
          open={editing}
          onOpenChange={setEditing}
          save={review.save}
          memory={edited.memory}
          onClosed={onClosed}
        />
      )}
    </section>
  );
}
