import { Button } from "@/components/Button";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { Part } from "./Part";
import { type Intent, useIntents } from "./useIntents";
import { type Metadata, useMetadata } from "./useMetadata";

type Candidate = { id: string; title: string };

/** The specifications that an intent may mean, to choose one of them or a new one; nothing when it asks nothing. */
export function SpecificationChoice({ intent }: { intent: Intent }) {
  const text = useText();
  const attempt = useAttempt();
  const { update, confirm } = useIntents();
  // Without an answer the intent can still be reworded, so a failure is not shown.
  const metadata = useMetadata(intent);
  const candidates = candidatesOf(metadata);
  if (candidates.length === 0) return null;
  const choose = (specificationId: string) =>
    void attempt(async () => {
      await update({ id: intent.id, metadata: { ...metadata, candidates: [], specificationId } });
      await confirm(intent.id);
    });
  return (
    <Part name={text.intents.whichSpecification}>
      <div className="mt-1 flex flex-wrap gap-2">
        {candidates.map((candidate) => (
          <Button key={candidate.id} onClick={() => choose(candidate.id)}>
            {candidate.title}
          </Button>
        ))}
        <Button look="quiet" icon="plus" onClick={() => choose("new")}>
          {text.intents.newSpecification}
        </Button>
      </div>
    </Part>
  );
}

export function candidatesOf(metadata: Metadata): Candidate[] {
  const { candidates } = metadata;
  if (!Array.isArray(candidates)) return [];
  return (candidates as Partial<Candidate>[]).flatMap(({ id, title }) =>
    typeof id === "string" && typeof title === "string" ? [{ id, title }] : [],
  );
}
