import { Choices } from "@/components/Choices";
import { Field, fieldLook } from "@/components/Field";
import { useLanguage } from "@/lib/language";
import { toLocalField } from "@/lib/localTime";
import { movedRule, repetitionOf, usualRules } from "@/lib/repetition";
import type { Intent } from "./useIntents";

export type Scope = "one" | "all";

type Props = {
  due: string;
  rule: string;
  onRule: (rule: string) => void;
  /** Whether the new time is that of one occurrence or of all; null while the time is as it was. */
  scope: Scope | null;
  onScope: (scope: Scope) => void;
};

/** How an intent repeats, and whether a new time is for this one only. */
export function RepeatFields({ due, rule, onRule, scope, onScope }: Props) {
  const { language, text } = useLanguage();
  const { repeat } = text.intents;
  const usual = due === "" ? [] : usualRules(new Date(due));
  const rules = rule === "" || usual.includes(rule) ? usual : [rule, ...usual];
  return (
    <>
      {rules.length > 0 && (
        <Field label={text.intents.repeats}>
          <select value={rule} onChange={(event) => onRule(event.target.value)} className={fieldLook}>
            <option value="">{repeat.never}</option>
            {rules.map((each) => (
              <option key={each} value={each}>
                {repetitionOf(each, language)}
              </option>
            ))}
          </select>
        </Field>
      )}
      {scope && (
        <Choices
          label={repeat.scope}
          value={scope}
          onChange={onScope}
          choices={[
            ["one", repeat.one],
            ["all", repeat.all],
          ]}
        />
      )}
    </>
  );
}

/** The fields that change when the form is saved. Without a rule, a new time is that of this occurrence only. */
export function changedTime(
  intent: Pick<Intent, "dueAt" | "recurrence">,
  { dueAt, moved, rule, scope }: { dueAt: string | null; moved: boolean; rule: string; scope: Scope },
): { dueAt?: string | null; recurrence?: string | null } {
  const time = moved ? { dueAt } : {};
  if (dueAt === null) return intent.recurrence ? { ...time, recurrence: null } : time;
  if (rule !== (intent.recurrence ?? "")) return { ...time, recurrence: rule === "" ? null : rule };
  if (moved && rule !== "" && scope === "all")
    return { ...time, recurrence: movedRule(rule, new Date(toLocalField(dueAt))) };
  return time;
}
