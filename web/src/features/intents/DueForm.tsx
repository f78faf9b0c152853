import { useState } from "react";
import { Button } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { useLanguage } from "@/lib/language";
import { useFailureText } from "@/components/useFailureText";
import { toLocalField } from "@/lib/localTime";
import { movedRule, repetitionOf } from "@/lib/repetition";
import { toFailure } from "@/lib/request";
import { SmallForm } from "./SmallForm";
import { WhenFields, useWhen } from "./WhenFields";
import { useFieldSave } from "./useFieldSave";
import type { Intent } from "./useIntents";

export type Scope = "one" | "all";

export type FieldFormProps = { intent: Intent; onDone: (saved: Intent | null) => void };

/** Sets the due time, in words or exactly. Words such as "every Monday at 9" also say how it repeats. */
export function DueForm({ intent, onDone }: FieldFormProps) {
  const { language, text } = useLanguage();
  const reason = useFailureText();
  const { dueAt, recurrence, intentType } = intent;
  const saving = useFieldSave(intent, "dueAt", "recurrence");
  const when = useWhen(dueAt);
  const [scope, setScope] = useState<Scope>("one");
  const [unread, setUnread] = useState<string | null>(null);
  const said = when.said?.recurrence ?? null;
  const save = async (change: Parameters<typeof saving.save>[0]) => {
    const saved = await saving.save(change);
    if (saved) onDone(saved);
  };
  const submit = async () => {
    setUnread(null);
    try {
      const chosen = await when.resolve();
      // Words that were not understood are shown as such; the form stays open.
      if (chosen) await save(changedTime(intent, { ...chosen, scope }));
    } catch (error) {
      setUnread(reason(toFailure(error)));
    }
  };
  return (
    <SmallForm
      saving={unread === null ? saving : { ...saving, problem: unread }}
      onSubmit={() => void submit()}
      onCancel={() => onDone(null)}
      incomplete={when.due === "" && when.words.trim() === ""}
      others={
        dueAt &&
        intentType !== "REMINDER" && (
          <Button className="mr-auto" onClick={() => void save({ dueAt: null, recurrence: null })}>
            {text.intents.noDue}
          </Button>
        )
      }
    >
      <WhenFields when={when} />
      {said !== null && (
        <p role="status" className="text-xs text-soft">
          {text.intents.repeats}: {repetitionOf(said, language)}
        </p>
      )}
      {recurrence && said === null && (
        <Choices
          label={text.intents.repeat.scope}
          value={scope}
          onChange={setScope}
          choices={[
            ["one", text.intents.repeat.one],
            ["all", text.intents.repeat.all],
          ]}
        />
      )}
    </SmallForm>
  );
}

type Chosen = { dueAt: string; recurrence: string | null; scope: Scope };

/** The fields that change: without a rule, a new time is that of this occurrence only. */
export function changedTime(
  { dueAt: before, recurrence: rule }: Pick<Intent, "dueAt" | "recurrence">,
  { dueAt, recurrence, scope }: Chosen,
): { dueAt?: string; recurrence?: string } {
  const moved = before == null || toLocalField(before) !== toLocalField(dueAt);
  const time = moved ? { dueAt } : {};
  if (recurrence !== null) return { ...time, recurrence };
  if (!moved || !rule || scope === "one") return time;
  return { ...time, recurrence: movedRule(rule, new Date(toLocalField(dueAt))) };
}
