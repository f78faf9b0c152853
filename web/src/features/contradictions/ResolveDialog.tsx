import { type SubmitEvent, useState } from "react";
import { Button } from "@/components/Button";
import { FormDialog } from "@/components/Dialog";
import { Field, TextArea } from "@/components/Field";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { useRequest } from "@/lib/request";
import { ResolveContradiction } from "./documents";

const SHORTEST_REASON = 10;
const resolutions = ["APPROVED", "MODIFIED", "REJECTED"] as const;
type Resolution = (typeof resolutions)[number];

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  contradictionId: string;
  /** What contradicts what, in one sentence. */
  explanation: string;
  /** The current description of the intent. */
  description: string;
};

/** Resolves a contradiction: continue, change the intent, or cancel it. The reason is recorded. */
export function ResolveDialog(props: DialogProps) {
  const text = useText();
  return (
    <FormDialog open={props.open} onOpenChange={props.onOpenChange} title={text.contradictions.settle}>
      <Fields {...props} />
    </FormDialog>
  );
}

function Fields({ onOpenChange, contradictionId, explanation, description }: DialogProps) {
  const text = useText();
  const request = useRequest();
  const attempt = useAttempt();
  const [resolution, setResolution] = useState<Resolution>("APPROVED");
  const [rationale, setRationale] = useState("");
  const [newDescription, setNewDescription] = useState(description);
  const modified = resolution === "MODIFIED";
  const incomplete =
    rationale.trim().length < SHORTEST_REASON ||
    (modified && (newDescription.trim() === "" || newDescription.trim() === description));
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const input = {
      id: contradictionId,
      resolution,
      rationale: rationale.trim(),
      newDescription: modified ? newDescription.trim() : null,
    };
    if (await attempt(() => request(ResolveContradiction, { input }))) onOpenChange(false);
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
              checked={resolution === each}
              onChange={() => setResolution(each)}
              className="mt-1 size-4 accent-wave"
            />
            <span>
              <span className="font-medium">{text.contradictions.resolutions[each]}</span>
              <span className="block text-soft">{text.contradictions.effects[each]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {modified && (
        <Field label={text.contradictions.newWords}>
          <TextArea
            value={newDescription}
            onChange={(event) => setNewDescription(event.target.value)}
            className="min-h-20"
          />
        </Field>
      )}
      <Field label={text.contradictions.why} hint={text.contradictions.whyHint}>
        <TextArea
          autoFocus
          value={rationale}
          maxLength={10_000}
          onChange={(event) => setRationale(event.target.value)}
          className="min-h-20"
        />
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={() => onOpenChange(false)}>{text.cancel}</Button>
        <Button look="primary" type="submit" disabled={incomplete}>
          {text.contradictions.settle}
        </Button>
      </div>
    </form>
  );
}
