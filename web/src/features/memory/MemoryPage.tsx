import { useState } from "react";
import { Choices } from "@/components/Choices";
import { useLanguage } from "@/lib/language";
import { MemoryBrowser } from "./MemoryBrowser";
import { ReviewQueue } from "./ReviewQueue";
import { useReview } from "./useReview";

/** The memories: all of them, and those that wait for a review. */
export function MemoryPage({ id }: { id: string | null }) {
  const { language, text } = useLanguage();
  const [reviewing, setReviewing] = useState(false);
  const review = useReview();
  const { waiting, hasMore } = review;
  const count = `${new Intl.NumberFormat(language).format(waiting.length)}${hasMore ? "+" : ""}`;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-4xl px-4 pb-10">
        {(waiting.length > 0 || reviewing) && (
          <div className="flex pt-3">
            <Choices
              label={text.memory.which}
              value={reviewing ? "review" : "list"}
              onChange={(next) => setReviewing(next === "review")}
              choices={[
                ["list", text.memory.list],
                ["review", text.memory.review.tab(count)],
              ]}
            />
          </div>
        )}
        {reviewing ? <ReviewQueue review={review} /> : <MemoryBrowser id={id} />}
      </div>
    </div>
  );
}
