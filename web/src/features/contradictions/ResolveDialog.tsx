import { type SubmitEvent, useState } from "react";
import { Button } from "@/components/Button";
import { Dependents, noneTicked } from "@/components/Dependents";
import { FormDialog } from "@/components/Dialog";
import { Field, TextArea, TextInput } from "@/components/Field";
import { useAttempt } from "@/components/Toasts";
import { useReviews } from "@/components/useReviews";
import type { ContradictionFieldsFragment } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { useRequest } from "@/lib/request";
import { ResolveContradiction } from "./documents";
import { type Entered, type Of, isComplete, recordsDecision, toInput, wantedIn } from "./resolution";

const resolutions = ["REJECTED", "APPROVED", "MODIFIED"] as const;
const TITLE_CHARACTERS = 200;

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  contradiction: ContradictionFieldsFragment;
  of: Of;
  /** What contradicts what, in one sentence. */
  explanation: string;
  /** The current description of the intent, or the title of the decision. */
  words: string;
};

/** Resolves a contradiction: keep what was there, replace it, or change the request. The reason is recorded. */
export function ResolveDialog(props: DialogProps) {
  const text = useText();
  return (
    <FormDialog open={props.open} onOpenChange={props.onOpenChange} title={text.contradictions.settle}>
      <Fields {...props} />
    </FormDialog>
  );
}

function Fields({ onOpenChange, contradiction, of, explanation, words }: DialogProps) {
  const text = useText();
  const request = useRequest();
  const attempt = useAttempt();
  const old = contradiction.conflictsWithDecision;
  const wanted = wantedIn(contradiction.key, contradiction.params);
  // A topic that is unknown is the title of the decision.
  const isNamed = of === "intent" && wanted !== "" && old != null && old.topic !== old.title;
  const [entered, setEntered] = useState<Entered>({
    resolution: "REJECTED",
    rationale: "",
    description: words,
    title: (isNamed ? text.contradictions.decided(old.topic, wanted) : words.replace(/\s+/g, " ")).slice(
      0,
      TITLE_CHARACTERS,
    ),
    answer: wanted,
  });
  const change = (changed: Partial<Entered>) => setEntered({ ...entered, ...changed });
  const choices = text.contradictions.choices[of === "decision" ? "decision" : old ? "intent" : "other"];
  const [ticked, setTicked] = useState(noneTicked);
  // It is resolved once, also when the to-dos could not be created at first.
  const [resolved, setResolved] = useState(false);
  const [saving, setSaving] = useState(false);
  const createReviews = useReviews();
  const superseded = old && entered.resolution === "APPROVED" ? old : null;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setSaving(true);
    const done = await attempt(async () => {
      if (!resolved) await request(ResolveContradiction, { input: toInput(contradiction.id, of, old, entered) });
      setResolved(true);
      if (superseded) await createReviews(superseded.id, [...ticked.values()]);
    });
    setSaving(false);
    if (done) onOpenChange(false);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-4">
      <p className="text-sm wrap-anywhere">{explanation}</p>
      <fieldset className="space-y-1">
        <legend className="sr-only">{text.contradictions.settle}</legend>
        {resolutions.map((each) => (
          <label key={each} className="flex items-start gap-2.5 rounded-lg px-2 py-1.5 text-sm hover:bg-hover">
            <input
              type="radio"
              name="resolution"
              checked={entered.resolution === each}
              onChange={() => change({ resolution: each })}
              className="mt-1 size-4 shrink-0 accent-wave"
            />
            <span>
              <span className="font-medium">{choices[each].name}</span>
              <span className="block text-soft">{choices[each].effect}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {of === "intent" && entered.resolution === "MODIFIED" && (
        <Field label={text.contradictions.newWords}>
          <TextArea
            value={entered.description}
            onChange={(event) => change({ description: event.target.value })}
            className="min-h-20"
          />
        </Field>
      )}
      {recordsDecision(of, entered.resolution, old) && (
        <NewDecision kind={old?.kind ?? null} entered={entered} onChange={change} />
      )}
      {superseded && <Dependents decision={superseded} ticked={ticked} onChange={setTicked} />}
      <Field label={text.contradictions.why} hint={text.contradictions.whyHint}>
        <TextArea
          autoFocus
          value={entered.rationale}
          maxLength={10_000}
          onChange={(event) => change({ rationale: event.target.value })}
          className="min-h-20"
        />
      </Field>
      {resolved && !saving && <p className="text-sm text-rust">{text.impacts.left}</p>}
      <div className="flex justify-end gap-2">
        <Button onClick={() => onOpenChange(false)}>{resolved ? text.close : text.cancel}</Button>
        <Button look="primary" type="submit" disabled={!isComplete(of, old, entered, words) || saving}>
          {resolved ? text.impacts.create : choices[entered.resolution].name}
        </Button>
      </div>
    </form>
  );
}

type NewDecisionProps = { kind: string | null; entered: Entered; onChange: (changed: Partial<Entered>) => void };

function NewDecision({ kind, entered, onChange }: NewDecisionProps) {
  const text = useText();
  return (
    <>
      <Field label={text.contradictions.newDecision}>
        <TextInput
          value={entered.title}
          maxLength={TITLE_CHARACTERS}
          onChange={(event) => onChange({ title: event.target.value })}
        />
      </Field>
      {(kind === "CHOICE" || kind === "VALUE") && (
        <Field label={kind === "VALUE" ? text.contradictions.newValue : text.contradictions.newChoice}>
          <TextInput
            value={entered.answer}
            maxLength={TITLE_CHARACTERS}
            onChange={(event) => onChange({ answer: event.target.value })}
          />
        </Field>
      )}
    </>
  );
}
