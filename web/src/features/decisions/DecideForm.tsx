import { type SubmitEvent, useState } from "react";
import { Button } from "@/components/Button";
import { Field, TextArea, TextInput } from "@/components/Field";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import type { ChoicePoint, Decide } from "./useChoicePoints";

type FormProps = { choicePoint: ChoicePoint; decide: Decide; onDone: () => void };

/** The form to choose an option, with reasons for it and against the others. A decision cannot be changed. */
export function DecideForm({ choicePoint: { id, options }, decide, onDone }: FormProps) {
  const text = useText();
  const attempt = useAttempt();
  const [chosen, setChosen] = useState<string | null>(null);
  const [rationale, setRationale] = useState("");
  const [reasons, setReasons] = useState<Readonly<Record<string, string>>>({});
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (chosen === null) return;
    const rejections = options
      .map((option) => ({ optionId: option.id, reason: (reasons[option.id] ?? "").trim() }))
      .filter(({ optionId, reason }) => optionId !== chosen && reason !== "");
    if (await attempt(() => decide({ id, chosenOptionId: chosen, rationale: rationale.trim(), rejections }))) onDone();
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-4">
      <fieldset className="space-y-2">
        <legend className="mb-1 text-sm font-medium text-soft">{text.decisions.options}</legend>
        {options.map((option) => (
          <div key={option.id} className="text-sm">
            <label className="flex min-h-9 items-start gap-2.5 rounded-lg px-2 py-1.5 hover:bg-hover">
              <input
                type="radio"
                name={`option-of-${id}`}
                checked={chosen === option.id}
                onChange={() => setChosen(option.id)}
                className="mt-1 size-4 accent-wave"
              />
              <span className="min-w-0 wrap-anywhere">{option.label}</span>
            </label>
            {chosen !== null && chosen !== option.id && (
              <div className="pr-2 pl-8.5">
                <TextInput
                  aria-label={text.decisions.whyNot(option.label)}
                  placeholder={text.decisions.whyNot(option.label)}
                  value={reasons[option.id] ?? ""}
                  maxLength={2000}
                  onChange={(event) => setReasons({ ...reasons, [option.id]: event.target.value })}
                />
              </div>
            )}
          </div>
        ))}
      </fieldset>
      <Field label={text.decisions.why}>
        <TextArea
          value={rationale}
          maxLength={10_000}
          onChange={(event) => setRationale(event.target.value)}
          className="min-h-20"
        />
      </Field>
      <div className="flex items-center justify-end gap-2">
        <p className="mr-auto text-xs text-faint">{text.decisions.once}</p>
        <Button onClick={onDone}>{text.cancel}</Button>
        <Button look="primary" type="submit" disabled={chosen === null || rationale.trim() === ""}>
          {text.decisions.decide}
        </Button>
      </div>
    </form>
  );
}
