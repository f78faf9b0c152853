import { useEffect, useState } from "react";
import { Button } from "@/components/Button";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { useRequest } from "@/lib/request";
import { Part } from "./Part";
import { IntentMetadata } from "./documents";
import { type Intent, useIntents } from "./useIntents";

type Candidate = { id: string; title: string };
type Metadata = Record<string, unknown>;

/** The specifications that an intent may mean, to choose one of them or a new one; nothing when it asks nothing. */
export function SpecificationChoice({ intent: { id, version } }: { intent: Intent }) {
  const text = useText();
  const request = useRequest();
  const attempt = useAttempt();
  const { update, confirm } = useIntents();
  const [metadata, setMetadata] = useState<Metadata>({});
  useEffect(() => {
    let current = true;
    // Without an answer the intent can still be reworded, so a failure is not shown.
    request(IntentMetadata, { id }).then(
      ({ intent }) => current && setMetadata((intent?.metadata ?? {}) as Metadata),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [request, id, version]);

  const candidates = candidatesOf(metadata);
  if (candidates.length === 0) return null;
  const choose = (specificationId: string) =>
    void attempt(async () => {
      await update({ id, metadata: { ...metadata, candidates: [], specificationId } });
      await confirm(id);
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
