import { type SubmitEvent, useState } from "react";
import { Button } from "@/components/Button";
import { FormDialog } from "@/components/Dialog";
import { Field, TextArea } from "@/components/Field";
import { TagsField, toTags } from "@/components/Tags";
import type { CreateChoicePointInput } from "@/gql/graphql";
import { useText } from "@/lib/language";

type FormProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Resolves to whether it was created. */
  onCreate: (input: CreateChoicePointInput) => Promise<boolean>;
};

/** The form for a new decision: a question, and one option per line. */
export function ChoiceForm(props: FormProps) {
  const text = useText();
  return (
    <FormDialog open={props.open} onOpenChange={props.onOpenChange} title={text.decisions.new}>
      <Fields {...props} />
    </FormDialog>
  );
}

function Fields({ onOpenChange, onCreate }: FormProps) {
  const text = useText();
  const [question, setQuestion] = useState("");
  const [options, setOptions] = useState("");
  const [tags, setTags] = useState("");
  const lines = options
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (await onCreate({ question: question.trim(), options: lines, tags: toTags(tags) })) onOpenChange(false);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-4">
      <Field label={text.decisions.question}>
        <TextArea autoFocus value={question} maxLength={2000} onChange={(event) => setQuestion(event.target.value)} />
      </Field>
      <Field label={text.decisions.options} hint={text.decisions.optionsHint}>
        <TextArea value={options} onChange={(event) => setOptions(event.target.value)} className="min-h-24" />
      </Field>
      <TagsField value={tags} onChange={setTags} />
      <div className="flex justify-end gap-2">
        <Button onClick={() => onOpenChange(false)}>{text.cancel}</Button>
        <Button look="primary" type="submit" disabled={question.trim() === "" || lines.length < 2}>
          {text.decisions.create}
        </Button>
      </div>
    </form>
  );
}
