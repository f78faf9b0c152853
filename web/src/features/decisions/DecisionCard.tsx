import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Prose } from "@/components/Prose";
import { RouteLink } from "@/components/RouteLink";
import { Tags } from "@/components/Tags";
import { TimeAgo } from "@/components/TimeAgo";
import { useText } from "@/lib/language";
import { toConversation, toPage } from "@/lib/route";
import { DecideForm } from "./DecideForm";
import { type ChoicePoint, type Decide, isDecided } from "./useChoicePoints";

type CardProps = { choicePoint: ChoicePoint; decide: Decide; pointed: boolean };

/** A question with its options and, once decided, the chosen option and the reasons. */
export function DecisionCard({ choicePoint, decide, pointed }: CardProps) {
  const text = useText();
  const card = useRef<HTMLLIElement>(null);
  const [deciding, setDeciding] = useState(false);
  const decided = isDecided(choicePoint);
  const { question, options, chosen, rationale, tags, createdAt, decidedAt, conversation, intent } = choicePoint;
  useEffect(() => {
    if (pointed) card.current?.scrollIntoView({ block: "nearest" });
  }, [pointed]);
  return (
    <li ref={card} className={`rounded-2xl border bg-raised p-4 sm:p-5 ${pointed ? "border-wave" : "border-line"}`}>
      <h2 className="font-medium wrap-anywhere">{question}</h2>
      <div className="mt-1 mb-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-faint">
        <TimeAgo at={decidedAt ?? createdAt} />
        {conversation && (
          <RouteLink to={toConversation(conversation.id)} className="max-w-64 truncate text-wave underline">
            {conversation.title}
          </RouteLink>
        )}
        {intent && (
          <RouteLink to={toPage("intents", intent.id)} className="text-wave underline">
            {text.intents.one}
          </RouteLink>
        )}
        <Tags tags={tags} />
      </div>
      {deciding ? (
        <DecideForm choicePoint={choicePoint} decide={decide} onDone={() => setDeciding(false)} />
      ) : (
        <ul className="space-y-1.5 text-sm">
          {options.map((option) => (
            <li key={option.id} className="flex gap-2.5">
              <span className={`mt-0.5 ${option.id === chosen?.id ? "text-moss" : "text-faint"}`}>
                <Icon name={option.id === chosen?.id ? "check" : decided ? "close" : "fork"} className="size-4.5" />
              </span>
              <span className="min-w-0 wrap-anywhere">
                <span className={option.id === chosen?.id ? "font-medium" : decided ? "text-soft" : ""}>
                  {option.label}
                </span>
                {option.id === chosen?.id && <span className="sr-only"> ({text.decisions.chosen})</span>}
                {option.rejectionReason && <span className="block text-soft">{option.rejectionReason}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
      {rationale && (
        <div className="mt-3 border-t border-line pt-3 text-sm">
          <h3 className="text-xs text-faint">{text.decisions.why}</h3>
          <Prose text={rationale} />
        </div>
      )}
      {!decided && !deciding && (
        <Button look="primary" className="mt-4" onClick={() => setDeciding(true)}>
          {text.decisions.decide}
        </Button>
      )}
    </li>
  );
}
