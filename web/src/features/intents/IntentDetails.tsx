import { useEffect, useState } from "react";
import { Badge } from "@/components/Notice";
import { Prose } from "@/components/Prose";
import { RouteLink } from "@/components/RouteLink";
import { useFailureText } from "@/components/useFailureText";
import type { IntentHistoryQuery } from "@/gql/graphql";
import { clockTime, dueTime, fullDate } from "@/lib/dates";
import { useLanguage } from "@/lib/language";
import { errorOf } from "@/lib/messages";
import { repetitionOf } from "@/lib/repetition";
import { toConversation } from "@/lib/route";
import { toFailure, useRequest } from "@/lib/request";
import { AgentWork } from "./AgentWork";
import { Part } from "./Part";
import { RelatedRecords } from "./RelatedRecords";
import { SpecificationChange } from "./SpecificationChange";
import { useStatusNames } from "./StatusBadge";
import { IntentHistory } from "./documents";
import { type Intent, isOfPerson } from "./useIntents";
import { useMetadata } from "./useMetadata";
import { ActorName } from "@/components/PersonMark";
import { usePeople } from "@/lib/people";

/** The result or error of an intent, the reason for its type, its history and its source; with its fields, to read. */
export function IntentDetails({ intent, fields = true }: { intent: Intent; fields?: boolean }) {
  const { language, text, translate } = useLanguage();
  const metadata = useMetadata(intent);
  const result = resultText(intent.result);
  const percent = new Intl.NumberFormat(language, { style: "percent" });
  return (
    <dl className="space-y-3 border-t border-line px-3.5 py-3 text-sm">
      {intent.status === "FAILED" && intent.error && (
        <Part name={text.intents.error}>{translate(errorOf(intent, intent.error))}</Part>
      )}
      <SpecificationChange result={intent.result} />
      <AgentWork metadata={metadata} />
      {isOfPerson(intent) && <RelatedRecords metadata={metadata} />}
      {fields && intent.labels.length > 0 && (
        <Part name={text.intents.labels}>
          <span className="flex flex-wrap gap-1.5">
            {intent.labels.map((label) => (
              <Badge key={label}>{label}</Badge>
            ))}
          </span>
        </Part>
      )}
      {fields && intent.recurrence && (
        <Part name={text.intents.repeats}>{repetitionOf(intent.recurrence, language)}</Part>
      )}
      {result && (
        <Part name={text.intents.result}>
          <div className="max-h-96 overflow-y-auto">
            <Prose text={result} />
          </div>
        </Part>
      )}
      {intent.classification && (
        <Part name={text.intents.reason}>
          {translate({ ...intent.classification, text: intent.classification.reason })}
          <span className="block text-xs text-faint">
            {text.intents.confidence(percent.format(intent.classification.confidence))} ·{" "}
            {intent.classification.classifier}
          </span>
        </Part>
      )}
      {intent.attempts > 0 && !isOfPerson(intent) && intent.status !== "COMPLETED" && (
        <p className="text-xs text-faint">
          {text.intents.attempt(intent.attempts, intent.maxAttempts)}
          {intent.status === "PENDING" &&
            intent.nextAttemptAt &&
            ` · ${text.intents.nextAttempt(dueTime(intent.nextAttemptAt, language))}`}
        </p>
      )}
      <History intent={intent} />
      {intent.conversation && (
        <RouteLink
          to={toConversation(intent.conversation.id, intent.sourceMessage?.id)}
          className="inline-block max-w-full truncate text-sm text-wave underline underline-offset-4"
        >
          {intent.conversation.title || text.intents.source}
        </RouteLink>
      )}
    </dl>
  );
}

type Step = NonNullable<IntentHistoryQuery["intent"]>["history"][number];

function History({ intent }: { intent: Intent }) {
  const { language, text, translate } = useLanguage();
  const request = useRequest();
  const reason = useFailureText();
  const names = useStatusNames(intent);
  const { hasOthers } = usePeople();
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    let current = true;
    request(IntentHistory, { id: intent.id }).then(
      (data) => {
        if (!current) return;
        setSteps(data.intent?.history ?? []);
        setProblem(null);
      },
      (error: unknown) => current && setProblem(reason(toFailure(error))),
    );
    return () => {
      current = false;
    };
    // Every transition changes the version, so the history is read again.
  }, [request, reason, intent.id, intent.version]);

  return (
    <Part name={text.intents.history}>
      {problem}
      <ol className="mt-1.5 ml-1 space-y-1.5 border-l border-line">
        {steps.map((step) => (
          <li key={step.at} className="relative pl-3.5 text-xs">
            <span className="absolute top-1.5 -left-[3.5px] size-1.5 rounded-full bg-edge" />
            <span className="font-medium">{names[step.toStatus]}</span>{" "}
            <time dateTime={step.at} title={fullDate(step.at, language)} className="text-faint">
              {clockTime(step.at, language)}
            </time>
            {hasOthers && <ActorName actor={step.actor} className="ml-1 align-bottom text-faint" />}
            {step.reason && <span className="block text-soft">{translate({ ...step, text: step.reason })}</span>}
          </li>
        ))}
      </ol>
    </Part>
  );
}

/** A result as Markdown: its `text` if it has one, otherwise the result as JSON. */
export function resultText(result: unknown): string | null {
  if (result === null || result === undefined) return null;
  if (typeof result === "string") return result;
  const { text } = result as { text?: unknown };
  return typeof text === "string" ? text : `\`\`\`json\n${JSON.stringify(result, null, 2)}\n\`\`\``;
}
