import type { ReactNode } from "react";
import { Button } from "@/components/Button";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { type Intent, useIntents } from "./useIntents";
import type { Metadata } from "./useMetadata";

type Candidate = { id: string; title: string };
type ChoiceProps = { intent: Intent; metadata: unknown; otherwise: ReactNode };

/** The specifications that an intent may mean, to choose one of them or a new one; `otherwise` when it asks nothing. */
export function SpecificationChoice({ intent: { id }, metadata: given, otherwise }: ChoiceProps) {
  const text = useText();
  const attempt = useAttempt();
  const { update, confirm } = useIntents();
  const metadata = (given ?? {}) as Metadata;
  const candidates = candidatesOf(metadata);
  if (candidates.length === 0) return otherwise;
  const choose = (specificationId: string) =>
    void attempt(async () => {
      await update({ id, metadata: { ...metadata, candidates: [], specificationId } });
      await confirm(id);
    });
  return (
    <div role="group" aria-label={text.intents.whichSpecification} className="flex flex-wrap gap-2">
      {candidates.map((candidate) => (
        <Button key={candidate.id} className="max-w-full text-left wrap-anywhere" onClick={() => choose(candidate.id)}>
          {candidate.title}
        </Button>
      ))}
      <Button look="quiet" icon="plus" onClick={() => choose("new")}>
        {text.intents.newSpecification}
      </Button>
    </div>
  );
}

export function candidatesOf(metadata: Metadata): Candidate[] {
  const { candidates } = metadata;
  if (!Array.isArray(candidates)) return [];
  return (candidates as Partial<Candidate>[]).flatMap(({ id, title }) =>
    typeof id === "string" && typeof title === "string" ? [{ id, title }] : [],
  );
}
